"""Many articles in and out."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, select

from storage.archive import exporting, importing
from storage.archive.engines import transaction
from storage.archive.numbers import Numbers
from storage.archive.ready import Ready
from storage.model import Placement, Query
from storage.model.bulk import Dossier, Taken
from storage.search.dialects import dialect
from storage.tables import articles


class Bulk:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    @property
    def database(self) -> str:
        """`sqlite` or `postgresql`: for which of them articles are made `ready`."""
        return self._writer.dialect.name

    def matching(self, query: Query | None = None) -> Iterator[Dossier]:
        """Every article that answers a query, None: every one, with all that is kept of it, by id.

        They are read as they are asked for, a few at a time, and all as they were when the first one was.
        """
        with transaction(self._reader) as connection:
            yield from exporting.matching(connection, query)

    def is_empty(self) -> bool:
        """Whether there is no article."""
        with transaction(self._reader) as connection:
            return connection.scalar(select(articles.c.id).limit(1)) is None

    def prepare(self, coming: int) -> None:
        """Be ready for so many articles; `finish` after the last one, or `Archive.upgrade` if it never comes.

        Until then a search in PostgreSQL may be slow, but answers the same.
        """
        with transaction(self._writer) as connection:
            dialect(connection).suspend_index(connection, coming)

    def is_fast(self) -> bool:
        """Whether search has its index: it may not from `prepare` until `finish`."""
        with transaction(self._reader) as connection:
            return bool(dialect(connection).has_index(connection))

    def finish(self) -> None:
        """Search fast again."""
        with transaction(self._writer) as connection:
            dialect(connection).ensure_index(connection)

    def note(self, batch: Sequence[importing.Named], numbers: Numbers) -> None:
        """Learn the numbers of those articles of a file, and of their stories, that are in the archive."""
        with transaction(self._reader) as connection:
            keys = dict.fromkeys(key for each in batch for key in each.keys)
            importing.note(batch, importing.known(connection, keys), numbers)

    def take(self, batch: Sequence[Ready], numbers: Numbers) -> Taken:
        """Write those of a batch that the archive has under none of their keys, all or nothing.

        Article and story keep the number of the file if it is free, else get a new one; `numbers` knows
        them for the next batch. A copy whose head comes later is connected to it then.
        """
        with transaction(self._writer) as connection:
            return importing.take(connection, batch, numbers)

    def place(self, each: Ready, placement: Placement, numbers: Numbers) -> Taken:
        """Write one where it belongs, all or nothing, unless the archive has it under one of its keys.

        Raises Outdated if stories changed since `placement.seen`: place it again.
        """
        with transaction(self._writer) as connection:
            return importing.place(connection, each, placement, numbers)
