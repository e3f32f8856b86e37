"""Reading: the stories told last, and what none of it may cost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage.archive import Archive
from storage.model import Placement, Relevance, StoryPlan
from storage.query import parse_query
from tests.factories import NOW, accepted, account, article, page


def keep(archive: Archive, key: str, days: float = 0, *plans: StoryPlan) -> None:
    """Record an article published so many days before NOW, in a story of its own unless it is planned."""
    told = account(article(key, published=NOW - timedelta(days=days)))
    seen = archive.neighbours(told).seen
    stories = plans or (StoryPlan(story=None, members=(key,)),)
    placed = Placement(account=told, stories=stories, seen=seen)
    archive.record(page(key), accepted(told, placement=placed))


def last(archive: Archive, limit: int) -> list[int]:
    return [story.id for story in archive.stories(limit=limit)]


def test_the_stories_told_last_are_told_by_their_newest_account(archive: Archive) -> None:
    for at, days in enumerate((3, 1, 2)):
        keep(archive, f"example.ma/{at}", days)
    keep(archive, "example.ma/again", 0, StoryPlan(story=1, members=("example.ma/0", "example.ma/again")))
    assert [last(archive, limit) for limit in (0, 1, 2, 9)] == [[], [1], [1, 2], [1, 2, 3]]


def test_of_stories_told_at_once_the_later_one_comes_first(archive: Archive) -> None:
    for at in range(12):
        keep(archive, f"example.ma/{at}")
    assert last(archive, 2) == [12, 11]


def test_a_story_of_many_accounts_hides_no_other(archive: Archive) -> None:
    keep(archive, "example.ma/other", 9)
    keep(archive, "example.ma/0")
    names = [f"example.ma/{at}" for at in range(12)]
    for at in range(1, 12):
        keep(archive, names[at], 0, StoryPlan(story=2, members=tuple(names[: at + 1])))
    assert last(archive, 2) == [2, 1]


@pytest.mark.parametrize(
    "ask",
    [
        lambda archive: archive.stories(limit=5),
        lambda archive: archive.stories_between(
            NOW - timedelta(days=7),
            NOW,
            published_after=NOW - timedelta(days=8),
            relevance=Relevance.RELEVANT,
            topic="any",
        ),
        lambda archive: archive.facets(parse_query("lang:ar", now=NOW)),
    ],
    ids=["stories", "stories_between", "facets"],
)
def test_no_table_is_read_whole(sqlite_url: str, ask: Callable[[Archive], Any]) -> None:
    with Archive(sqlite_url) as archive:
        keep(archive, "example.ma/1")
        with plans() as steps:
            ask(archive)
    assert steps
    large = ("articles", "judgements", "article_entities", "stories", "bands")
    unordered = [each for each in steps if each.startswith(tuple(f"SCAN {name}" for name in large))]
    assert [each for each in unordered if not each.endswith("USING INDEX ix_articles_moment")] == []


@contextmanager
def plans() -> Iterator[list[str]]:
    """How SQLite carries out what it is asked meanwhile."""
    steps: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            steps.extend(row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield steps
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
