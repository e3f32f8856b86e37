"""Reading the archive: articles and stories by number, the stories of a period."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.archive.rows import archived, chunks, full_rows
from storage.errors import NotFound
from storage.model import ArchivedArticle, Relevance, Story
from storage.tables import articles, cases, judgements
from storage.tables import stories as story_table

_RELATED = 20


def article(connection: Connection, number: int) -> ArchivedArticle:
    """One article."""
    found = by_number(connection, (number,))
    if not found:
        raise NotFound(f"article {number}: the archive has none of that id; see rasid search")
    return found[0]


def numbers(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    """The ids of the articles of these keys, those there are."""
    asked = select(articles.c.key, articles.c.id)
    rows = (row for some in chunks(keys) for row in connection.execute(asked.where(articles.c.key.in_(some))))
    return {row.key: row.id for row in rows}


def story(connection: Connection, number: int) -> Story:
    """One story, or the one it became."""
    return _stories(connection, (lasting(connection, number),))[0]


def lasting(connection: Connection, number: int) -> int:
    """The id of a story, or of the one it became."""
    became = func.coalesce(story_table.c.became, story_table.c.id)
    found: int | None = connection.scalar(select(became).where(story_table.c.id == number))
    told = select(articles.c.id).where(articles.c.story == found).limit(1)
    if found is None or connection.scalar(told) is None:
        raise NotFound(f"story {number}: the archive has none of that id; see rasid stories list")
    return found


def stories(connection: Connection, limit: int) -> tuple[Story, ...]:
    """The stories told last, the newest first."""
    asked = select(articles.c.story, articles.c.moment).order_by(articles.c.moment.desc())
    size = 4 * limit
    while True:
        rows = connection.execute(asked.limit(size)).all()
        last: dict[int, datetime] = {}
        for row in rows:
            last.setdefault(row.story, row.moment)
        sure = [each for each in last if len(rows) < size or last[each] > rows[-1].moment]
        if len(rows) < size or len(sure) >= limit:
            newest = sorted(sure, key=lambda each: (last[each], each), reverse=True)
            return _stories(connection, newest[:limit])
        size *= 4


def stories_between(
    connection: Connection,
    since: datetime,
    until: datetime,
    published_after: datetime,
    relevance: Relevance,
    topic: str | None,
) -> tuple[Story, ...]:
    """The stories of a period with only the articles of that kind."""
    news = (articles.c.recorded >= since, articles.c.recorded < until, ~articles.c.backfilled)
    asked = select(articles.c.id).where(*news, articles.c.moment >= published_after)
    judged = _judged(connection, connection.scalars(asked), relevance, topic)
    told = _by_story(connection, by_number(connection, judged))
    return tuple(told[each] for each in sorted(told))


def _judged(
    connection: Connection, numbers: Iterable[int], relevance: Relevance, topic: str | None
) -> list[int]:
    """Those that are judged so. They are named one by one: what a planner makes of a condition on all
    judgements grows with the archive."""
    of_topic = [] if topic is None else [judgements.c.topic == topic]
    asked = select(judgements.c.article).where(judgements.c.relevance == relevance.value, *of_topic)
    return [
        each
        for some in chunks(numbers)
        for each in connection.scalars(asked.where(judgements.c.article.in_(some)).distinct())
    ]


def by_number(connection: Connection, numbers: Iterable[int]) -> tuple[ArchivedArticle, ...]:
    """Articles by id, those there are, by moment."""
    rows: list[Row[Any]] = []
    for some in chunks(numbers):
        rows += full_rows(connection, articles.c.id.in_(some))
    return archived(connection, sorted(rows, key=lambda row: (row.moment, row.id)))


def by_serial(connection: Connection, serials: Iterable[int]) -> dict[int, ArchivedArticle]:
    """Articles by serial, those there are."""
    rows: list[Row[Any]] = []
    for some in chunks(serials):
        rows += full_rows(connection, articles.c.serial.in_(some))
    return {row.serial: each for row, each in zip(rows, archived(connection, rows), strict=True)}


def _stories(connection: Connection, numbers: Iterable[int]) -> tuple[Story, ...]:
    numbers = tuple(numbers)
    rows: list[Row[Any]] = []
    for some in chunks(numbers):
        rows += full_rows(connection, articles.c.story.in_(some))
    told = _by_story(connection, archived(connection, rows))
    return tuple(told[each] for each in numbers if each in told)


def _by_story(connection: Connection, found: Iterable[ArchivedArticle]) -> dict[int, Story]:
    members: dict[int, list[ArchivedArticle]] = {}
    for each in found:
        members.setdefault(each.story, []).append(each)
    related = _related(connection, members)
    return {
        number: Story(id=number, articles=tuple(some), related=related[number])
        for number, some in members.items()
    }


def _related(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The stories of the same cases as each story, first to last; of many the last told."""
    found: dict[int, tuple[int, ...]] = dict.fromkeys(numbers, ())
    own, other, account = cases.alias(), cases.alias(), articles.alias()
    asked = (
        select(articles.c.story, account.c.story.label("other"), func.min(account.c.moment).label("first"))
        .join(own, own.c.article == articles.c.id)
        .join(other, other.c.case == own.c.case)
        .join(account, account.c.id == other.c.article)
        .where(account.c.story != articles.c.story)
        .group_by(articles.c.story, account.c.story)
    )
    for some in chunks(found):
        rows = connection.execute(asked.where(articles.c.story.in_(some))).all()
        for row in sorted(rows, key=lambda row: (row.first, row.other)):
            found[row.story] += (row.other,)
    return {number: some[-_RELATED:] for number, some in found.items()}
