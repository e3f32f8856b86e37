"""How far each back-fill has come."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine, delete, select

from storage.archive.engines import transaction
from storage.archive.rows import upsert
from storage.model import Backfill
from storage.tables import backfills


class Backfills:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def of(self, name: str) -> Backfill:
        """How far the back-fill of that name has come; nowhere if it has never begun."""
        with transaction(self._reader) as connection:
            row = connection.execute(select(backfills).where(backfills.c.name == name)).one_or_none()
        if row is None:
            return Backfill(name=name)
        return Backfill(name=name, place=row.place, pages=row.pages, kept=row.kept, done=row.done)

    def forget(self, sources: Iterable[str]) -> None:
        """Begin every back-fill of these sources from the beginning the next time."""
        with transaction(self._writer) as connection:
            for source in sources:
                own = backfills.c.name.startswith(f"{source} ", autoescape=True)
                connection.execute(delete(backfills).where(own))

    def remember(self, backfill: Backfill, now: datetime) -> None:
        """Keep how far a back-fill has come, in place of what was known."""
        said = {key: getattr(backfill, key) for key in ("name", "place", "pages", "kept", "done")}
        with transaction(self._writer) as connection:
            upsert(connection, backfills, said | {"updated": now})
