"""Rooms: schemas of PostgreSQL beside the archive's own, for tables of which the archive knows nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.schema import CreateSchema, DropSchema

from storage.archive.engines import transaction

_READ = text("SELECT obj_description(to_regnamespace(:name), 'pg_namespace')")
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class Rooms:
    """A part of the archive, which promises as the whole does. PostgreSQL only."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Be the only one who furnishes a room, until the block ends; others wait, and give up in the end."""
        with transaction(self._writer) as connection:
            connection.execute(_ALONE, {"name": f"room {name}"})
            yield

    def make(self, name: str) -> None:
        """An empty room of that name, in place of one that is there."""
        with transaction(self._writer) as connection:
            connection.execute(DropSchema(name, cascade=True, if_exists=True))
            connection.execute(CreateSchema(name))

    def note(self, name: str, words: str) -> None:
        """Note on the door of a room what is in it."""
        with transaction(self._writer) as connection:
            quote = connection.dialect.identifier_preparer.quote
            literal = words.replace("'", "''").replace("%", "%%")
            connection.exec_driver_sql(f"COMMENT ON SCHEMA {quote(name)} IS '{literal}'")

    def noted(self, name: str) -> str:
        """What is noted on the door of a room; empty: nothing, or there is no such room."""
        with transaction(self._reader) as connection:
            return connection.scalar(_READ, {"name": name}) or ""
