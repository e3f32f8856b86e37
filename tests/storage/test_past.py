"""Looking back: what had been told of a story before, and how much in earlier periods."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.archive import Archive
from storage.model import Figures, Judgement, Placement, Relevance, Span, StoryPlan
from tests.factories import NOW, TOPIC, accepted, account, article, judgement, page
from tests.storage.test_reading import plans

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def keep(archive: Archive) -> Any:
    """Records an article some days before NOW, in story 1 with those of it before or in one of its own."""
    members: list[str] = []

    def record(
        key: str,
        days: float,
        *,
        alone: bool = True,
        judged: Judgement | None = None,
        backfilled: bool = False,
        copy_of: str = "",
        told: float | None = None,
        **about: Any,
    ) -> None:
        at = NOW - timedelta(days=days)
        of = account(article(key, published=NOW - timedelta(days=days if told is None else told), **about))
        together = (key,) if alone else (*members, key)
        if not alone or not members:
            members.append(key)
        copies = {key: copy_of} if copy_of else {}
        plan = StoryPlan(story=None if alone or len(members) == 1 else 1, members=together, copies=copies)
        placed = Placement(account=of, stories=(plan,), seen=archive.neighbours(of).seen)
        about_page = page(key, backfilled=backfilled, fetched=at)
        judgements = (judged or judgement(),)
        archive.record(about_page, accepted(of, placement=placed, judgements=judgements))

    return record


def span(first: float, last: float, after: float | None = None) -> Span:
    """From so many days before NOW to so many."""
    published = NOW - timedelta(days=first + 1 if after is None else after)
    since, until = (NOW - timedelta(days=each) for each in (first, last))
    return Span(since=since, until=until, published_after=published)


def titles(archive: Archive, before: datetime = NOW - WEEK) -> dict[int, list[str]]:
    told = archive.past.told((1, 2, 99), before, TOPIC)
    return {story: [each.title for each in some] for story, some in told.items()}


def test_what_was_told_before_is_one_account_a_language_the_lead_first(archive: Archive, keep: Any) -> None:
    keep("a.example/1", 9, title="second")
    keep("a.example/2", 10, title="first", alone=False)
    keep("a.example/3", 8, title="troisième", language="fr", alone=False)
    keep("a.example/4", 3, title="since then", language="en", alone=False)
    keep("b.example/1", 1, title="another")
    assert titles(archive) == {1: ["first", "troisième"]}
    (first, _) = archive.past.told([1], NOW - WEEK, TOPIC)[1]
    assert (first.story, first.url, first.when) == (1, "https://a.example/2", NOW - timedelta(days=10))


def test_a_copy_leads_only_where_there_is_no_original(archive: Archive, keep: Any) -> None:
    keep("a.example/1", 9, title="original")
    keep("a.example/2", 10, title="copy", alone=False, copy_of="a.example/1")
    assert titles(archive) == {1: ["original"]}
    assert titles(archive, NOW - timedelta(days=9.5)) == {1: ["copy"]}


@pytest.mark.parametrize(
    ("about", "found"),
    [
        pytest.param({"judged": judgement(Relevance.BORDERLINE)}, {}, id="not relevant"),
        pytest.param({"judged": judgement(topic="another")}, {}, id="of another topic"),
        pytest.param({"told": 20}, {}, id="recorded since then"),
        pytest.param({"told": 20, "backfilled": True}, {1: ["t"]}, id="back-filled since then"),
        pytest.param({"told": 2, "backfilled": True}, {}, id="back-filled, but of these days"),
    ],
)
def test_only_what_was_known_or_is_older_counts_as_earlier(
    archive: Archive, keep: Any, about: dict[str, Any], found: dict[int, list[str]]
) -> None:
    keep("a.example/1", 3 if "told" in about else 9, **({"title": "t"} | about))
    assert titles(archive) == found


def test_stories_and_accounts_are_counted_span_by_span(archive: Archive, keep: Any) -> None:
    keep("old.example/1", 29)
    keep("a.example/1", 13, alone=False)
    keep("a.example/2", 12, alone=False)
    keep("b.example/1", 11)
    keep("c.example/1", 6)
    found = archive.past.figures([span(28, 21), span(21, 14), span(14, 7), span(7, 0)], TOPIC)
    assert found == (
        Figures(),
        Figures(),
        Figures(stories=2, accounts=3),
        Figures(stories=1, accounts=1),
    )


@pytest.mark.parametrize(
    "about",
    [
        pytest.param({"judged": judgement(Relevance.BORDERLINE)}, id="not relevant"),
        pytest.param({"judged": judgement(topic="another")}, id="of another topic"),
        pytest.param({"backfilled": True}, id="back-filled"),
        pytest.param({"told": 9}, id="published long before"),
        pytest.param({"days": 7.0}, id="at the end of the span"),
    ],
)
def test_what_no_digest_would_tell_is_not_counted(archive: Archive, keep: Any, about: dict[str, Any]) -> None:
    keep("old.example/1", 29)
    keep("a.example/1", **({"days": 8} | about))
    (found,) = archive.past.figures([span(14, 7, after=8.5)], TOPIC)
    assert found == Figures()


def test_of_a_week_before_the_archive_began_nothing_is_known(archive: Archive, keep: Any) -> None:
    assert archive.past.figures([span(7, 0)], TOPIC) == (None,)
    keep("a.example/0", 40, backfilled=True)
    keep("a.example/1", 10)
    keep("b.example/1", 3, judged=judgement(topic="another"))
    spans = [span(21, 14), span(14, 7), span(7, 0)]
    assert archive.past.figures(spans, TOPIC) == (None, None, Figures())
    assert archive.past.figures(spans, "another") == (None, None, None)
    assert archive.past.figures([], TOPIC) == ()


def test_looking_back_reads_no_table_whole(sqlite_url: str) -> None:
    with Archive(sqlite_url) as archive, plans() as steps:
        archive.past.told([1], NOW, TOPIC)
        archive.past.figures([span(14, 7)], TOPIC)
        archive.record(page(), accepted())
        archive.past.figures([span(14, 7)], TOPIC)
    assert [each for each in steps if "ix_articles_recorded" in each]
    ordered = "USING INDEX ix_articles_recorded"
    assert [
        each for each in steps if each.startswith(("SCAN articles", "SCAN judg")) and ordered not in each
    ] == []
