"""Reading the archive: articles and stories by number, the stories of a period."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.archive.rows import archived, chunks, full_rows
from storage.errors import NotFound
from storage.model import ArchivedArticle, Relevance, Story
from storage.tables import articles, judgements
from storage.tables import stories as story_table


def article(connection: Connection, number: int) -> ArchivedArticle:
    """One article."""
    found = by_number(connection, (number,))
    if not found:
        raise NotFound(f"article {number}: the archive has none of that id; see rasid search")
    return found[0]


def story(connection: Connection, number: int) -> Story:
    """One story, or the one it became."""
    became = func.coalesce(story_table.c.became, story_table.c.id)
    lasting = connection.scalar(select(became).where(story_table.c.id == number))
    found = _stories(connection, () if lasting is None else (lasting,))
    if not found:
        raise NotFound(f"story {number}: the archive has none of that id; see rasid stories list")
    return found[0]


def stories(connection: Connection, limit: int) -> tuple[Story, ...]:
    """The stories told last, the newest first."""
    last = func.max(articles.c.moment)
    asked = select(articles.c.story).group_by(articles.c.story).order_by(last.desc(), articles.c.story.desc())
    return _stories(connection, connection.scalars(asked.limit(limit)))


def stories_between(
    connection: Connection,
    since: datetime,
    until: datetime,
    published_after: datetime,
    relevance: Relevance,
    topic: str | None,
) -> tuple[Story, ...]:
    """The stories of a period with only the articles of that kind."""
    judged = select(judgements.c.article).where(judgements.c.relevance == relevance.value)
    if topic is not None:
        judged = judged.where(judgements.c.topic == topic)
    news = (articles.c.recorded >= since, articles.c.recorded < until, ~articles.c.backfilled)
    rows = full_rows(connection, *news, articles.c.moment >= published_after, articles.c.id.in_(judged))
    told = _by_story(archived(connection, rows))
    return tuple(told[each] for each in sorted(told))


def by_number(connection: Connection, numbers: Iterable[int]) -> tuple[ArchivedArticle, ...]:
    """Articles by id, those there are, by moment."""
    rows: list[Row[Any]] = []
    for some in chunks(numbers):
        rows += full_rows(connection, articles.c.id.in_(some))
    return archived(connection, rows)


def _stories(connection: Connection, numbers: Iterable[int]) -> tuple[Story, ...]:
    numbers = tuple(numbers)
    rows: list[Row[Any]] = []
    for some in chunks(numbers):
        rows += full_rows(connection, articles.c.story.in_(some))
    told = _by_story(archived(connection, rows))
    return tuple(told[each] for each in numbers if each in told)


def _by_story(found: Iterable[ArchivedArticle]) -> dict[int, Story]:
    members: dict[int, list[ArchivedArticle]] = {}
    for each in found:
        members.setdefault(each.story, []).append(each)
    return {number: Story(id=number, articles=tuple(some)) for number, some in members.items()}
