"""What a database holds: how many rows of which of our tables."""

from collections.abc import Mapping

from sqlalchemy import Connection, inspect, text

from storage.archive import schema
from storage.errors import ArchiveError
from storage.tables import metadata

SEARCH = "article_fts"  # known to no metadata: it differs between the databases
OURS = frozenset({*metadata.tables, SEARCH, "alembic_version"})
_MISSED = ("articles", "stories", "subscribers", "issues", "marks", "pages")
_MADE_ANEW = {"alembic_version", "state", "sources", "topics", "entities", "entity_names"}  # at every start


def tables(connection: Connection) -> tuple[str, ...]:
    """Our tables that there are, those that others refer to first; of an older schema not all."""
    there = set(inspect(connection).get_table_names())
    known = (*(table.name for table in metadata.sorted_tables), SEARCH)
    return tuple(name for name in known if name in there)


def count(connection: Connection, names: tuple[str, ...]) -> dict[str, int]:
    """The rows of tables."""
    quote = connection.dialect.identifier_preparer.quote
    asked = {name: text(f"SELECT count(*) FROM {quote(name)}") for name in names}  # noqa: S608 - our names
    return {name: connection.scalar(each) or 0 for name, each in asked.items()}


def require_room(connection: Connection, name: str, *, replace: bool) -> None:
    """Raise ArchiveError with the remedy unless a backup may take this database's place.

    It may where there is no archive or one that holds nothing, or where `replace` says so.
    """
    there = set(inspect(connection).get_table_names())
    if connection.dialect.name == "sqlite" and there and "alembic_version" not in there:
        raise ArchiveError(f"{name}: holds tables of another program; change [database] url")
    if replace or "alembic_version" not in there:
        return
    if there_is := held(connection):
        raise ArchiveError(
            f"{name}: holds {there_is}; give [database] url another name, or overwrite it with --replace"
        )


def held(connection: Connection) -> str:
    """What would be lost with an archive, in words; empty where it holds nothing but what a start makes."""
    return told(count(connection, tuple(each for each in tables(connection) if each not in _MADE_ANEW)))


def told(rows: Mapping[str, int]) -> str:
    """What people would miss first, in words; empty where every table is empty."""
    there = [name for name in dict.fromkeys((*_MISSED, *rows)) if rows.get(name)]
    return ", ".join(f"{name.replace('_', ' ')} ({rows[name]:,})" for name in there[:4])


def require_backed_up(connection: Connection, name: str) -> str:
    """The schema of an archive that can be backed up: ours or an older one. Raises ArchiveError."""
    revision = schema.revision(connection)
    if revision is None:
        raise ArchiveError(f"{name}: holds no archive; nothing to back up")
    return revision
