"""One article that was recorded twice becomes one again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from storage.archive import grouping, indexing, marking, tying
from storage.archive.recording import lock
from storage.tables import articles, pages, revisions, snapshots, state

_MINUTE = timedelta(minutes=1)


def of_minute(source: str, published: datetime) -> ColumnElement[bool]:
    """Whether an article is of a source and was published in that minute."""
    minute = published.replace(second=0, microsecond=0)
    within = (articles.c.moment >= minute, articles.c.moment < minute + _MINUTE)
    return and_(articles.c.source == source, articles.c.published.is_not(None), *within)


def fold(connection: Connection, number: int, keys: Iterable[str]) -> int:
    """Make one of an article and those of its source and minute that a key names; the id it has now.

    The first one recorded stays, with the pages, revisions and snapshots of all; the others are no more.
    """
    lock(connection)
    told = select(articles.c.source, articles.c.published).where(articles.c.id == number)
    row = connection.execute(told).one_or_none()
    if row is None or row.published is None:
        return number
    named = select(pages.c.article).where(pages.c.key.in_(list(keys)), pages.c.article.is_not(None))
    same = and_(articles.c.id.in_(named), of_minute(row.source, row.published))
    asked = select(articles.c.id).where(or_(same, articles.c.id == number)).order_by(articles.c.id)
    first, *others = map(int, connection.scalars(asked))
    for other in others:
        _give_up(connection, other, first)
    if others:
        marking.apply(connection, first)
        connection.execute(update(state).values(version=state.c.version + 1))
    return first


def _give_up(connection: Connection, number: int, heir: int) -> None:
    for table in (pages, revisions, snapshots):
        connection.execute(update(table).where(table.c.article == number).values(article=heir))
    story = connection.execute(select(articles.c.story).where(articles.c.id == number)).scalar_one()
    home = connection.execute(select(articles.c.story).where(articles.c.id == heir)).scalar_one()
    _orphan_copies(connection, number, heir, home)
    tying.retie(connection, number, heir)
    indexing.forget(connection, number)
    connection.execute(delete(articles).where(articles.c.id == number))
    grouping.redirect_empty(connection, {story: home})


def _orphan_copies(connection: Connection, number: int, heir: int, home: int) -> None:
    """What was a copy of one that is no more is one of its heir, or of none where that is another story's."""
    copies = articles.c.copy_of == number
    inherited = copies & (articles.c.story == home) & (articles.c.id != heir)
    connection.execute(update(articles).where(inherited).values(copy_of=heir))
    connection.execute(update(articles).where(copies).values(copy_of=None))
