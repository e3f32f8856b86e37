"""What a database is and holds as a whole: kind, version, schema, size; how long it takes to write."""

from sqlalchemy import Connection, Engine, inspect, select, text, update

from storage.archive import holdings, indexing, schema
from storage.archive.engines import transaction
from storage.model import Portrait
from storage.tables import state

_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_SQLITE = text("""
    SELECT sqlite_version() AS version,
        (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size()) AS bytes
""")
_POSTGRESQL = text("""
    SELECT current_setting('server_version') AS version, clock_timestamp() AS now,
        pg_database_size(current_database()) AS bytes
""")


def portrait(engine: Engine) -> Portrait:
    """The database as it is. Raises ArchiveError if it cannot be reached or is no archive of ours."""
    with transaction(engine) as connection:
        kind = connection.dialect.name
        said = connection.execute(_POSTGRESQL if kind == "postgresql" else _SQLITE).one()
        there = schema.revision(connection)
        return Portrait(
            kind=_NAMES[kind],
            version=said.version.partition(" ")[0],
            schema=there,
            newest=schema.HEAD,
            index=_index(connection),
            newest_index=indexing.VERSION,
            bytes=said.bytes,
            now=said.now if kind == "postgresql" else None,
        )


def older(engine: Engine) -> str | None:
    """The schema of an archive that is older than this version's and holds something, else None."""
    with transaction(engine) as connection:
        revision = schema.revision(connection)
        if revision in (None, schema.HEAD) or not holdings.held(connection):
            return None
        return revision


def write_nothing(engine: Engine) -> None:
    """Take the turn to write, and commit to the disk what is as it was."""
    with transaction(engine) as connection:
        connection.execute(update(state).values(version=state.c.version))


def _index(connection: Connection) -> int | None:
    columns = inspect(connection).get_columns("state") if inspect(connection).has_table("state") else []
    if "indexed" not in {each["name"] for each in columns}:
        return None
    return connection.scalar(select(state.c.indexed))
