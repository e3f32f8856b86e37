"""How important a story is, and what for; in what a copy differs."""

from dataclasses import replace
from datetime import timedelta
from time import process_time
from typing import Any

import pytest

from reports.difference import difference
from reports.importance import Importance, weigh
from storage.model import ArchivedArticle, Story
from tests.factories import NOW, article, judgement, source

SOURCES = {each: source(each, weight=weight) for each, weight in (("agency", 2.0), ("blog", 0.5))}


def weight(
    *accounts: ArchivedArticle, later: timedelta = timedelta(0), topic: str | None = None
) -> Importance:
    return weigh(Story(id=1, articles=accounts), now=NOW + later, topic=topic, sources=SOURCES)


def told(source: str, language: str = "fr", **changes: Any) -> ArchivedArticle:
    """An account of half the relevance, told now."""
    about = article(source, source=source, language=language, published=NOW)
    values: dict[str, Any] = {"id": 1, "recorded": NOW, "story": 1, "judgements": (judgement(score=0.5),)}
    return ArchivedArticle(article=about, **(values | changes))


def test_points_are_told_and_their_sum_is_the_weight() -> None:
    found = weight(told("agency"), told("other", "ar"), told("blog", copy_of=1), told("third", reposts=True))
    assert found.points == {
        "own accounts": 6.0,  # an agency of weight 2, another outlet of weight 1
        "copies": 0.75,  # a blog of weight ½, and who reposts
        "languages": 3.0,
        "recency": 2.0,
        "relevance": 0.5,
    }
    assert found.weight == 12.25
    assert (found.originals, found.copies, found.languages) == (2, 2, 2)


def test_an_outlet_counts_once_and_as_its_best_account() -> None:
    assert weight(told("other"), told("other")).weight == weight(told("other")).weight
    assert weight(told("other"), told("other", copy_of=2)).points["copies"] == 0


@pytest.mark.parametrize(("days", "points"), [(0, 2.0), (7, 1.0), (21, 0.5), (-3, 2.0)])
def test_what_was_told_lately_weighs_more(days: int, points: float) -> None:
    assert weight(told("other"), later=timedelta(days=days)).points["recency"] == points


def test_relevance_is_to_the_topic_asked_for() -> None:
    judged = (judgement(score=0.4), judgement(score=0.9, topic="other"))
    account = told("a", judgements=judged)
    assert weight(account).score == 0.9
    assert weight(account, topic=judged[0].topic).score == 0.4
    assert weight(account, topic="none").score == 0.0


HEAD = article(title="توقيف مشتبه به", text="أوقفت الشرطة رجلا في طنجة.\nوتم تسليمه إلى فرنسا.")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({}, "word for word", id="the same"),
        pytest.param(
            {"text": "أَوْقَفَتِ الشُّرطةُ رجلًا في طنجة.\nوتمّ تسليمه إلى فرنسا."}, "word for word", id="vowelled"
        ),
        pytest.param({"title": "طنجة: توقيف"}, "other title", id="headed otherwise"),
        pytest.param({"text": "أوقفت الشرطة رجلا في طنجة."}, "56% of the text", id="cut"),
        pytest.param({"text": f"{HEAD.text} هسبريس"}, "a word of its own", id="signed"),
        pytest.param(
            {"title": "", "text": "أوقفت الشرطة ثلاثة رجال"},
            "other title, 22% of the text, 2 words of its own, رجلا في طنجة وتم تسليمه… → ثلاثة رجال",
        ),
    ],
)
def test_what_a_copy_changed_is_told(changes: dict[str, str], told: str) -> None:
    assert str(difference(article(**{"title": HEAD.title, "text": HEAD.text} | changes), HEAD)) == told


NEWS = article(
    text="Reçu mardi à Rabat, il a vu 40 agents. " + "Le reste du texte est le même partout. " * 40
)


def test_words_that_stand_in_place_of_others_are_told_and_no_change_is_rounded_away() -> None:
    found = difference(article(text=NEWS.text.replace("Rabat", "Paris").replace("40", "65")), NEWS)
    assert found.replaced == (("Rabat", "Paris"), ("40", "65"))
    assert str(found) == "99% of the text, 2 words of its own, Rabat → Paris, 40 → 65"


def test_the_same_words_in_another_order_are_not_the_same_text() -> None:
    first, second = "Le préfet a parlé.", "Le ministre est parti."
    found = difference(article(text=f"{second} {first}"), article(text=f"{first} {second}"))
    assert (found.kept, found.added, found.moved) == (1.0, 0, True)
    assert str(found).startswith("in another order")


def test_few_and_short_places_are_told_of_a_text_that_was_written_anew() -> None:
    head = " ".join(f"gardé{at} ancien{at} " + "vieux " * 9 for at in range(20))
    found = difference(article(text=head.replace("ancien", "neuf")), article(text=head))
    assert [mine for _, mine in found.replaced] == [f"neuf{at}" for at in range(5)]
    whole = difference(article(text="un deux trois quatre cinq six"), article(text="a b c d e f"))
    assert whole.replaced == (("a b c d e…", "un deux trois quatre cinq…"),)


@pytest.mark.parametrize(
    "text", ["كلمة " * 60_000, "a b " * 30_000, "".join(f"w{at % 700} " for at in range(60_000))]
)
def test_no_text_takes_long_to_compare(text: str) -> None:
    began = process_time()
    assert difference(article(text=f"x {text} y"), article(text=f"z {text} t")).added == 2
    difference(article(text=text[::-1]), article(text=text))
    assert process_time() - began < 5


def test_a_date_in_the_future_is_no_news_for_ever() -> None:
    ahead = replace(told("other"), article=article(published=NOW + timedelta(days=300)))
    assert weight(ahead, later=timedelta(days=7)).points["recency"] == 1.0
    soon = replace(told("other"), article=article(published=NOW + timedelta(hours=20)))
    assert weight(soon).points["recency"] == 2.0


def test_a_copy_of_a_headline_keeps_all_there_is() -> None:
    assert str(difference(article(title="a", text="b"), article(title="a", text=""))) == "a word of its own"
