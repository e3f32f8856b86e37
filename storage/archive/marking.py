"""The marks of articles and pages, and what they make of the judgements of the rules."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Row, Select, delete, select, union, update

from storage.archive import indexing
from storage.archive.rows import (
    archived,
    full_rows,
    judgement_row,
    lost,
    to_judgement,
    to_mark,
    upsert,
)
from storage.columns import short_key
from storage.errors import NotFound
from storage.model import ArchivedArticle, LostPage, Mark
from storage.tables import articles, judgements, marks, pages

_RULED = ("relevance", "ruled")


def apply(connection: Connection, number: int) -> None:
    """Let the marks of an article, under whichever of its keys, and no others outweigh the rules."""
    said = _newest(connection.execute(_marks(_names_of(number))))
    for row in connection.execute(select(judgements).where(judgements.c.article == number)):
        ruled = to_judgement(row)
        counts = ruled.marked(said.get(row.topic))
        if counts != ruled:
            new = judgement_row(number, counts)
            same = (judgements.c.article == number) & (judgements.c.topic == row.topic)
            connection.execute(update(judgements).where(same).values({each: new[each] for each in _RULED}))
            indexing.index(connection, [number])


def of_keys(connection: Connection, keys: Iterable[str]) -> tuple[Mark, ...]:
    """The marks under any of these keys and the others of their rejected pages, for each topic the newest."""
    return tuple(_newest(connection.execute(_marks(_names(connection, keys)))).values())


def same_page(connection: Connection, *keys: str) -> tuple[str, ...]:
    """The keys under which pages are rejected that have any of these keys."""
    first = select(pages.c.page).where(pages.c.key.in_(keys))
    same = (pages.c.outcome == "rejected", pages.c.page.in_(first))
    return tuple(connection.scalars(select(pages.c.key).where(*same).order_by(pages.c.key)))


def put(connection: Connection, mark: Mark) -> None:
    """Keep a mark in place of those of its topic, under the article's own key if its key names one.

    A page that is no article is due at once while a mark of any topic wants it kept. While it has marks that
    do not, it is not, whoever asked for it. Raises NotFound where the key names nothing.
    """
    number, key = named(connection, mark.key)
    _replace(connection, mark.topic, key, number, mark)


def take_back(connection: Connection, topic: str, key: str, number: int | None) -> bool:
    """Forget the mark of an article or page; whether there was one.

    Its judgement is what the rules say; a page that was rejected is due only if another mark, or `rejudge`,
    has asked for it.
    """
    return _replace(connection, topic, key, number, None)


def ask_again(connection: Connection, key: str, since: datetime) -> None:
    """Let a rejected page be due if a mark was made since then that wants it kept."""
    wanted = max(_wanted(connection, _names(connection, [key])), default=since)
    if wanted > since:
        connection.execute(update(pages).where(pages.c.key == key).values(due=wanted, tries=0))


def named(connection: Connection, key: str) -> tuple[int | None, str]:
    """The id and own key of the article that a key names; None and the key itself for another page.

    Raises NotFound for a key nobody knows.
    """
    page = connection.execute(select(pages.c.article).where(pages.c.key == key)).one_or_none()
    own = articles.c.key == key
    if page is not None and page.article is not None:
        own = articles.c.id == page.article
    found = connection.execute(select(articles.c.id, articles.c.key).where(own)).one_or_none()
    if found is not None:
        return found.id, found.key
    if page is None:
        raise NotFound(f"{key}: no page of this address is known; see rasid search, rasid sources check")
    return None, short_key(key)


def found(connection: Connection, number: int | None, key: str) -> ArchivedArticle | LostPage:
    """What `named` has named."""
    if number is not None:
        return archived(connection, full_rows(connection, articles.c.id == number))[0]
    return lost(connection, connection.execute(select(pages).where(pages.c.key == key)))[0]


def _replace(connection: Connection, topic: str, key: str, number: int | None, mark: Mark | None) -> bool:
    """Put a mark or none in place of those of its topic; whether there was any."""
    names: Any = _names(connection, [key]) if number is None else _names_of(number)
    before = _wanted(connection, names)
    there = connection.execute(delete(marks).where(marks.c.topic == topic, marks.c.key.in_(names))).rowcount
    if mark is not None:
        row = {"key": key, "topic": topic, "relevance": mark.relevance.value}
        upsert(connection, marks, row | {"made": mark.made, "why": mark.why})
    if number is None:
        _follow(connection, key, names, before)
    else:
        apply(connection, number)
    return bool(there)


def _follow(connection: Connection, key: str, names: list[str], before: list[datetime]) -> None:
    """Let a page that is no article be due as its marks say; `before`: those that asked for it so far."""
    rejected = pages.c.key.in_(names) & (pages.c.outcome == "rejected")
    wanted = max(_wanted(connection, names), default=None)
    if wanted is not None or not of_keys(connection, names):
        rejected &= pages.c.due.in_(before)
    connection.execute(update(pages).where(rejected).values(due=None))
    if wanted is not None:
        soon = update(pages).where(pages.c.key.in_(names), pages.c.due <= wanted)
        if not connection.execute(soon.values(tries=0)).rowcount:
            connection.execute(update(pages).where(pages.c.key == key).values(due=wanted, tries=0))


def _wanted(connection: Connection, names: Any) -> list[datetime]:
    """When the marks under these keys were made that want a page kept."""
    return [each.made for each in map(to_mark, connection.execute(_marks(names))) if each.keeps]


def _names(connection: Connection, keys: Iterable[str]) -> list[str]:
    """These keys, and the others of the rejected pages that have one of them."""
    keys = list(map(short_key, keys))
    return list(dict.fromkeys((*keys, *same_page(connection, *keys))))


def _names_of(number: int) -> CompoundSelect[str]:
    """The keys of an article: its own, and those of its pages."""
    own = select(articles.c.key).where(articles.c.id == number)
    return union(own, select(pages.c.key).where(pages.c.article == number))


def _marks(keys: Any) -> Select[Any]:
    return select(marks).where(marks.c.key.in_(keys)).order_by(marks.c.made, marks.c.key)


def _newest(rows: Iterable[Row[Any]]) -> dict[str, Mark]:
    """Topic -> its last mark."""
    return {row.topic: to_mark(row) for row in rows}
