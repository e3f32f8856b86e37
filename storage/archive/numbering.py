"""Ids for what comes with ids of its own: those if they are free, else new ones."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Table, func, select, text

from storage.archive.rows import chunks

_MOST = 1 << 27  # above it there is room for ids of our own: serials tell ids below 1 << 28 apart

_LEAP = 1 << 24  # ids that a file may leave out at once


def ids_for(connection: Connection, table: Table, names: Sequence[str]) -> list[int]:
    """An id for each name: the name itself if it is a free one, else one that was never used."""
    highest = _highest(connection, table)
    wanted = as_ids(names, highest)
    used = taken(connection, table, (each for each in wanted if each))
    top = max(highest, *wanted, 0)
    ids: list[int] = []
    for each in wanted:
        if each == 0 or each in used:
            each = top = top + 1
        used.add(each)
        ids.append(each)
    raise_counter(connection, table, max(ids, default=0))
    return ids


def as_ids(names: Iterable[str], highest: int) -> list[int]:
    """The ids that names of a file may be, else 0: also where one would leap far above the highest so far,
    for every later id would lie above it."""
    ids: list[int] = []
    for name in names:
        said = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0
        fits = said < _MOST and said - highest <= _LEAP
        ids.append(said if fits else 0)
        highest = max(highest, ids[-1])
    return ids


def wanted_ids(connection: Connection, table: Table, names: Sequence[str]) -> dict[str, int]:
    """The names that may be ids of the table, free or not."""
    ids = as_ids(names, _highest(connection, table))
    return {name: each for name, each in zip(names, ids, strict=True) if each}


def _highest(connection: Connection, table: Table) -> int:
    return max(connection.scalar(select(func.max(table.c.id))) or 0, _counter(connection, table))


def taken(connection: Connection, table: Table, wanted: Iterable[int]) -> set[int]:
    """Those of the ids that are not free."""
    found: set[int] = set()
    for some in chunks(wanted):
        found.update(connection.scalars(select(table.c.id).where(table.c.id.in_(some))))
    return found


def _counter(connection: Connection, table: Table) -> int:
    """The highest id that was ever given."""
    if connection.dialect.name == "sqlite":
        asked = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    else:
        asked = text("SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:name, 'id') AS regclass))")
    return connection.scalar(asked, {"name": table.name}) or 0


def raise_counter(connection: Connection, table: Table, least: int) -> None:
    """Ids that are given by the database itself lie above; SQLite sees to it by itself."""
    if connection.dialect.name == "postgresql" and least > _counter(connection, table):
        raised = text("SELECT setval(CAST(pg_get_serial_sequence(:name, 'id') AS regclass), :least)")
        connection.execute(raised, {"name": table.name, "least": least})
