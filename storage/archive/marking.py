"""The marks of articles and pages, and what they make of the judgements of the rules."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Row, Select, delete, select, union, update

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


def of_keys(connection: Connection, keys: Iterable[str]) -> tuple[Mark, ...]:
    """The marks under any of these keys, for each topic the newest."""
    return tuple(_newest(connection.execute(_marks(list(keys)))).values())


def put(connection: Connection, mark: Mark) -> None:
    """Keep a mark in place of those of its topic, under the article's own key if its key names one.

    The page of a mark that wants it kept is due at once if it is no article; one that does not is no longer.
    Raises NotFound where the key names nothing.
    """
    number, key = named(connection, mark.key)
    take_back(connection, mark.topic, key, number)
    row = {"key": key, "topic": mark.topic, "relevance": mark.relevance.value}
    upsert(connection, marks, row | {"made": mark.made, "why": mark.why})
    if number is not None:
        apply(connection, number)
    elif mark.keeps:
        connection.execute(update(pages).where(pages.c.key == key).values(due=mark.made, tries=0))


def take_back(connection: Connection, topic: str, key: str, number: int | None) -> bool:
    """Forget the mark of an article or page; whether there was one.

    Its judgement is what the rules say; a page that was rejected is not due any more.
    """
    names: Any = [key] if number is None else _names_of(number)
    own = delete(marks).where(marks.c.topic == topic, marks.c.key.in_(names))
    there = connection.execute(own).rowcount
    if number is not None:
        apply(connection, number)
    elif there:
        rejected = (pages.c.key == key) & (pages.c.outcome == "rejected")
        connection.execute(update(pages).where(rejected).values(due=None))
    return bool(there)


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


def _names_of(number: int) -> CompoundSelect[str]:
    """The keys of an article: its own, and those of its pages."""
    own = select(articles.c.key).where(articles.c.id == number)
    return union(own, select(pages.c.key).where(pages.c.article == number))


def _marks(keys: Any) -> Select[Any]:
    return select(marks).where(marks.c.key.in_(keys)).order_by(marks.c.made, marks.c.key)


def _newest(rows: Iterable[Row[Any]]) -> dict[str, Mark]:
    """Topic -> its last mark."""
    return {row.topic: to_mark(row) for row in rows}
