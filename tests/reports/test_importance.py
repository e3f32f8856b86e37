"""How important a story is, and what for; in what a copy differs."""

from datetime import timedelta
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
            "other title, 22% of the text, 2 words of its own",
        ),
    ],
)
def test_what_a_copy_changed_is_told(changes: dict[str, str], told: str) -> None:
    assert str(difference(article(**{"title": HEAD.title, "text": HEAD.text} | changes), HEAD)) == told


def test_a_copy_of_a_headline_keeps_all_there_is() -> None:
    assert str(difference(article(title="a", text="b"), article(title="a", text=""))) == "a word of its own"
