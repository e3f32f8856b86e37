"""Articles with everything the archive keeps of them, by id, some at a time."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, Table, or_, select

from storage.archive import asking
from storage.archive.rows import archived, chunks, to_mark, to_revision, to_snapshot, to_tie
from storage.model import ArchivedArticle, Mark, Query, Tie
from storage.model.bulk import Dossier
from storage.search.serial import number_of
from storage.tables import articles, bands, cases, marks, pages, revisions, snapshots, stories, ties

_AT_ONCE = 200


def matching(connection: Connection, query: Query | None) -> Iterator[Dossier]:
    """Every article that answers a query, or every one."""
    for rows in _all(connection) if query is None else _found(connection, query):
        yield from _dossiers(connection, archived(connection, rows))


def _all(connection: Connection) -> Iterator[list[Row[Any]]]:
    last = 0
    while rows := _rows(connection, articles.c.id > last):
        yield rows
        last = rows[-1].id


def _found(connection: Connection, query: Query) -> Iterator[list[Row[Any]]]:
    """Only the serials of what is found are held: eight bytes an article."""
    known = asking.understood(connection, query)
    serials = array("q", asking.newest(connection, query, known, floor=None, most=None))
    ordered = array("q", sorted(serials, key=number_of))
    for start in range(0, len(ordered), _AT_ONCE):
        yield _rows(connection, articles.c.serial.in_(ordered[start : start + _AT_ONCE].tolist()))


def _rows(connection: Connection, where: Any) -> list[Row[Any]]:
    return list(connection.execute(select(articles).where(where).order_by(articles.c.id).limit(_AT_ONCE)))


def _dossiers(connection: Connection, found: Iterable[ArchivedArticle]) -> Iterator[Dossier]:
    found = tuple(found)
    ids = [each.id for each in found]
    keys = _keys(connection, found)
    said = _marks(connection, keys)
    banded = _of(connection, bands, ids, "band")
    revised, kept = _of(connection, revisions, ids, "id"), _of(connection, snapshots, ids, "id")
    cased, tied = _of(connection, cases, ids, "case"), _ties(connection, (each.article.key for each in found))
    homes = {each.story for each in found}
    merged, components = _merged(connection, homes), _components(connection, homes)
    for each in found:
        yield Dossier(
            found=each,
            keys=tuple(key for key in keys[each.id] if key != each.article.key),
            bands=tuple(row.band for row in banded[each.id]),
            marks=said[each.id],
            revisions=tuple(map(to_revision, revised[each.id])),
            snapshots=tuple(map(to_snapshot, kept[each.id])),
            merged=merged[each.story],
            cases=tuple(row.case for row in cased[each.id]),
            ties=tied[each.article.key],
            component=components.get(each.story),
        )


def _of(connection: Connection, table: Table, ids: list[int], order: str) -> Mapping[int, list[Row[Any]]]:
    rows: dict[int, list[Row[Any]]] = {each: [] for each in ids}
    asked = select(table).where(table.c.article.in_(ids)).order_by(table.c.article, table.c[order])
    for row in connection.execute(asked):
        rows[row.article].append(row)
    return rows


def _keys(connection: Connection, found: Iterable[ArchivedArticle]) -> dict[int, list[str]]:
    """The keys that name each article, its own among them, sorted."""
    keys = {each.id: {each.article.key} for each in found}
    asked = select(pages.c.article, pages.c.key).where(pages.c.article.in_(list(keys)))
    for row in connection.execute(asked):
        keys[row.article].add(row.key)
    return {number: sorted(some) for number, some in keys.items()}


def _marks(connection: Connection, keys: Mapping[int, Iterable[str]]) -> dict[int, tuple[Mark, ...]]:
    owners = {key: number for number, some in keys.items() for key in some}
    found: dict[int, list[Mark]] = {number: [] for number in keys}
    for some in chunks(owners):
        for row in connection.execute(select(marks).where(marks.c.key.in_(some))):
            found[owners[row.key]].append(to_mark(row))
    return {
        number: tuple(sorted(some, key=lambda mark: (mark.key, mark.topic))) for number, some in found.items()
    }


def _merged(connection: Connection, homes: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
    """Story -> those that have become it."""
    found: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    asked = select(stories).where(stories.c.became.in_(list(homes))).order_by(stories.c.id)
    for row in connection.execute(asked):
        found[row.became] += (row.id,)
    return found


def _components(connection: Connection, homes: Iterable[int]) -> dict[int, int]:
    """Story -> its component, if that has others."""
    asked = select(stories).where(stories.c.id.in_(list(homes)), stories.c.component.is_not(None))
    return {row.id: row.component for row in connection.execute(asked)}


def _ties(connection: Connection, keys: Iterable[str]) -> Mapping[str, tuple[Tie, ...]]:
    """Key -> its ties."""
    found: defaultdict[str, tuple[Tie, ...]] = defaultdict(tuple)
    wanted = list(keys)
    asked = select(ties).where(or_(ties.c.one.in_(wanted), ties.c.other.in_(wanted)))
    for row in connection.execute(asked.order_by(ties.c.one, ties.c.other)):
        for key in (row.one, row.other):
            found[key] += (to_tie(row),)
    return found
