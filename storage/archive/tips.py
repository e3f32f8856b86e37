"""Headlines that others report."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select

from storage.archive.engines import transaction
from storage.archive.rows import link_row, upsert
from storage.columns import short_key
from storage.model import Heard, Link, Tip
from storage.tables import pages, tips

KEPT = timedelta(days=28)


class Tips:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def record(self, found: Iterable[Tip], links: Iterable[Link], now: datetime) -> None:
        """Keep the new tips, for 28 days; those of `links` nobody has tried are due for their source."""
        with transaction(self._writer) as connection:
            for tip in found:
                if not _has_tip(connection, tip):
                    upsert(connection, tips, {each.name: getattr(tip, each.name) for each in tips.columns})
            for link in links:
                if not _has_page(connection, link):
                    upsert(connection, pages, link_row(link) | _TOLD | {"due": now})
            connection.execute(delete(tips).where(tips.c.seen < now - KEPT))

    def since(self, moment: datetime) -> tuple[Tip, ...]:
        """The tips seen since then, the newest first."""
        with transaction(self._reader) as connection:
            rows = connection.execute(select(tips).where(tips.c.seen >= moment).order_by(tips.c.seen.desc()))
            return tuple(Tip(**row._mapping) for row in rows)

    def heard(self, since: datetime) -> tuple[Heard, ...]:
        """What became of the links published since then of which an entry has told the title."""
        columns = [pages.c[name] for name in Heard.__dataclass_fields__]
        asked = select(*columns).where(pages.c.published >= since, pages.c.title != "")
        with transaction(self._reader) as connection:
            return tuple(Heard(**row._mapping) for row in connection.execute(asked.order_by(pages.c.key)))


_TOLD = {"outcome": "told", "reason": "", "tries": 0}


def _has_tip(connection: Connection, tip: Tip) -> bool:
    same = (tips.c.service == tip.service) & (tips.c.key == short_key(tip.key))
    return connection.scalar(select(tips.c.key).where(same)) is not None


def _has_page(connection: Connection, link: Link) -> bool:
    same = pages.c.key == short_key(link.key)
    return connection.scalar(select(pages.c.key).where(same)) is not None
