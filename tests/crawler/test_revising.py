"""What counts as another text, and what does not."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cleaning.repeats import line_marks
from crawler.revising import is_another, known_as, revised
from storage.model import ArchivedArticle, Article
from tests.factories import NOW, RABAT, article

TEXT = (
    "أوقفت الشرطة المغربية في طنجة 12 رجلا مطلوبين لدى القضاء الفرنسي.\n"
    "وتم ذلك بتعاون وثيق مع المصالح الفرنسية في باريس ومرسيليا.\n"
    "وستتم إحالتهم على النيابة العامة بعد انتهاء البحث معهم."
)
BEFORE = article(text=TEXT, subtitle="توقيف مطلوبين")


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": changed("12", "13")},
        {"text": changed("طنجة", "تطوان")},
        {"text": f"{TEXT}\nوأضاف المصدر أن البحث لا يزال جاريا."},
        {"text": changed("\nوستتم إحالتهم على النيابة العامة بعد انتهاء البحث معهم.", "")},
        {"title": "الأمن المغربي والفرنسي يوقفان مشتبها بهم"},
        {"text": changed("12 رجلا مطلوبين لدى القضاء الفرنسي", "12 رجلا لدى القضاء الفرنسي مطلوبين")},
        {"subtitle": "توقيف مطلوب"},
        {"subtitle": "توقيف مطلوبين لدى القضاء الفرنسي في مدينة طنجة"},
        {"text": "سحب هذا المقال لخطأ وقع فيه، وتعتذر إدارة الموقع لقرائها."},
    ],
    ids=[
        "number",
        "place",
        "added",
        "shortened",
        "title",
        "order",
        "short subtitle",
        "subtitle",
        "withdrawn",
    ],
)
def test_another_word_of_prose_is_a_revision(changes: dict[str, Any]) -> None:
    new = revised(BEFORE, replace(BEFORE, **changes))
    assert new is not None
    assert {name: getattr(new, name) for name in changes} == changes


@pytest.mark.parametrize(
    "changes",
    [
        {"text": TEXT.replace("\n", "\n\n  ").replace(" ", "  ")},
        {"text": TEXT.replace("\n", " ")},
        {"text": changed("أوقفت", "اوقفت").replace("رجلا", "رَجُلًا")},
        {"text": "\n".join(reversed(TEXT.splitlines()))},
        {"text": f"{TEXT}\n134 مشاركة"},
        {"text": f"آخر تحديث: 18:45\n{TEXT}"},
        {"text": f"{BEFORE.subtitle}\n{TEXT}"},
        {"title": "الأمن المغربي والفرنسي يوقفان مشتبها به!"},
        {"text": TEXT.splitlines()[0], "modified": BEFORE.published},
        {"modified": BEFORE.published, "found_by": {"title": "meta"}, "authors": ("محرر",)},
    ],
    ids=["space", "breaks", "spelling", "order", "counter", "stamp", "subtitle", "mark", "paywall", "fields"],
)
def test_what_does_not_tell_anything_is_none(changes: dict[str, Any]) -> None:
    assert revised(BEFORE, replace(BEFORE, **changes)) is None


def test_a_line_that_has_been_learned_to_be_boilerplate_since_is_no_revision() -> None:
    notice = "تابعوا كل جديد على صفحات الموقع وشاركوا آراءكم مع القراء."
    before = replace(BEFORE, text=f"{TEXT}\n{notice}")
    assert revised(before, BEFORE) is not None
    assert revised(before, BEFORE, line_marks([notice])) is None


def test_a_revised_article_stays_the_one_it_is() -> None:
    after = article(
        "example.ma/new-slug",
        title="عنوان جديد تماما",
        text=TEXT,
        published=None,
        aliases=("example.ma/?p=1", BEFORE.key),
        language="fr",
    )
    new = revised(BEFORE, after)
    assert new is not None
    assert (new.key, new.url, new.published, new.language) == (BEFORE.key, BEFORE.url, BEFORE.published, "ar")
    assert new.aliases == ("example.ma/new-slug", "example.ma/?p=1")


def test_a_page_of_other_words_under_another_key_is_another_article() -> None:
    other = article("example.ma/news/2", title="حصيلة موسم الزيتون", text="تساقطت أمطار غزيرة على مكناس.")
    assert is_another(BEFORE, other)
    assert not is_another(BEFORE, replace(other, key=BEFORE.key))
    assert not is_another(replace(BEFORE, aliases=(other.key,)), other)
    assert not is_another(BEFORE, replace(BEFORE, key=other.key, text=f"{TEXT}\nوأضاف المصدر تفاصيل أخرى."))


def test_who_has_done_what_to_whom_is_told_by_the_order_of_the_words() -> None:
    text = "La France a extradé vers le Maroc un suspect hier soir. {} arrêtés à Rabat, {} blessés à Tanger."
    before = article(text=text.format(5, 9))
    assert revised(before, replace(before, text=text.format(9, 5))) is not None
    swapped = before.text.replace("La France", "Le Maroc").replace("le Maroc", "la France")
    assert revised(before, replace(before, text=swapped)) is not None


def recorded(*told: Article) -> list[ArchivedArticle]:
    return [
        ArchivedArticle(id=number, article=each, recorded=NOW, judgements=(), story=number)
        for number, each in enumerate(told, 1)
    ]


@pytest.mark.parametrize(
    "text",
    [TEXT, changed("باريس", "ليون"), f"{TEXT}\nوأضاف المصدر أن البحث لا يزال جاريا في عدة مدن فرنسية."],
    ids=["same", "word", "longer"],
)
def test_most_of_the_prose_of_an_article_under_another_key_is_that_article(text: str) -> None:
    other = article("example.ma/olives", title="حصيلة", text="تساقطت أمطار غزيرة على مكناس هذا الأسبوع كله.")
    moved = article("example.ma/new-title", title="عنوان جديد", text=text)
    found = known_as(moved, recorded(other, BEFORE))
    assert found is not None
    assert found.article == BEFORE


@pytest.mark.parametrize(
    "changes",
    [
        {"text": TEXT.replace("طنجة", "تطوان").replace("باريس", "ليون").replace("العامة", "المالية")},
        {"text": "", "title": BEFORE.title},
        {"text": changed("باريس", "ليون"), "published": datetime(2026, 11, 17, tzinfo=RABAT)},
    ],
    ids=["another case", "headline only", "dated by day"],
)
def test_an_article_that_is_only_like_another_is_not_that_article(changes: dict[str, Any]) -> None:
    assert known_as(article("example.ma/new-title", **changes), recorded(BEFORE)) is None


def test_the_very_text_is_known_where_the_page_tells_the_day_alone() -> None:
    day = datetime(2026, 11, 17, tzinfo=RABAT)
    first = article("example.ma/a", text=TEXT, published=day)
    second = article("example.ma/b", text="نص.", published=day)
    found = known_as(article("example.ma/c", text="نص.", published=day), recorded(first, second))
    assert found is not None
    assert found.article == second


def test_what_is_learned_to_be_boilerplate_makes_no_two_articles_one() -> None:
    notice = "تابعوا كل جديد على صفحات الموقع وشاركوا آراءكم مع القراء في كل وقت ومن أي مكان."
    one = article("example.ma/1", text=f"أوقفت الشرطة رجلا في طنجة مساء أمس.\n{notice}")
    two = article("example.ma/2", text=f"أوقفت الشرطة امرأة في فاس صباح اليوم.\n{notice}")
    assert known_as(two, recorded(one)) is not None
    assert known_as(two, recorded(one), line_marks([notice])) is None


@given(st.lists(st.sampled_from(TEXT.split()), min_size=6, max_size=40), st.integers(0, 39))
def test_a_word_put_in_anywhere_is_seen_and_taken_out_again(said: list[str], at: int) -> None:
    one = article(text=" ".join(said))
    two = article(text=" ".join((*said[:at], "مراكش", *said[at:])))
    assert revised(one, one) is None
    assert revised(one, two) is not None
    assert revised(two, one) is not None
