"""What analysts have marked is kept or left whatever the rules say; rules are measured by marks."""

import pytest

from crawler.evaluating import Case, evaluate
from crawler.examine import examine
from crawler.rejudging import changes, is_unwanted, judged_anew, worth_another_look
from crawler.rules import Rules, fingerprint, load_rules
from storage.model import (
    Accepted,
    ArchivedArticle,
    LostPage,
    Mark,
    Neighbours,
    Page,
    Rejected,
    Relevance,
    Status,
    Unavailable,
    Verdict,
)
from tests.factories import NOW, TOPIC, article, judgement, link, page, source

RULES = load_rules()
WEATHER = "<p>أمطار رعدية مرتقبة غدا في مرتفعات الأطلس وسهول الغرب حسب مصالح الأرصاد.</p>" * 6
SECURITY = "<p>أوقفت الشرطة المغربية في طنجة رجلا مطلوبا لدى القضاء الفرنسي بتعاون مع باريس.</p>" * 6
RELEVANT, IRRELEVANT = Relevance.RELEVANT, Relevance.IRRELEVANT


def html(text: str, title: str = "أخبار اليوم") -> bytes:
    return f"<html lang='ar'><title>{title}</title><article><h1>{title}</h1>{text}</article></html>".encode()


def mark(relevance: Relevance, topic: str = TOPIC) -> Mark:
    return Mark(topic=topic, key="example.ma/news/1", relevance=relevance, made=NOW)


def examined(told: Page, *marks: Mark) -> Verdict:
    return examine(told, source(), RULES, lambda _: Neighbours(), marks=marks)


def test_a_page_marked_relevant_is_kept_though_neither_look_would() -> None:
    told = page(body=html(WEATHER))
    assert isinstance(examined(told), Rejected)
    verdict = examined(told, mark(RELEVANT))
    assert isinstance(verdict, Accepted)
    [said] = verdict.judgements
    assert (said.relevance, said.ruled) == (RELEVANT, IRRELEVANT)


def test_a_page_marked_relevant_whose_body_is_refused_is_kept_by_its_headline() -> None:
    told = page(status=403, body=b"", link=link(title="القط في قبضة الأمن"))
    assert isinstance(examined(told), Unavailable)
    verdict = examined(told, mark(RELEVANT))
    assert isinstance(verdict, Accepted)
    assert verdict.article.status is Status.HEADLINE_ONLY
    assert isinstance(examined(page(status=403, body=b""), mark(RELEVANT)), Unavailable)


def test_a_page_marked_irrelevant_is_left_and_says_so() -> None:
    told = page(body=html(SECURITY, "الأمن المغربي يوقف مطلوبا لدى القضاء الفرنسي"))
    assert isinstance(examined(told), Accepted)
    verdict = examined(told, mark(IRRELEVANT))
    assert isinstance(verdict, Rejected)
    assert verdict.reason == "marked irrelevant"


def test_the_mark_of_a_topic_that_is_no_more_is_without_effect() -> None:
    assert isinstance(examined(page(body=html(WEATHER)), mark(RELEVANT, topic="gone")), Rejected)


def lost(title: str, *marks: Mark) -> LostPage:
    return LostPage(link=link(title=title), outcome="rejected", marks=marks)


HEADLINE = "الأمن المغربي يوقف بطنجة مطلوبا لدى القضاء الفرنسي"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (lost(HEADLINE), True),
        (lost("طقس معتدل اليوم"), False),
        (lost(HEADLINE, mark(IRRELEVANT)), False),
        (lost(""), False),
    ],
    ids=["security", "weather", "marked", "nothing known"],
)
def test_a_rejected_page_is_worth_another_look_if_its_headline_is(told: LostPage, kept: bool) -> None:
    assert (worth_another_look(told, source(), RULES, None) is not None) == kept
    assert worth_another_look(told, source(), RULES, "other") is None


def test_a_page_is_unwanted_if_marks_say_so_of_every_topic_asked_about() -> None:
    marked = lost(HEADLINE, mark(IRRELEVANT))
    assert is_unwanted(marked, RULES, None)
    assert is_unwanted(marked, RULES, TOPIC)
    assert not is_unwanted(marked, RULES, "other")
    assert not is_unwanted(lost(HEADLINE), RULES, None)


def archived(*judgements: object) -> ArchivedArticle:
    return ArchivedArticle(id=1, article=article(), recorded=NOW, judgements=judgements, story=1)  # type: ignore[arg-type]


def test_an_article_is_judged_anew_by_each_topic_there_is() -> None:
    before = archived(judgement(IRRELEVANT), judgement(topic="gone"))
    after = judged_anew(before, RULES)
    moved = {each.topic: each.relevance for each in changes(before, after) if each.moves}
    assert moved == {TOPIC: (IRRELEVANT, RELEVANT), "gone": (RELEVANT, None)}
    assert changes(after, judged_anew(after, RULES)) == ()


def test_with_a_topic_the_judgements_of_the_others_stay() -> None:
    before = archived(judgement(topic="another"))
    assert [each.topic for each in judged_anew(before, RULES, TOPIC).judgements] == ["another", TOPIC]


def test_a_marked_article_is_judged_anew_without_being_moved() -> None:
    before = archived(judgement(IRRELEVANT, ruled=Relevance.BORDERLINE))
    after = judged_anew(before, RULES)
    assert [(each.relevance, each.ruled) for each in after.judgements] == [(IRRELEVANT, RELEVANT)]
    assert [each.moves for each in changes(before, after)] == [False]


def test_other_topics_names_or_versions_are_other_rules() -> None:
    without = Rules((), RULES.names)
    assert fingerprint(RULES, "1") == fingerprint(load_rules(), "1")
    assert len({fingerprint(RULES, "1"), fingerprint(without, "1"), fingerprint(RULES, "2")}) == 3


def test_rules_are_measured_by_language_too() -> None:
    told = [
        Case(article=article(), label=RELEVANT),
        Case(article=article(title="طقس", text="أمطار"), label=RELEVANT),
        Case(article=article(language="fr", title="Météo", text="Pluie."), label=IRRELEVANT),
    ]
    found = evaluate(told, RULES, TOPIC)
    assert (found.cases, found.precision, found.recall, len(found.misses)) == (3, 1.0, 0.5, 1)
    assert {name: each.recall for name, each in found.by_language.items()} == {"ar": 0.5, "fr": None}
