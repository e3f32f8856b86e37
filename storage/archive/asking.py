"""Search: which articles answer a query, in which order, and where the answer goes on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from storage.archive.meaning import meant
from storage.archive.reading import by_serial
from storage.model import Answer, ArchivedArticle, Hit, Query
from storage.model.asked import EPOCH
from storage.query import parse_query
from storage.search import cursor as cursors
from storage.search.compiling import Known, compiled, leaves, spelled, subjects
from storage.search.cursor import Cursor
from storage.search.dialects import dialect
from storage.search.names import known_names
from storage.search.ranking import MOST, Ranked, Subject, best
from storage.search.serial import first_of, number_of
from storage.search.snippet import snippet
from storage.search.stems import Sequence
from storage.tables import articles, sources, stories


def search(connection: Connection, query: Query, limit: int, after: str, most: int = MOST) -> Answer:
    """The articles that answer a query, from the first or after a cursor on."""
    cursor = cursors.read(after, query) if after else None
    query = _as_first_asked(query, cursor)
    known = understood(connection, query)
    window = _later(connection, query, known, cursor) if cursor else _first(connection, query, known, most)
    found = _best(connection, query, known, window, limit + 1, cursor.last if cursor else None)
    shown = found[:limit]

    def count(near: Query, most: int) -> int:
        return len(newest(connection, near, understood(connection, near), floor=None, most=most))

    return Answer(
        query=query,
        total=window.total,
        whole=window.whole,
        hits=tuple(_hits(connection, shown, query, known)),
        next=_next(query, window, shown[-1]) if len(found) > limit else "",
        meant=() if cursor else meant(connection, query, window.total, count),
    )


def understood(connection: Connection, query: Query) -> Known:
    """What the archive knows of the names and countries of a query."""
    wanted = any(leaf.field == "country" for leaf in leaves(query.asked))
    return Known(known_names(connection, query), _countries(connection) if wanted else {})


def newest(
    connection: Connection, query: Query, known: Known, *, floor: int | None, most: int | None
) -> list[int]:
    """The serials of the newest articles that answer a query, at most so many, down to `floor`."""
    asked = compiled(query.asked, known)
    own = dialect(connection)
    column = articles.c.serial if asked is None else own.serial
    within = [*told(column, query), *([] if floor is None else [column >= floor])]
    if asked is not None:
        return list(own.newest(connection, asked, within, most))
    found = select(column).where(*within).order_by(column.desc())
    return list(connection.scalars(found.limit(most)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """What is ranked: `serials`, the newest first, of articles up to the id `newest`."""

    serials: list[int]
    newest: int
    floor: int
    total: int
    whole: bool


def _first(connection: Connection, query: Query, known: Known, most: int) -> _Window:
    found = newest(connection, query, known, floor=None, most=most + 1)
    serials = found[:most]
    return _Window(
        serials=serials,
        newest=connection.scalar(select(func.max(articles.c.id))) or 0,
        floor=serials[-1] if serials else 0,
        total=len(serials),
        whole=len(found) <= most,
    )


def _later(connection: Connection, query: Query, known: Known, cursor: Cursor) -> _Window:
    found = newest(connection, query, known, floor=cursor.floor, most=None)
    return _Window(
        serials=[each for each in found if number_of(each) <= cursor.newest],
        newest=cursor.newest,
        floor=cursor.floor,
        total=cursor.total,
        whole=cursor.whole,
    )


def _as_first_asked(query: Query, cursor: Cursor | None) -> Query:
    if cursor is None:
        return query
    now = datetime.fromisoformat(cursor.now).astimezone(query.now.tzinfo)
    return parse_query(query.text, now=now) if query.text else replace(query, now=now)


def _best(
    connection: Connection, query: Query, known: Known, window: _Window, most: int, after: Ranked | None
) -> list[Ranked]:
    if query.sort == "date":
        earlier = window.serials if after is None else [each for each in window.serials if each < after[1]]
        return [(0.0, each) for each in earlier[:most]]
    if not window.serials:
        return []
    own, within = dialect(connection), set(window.serials)

    stand = [
        Subject(own.among(connection, title, within), own.among(connection, lead, within))
        for title, lead in subjects(query.asked, known)
    ]
    return best(window.serials, stand, int((query.now - EPOCH).total_seconds()), most, after)


def told(serial: ColumnElement[int], query: Query) -> Iterator[ColumnElement[bool]]:
    """What a query says of time and stories, of the serial of an article."""
    if query.since is not None:
        yield serial >= first_of(query.since)
    if query.until is not None:
        yield serial < first_of(query.until)
    if query.stories:
        became = select(func.coalesce(stories.c.became, stories.c.id)).where(stories.c.id.in_(query.stories))
        yield serial.in_(select(articles.c.serial).where(articles.c.story.in_(became)))


def _countries(connection: Connection) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(select(sources.c.id, sources.c.country).order_by(sources.c.position)):
        found[row.country] = (*found.get(row.country, ()), row.id)
    return found


def _hits(connection: Connection, shown: Iterable[Ranked], query: Query, known: Known) -> Iterator[Hit]:
    scores = {serial: score for score, serial in shown}
    found = by_serial(connection, scores)
    wanted = tuple(spelled(query.asked, known))
    for serial, score in scores.items():
        if serial in found:
            yield _hit(found[serial], score, wanted)


def _hit(found: ArchivedArticle, score: float, wanted: tuple[tuple[Sequence, ...], ...]) -> Hit:
    shown = snippet(found.article.text, wanted, found.article.language)
    return Hit(found=found, score=score, snippet=shown.text, marks=shown.marks)


def _next(query: Query, window: _Window, last: Ranked) -> str:
    return cursors.written(
        Cursor(
            asked=cursors.fingerprint(query),
            now=query.now.isoformat(),
            newest=window.newest,
            floor=window.floor,
            total=window.total,
            whole=window.whole,
            score=last[0],
            serial=last[1],
        )
    )
