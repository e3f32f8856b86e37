"""Ids for what comes with ids of its own: those if they are free, else new ones."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Table, func, select, text

from storage.archive.rows import chunks

_MOST = 1 << 27  # above it there is room for ids of our own: serials tell ids below 1 << 28 apart


def ids_for(connection: Connection, table: Table, names: Sequence[str]) -> list[int]:
    """An id for each name: the name itself if it is a free one, else one that was never used."""
    wanted = [int(name) if is_id(name) else 0 for name in names]
    used = taken(connection, table, (each for each in wanted if each))
    top = max(connection.scalar(select(func.max(table.c.id))) or 0, _counter(connection, table), *wanted, 0)
    ids: list[int] = []
    for each in wanted:
        if each == 0 or each in used:
            each = top = top + 1
        used.add(each)
        ids.append(each)
    raise_counter(connection, table, max(ids, default=0))
    return ids


def is_id(name: str) -> bool:
    """Whether the name of a file may be an id of ours."""
    return name.isascii() and name.isdigit() and len(name) < 10 and 0 < int(name) < _MOST


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
