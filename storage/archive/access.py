"""Politeness across processes and machines: robots files, host days, turns."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.archive import crawling, turns
from storage.archive.crawling import tries_of
from storage.archive.engines import plain_errors, transaction
from storage.archive.rows import link_row, upsert
from storage.model import Link, RobotsFile
from storage.tables import host_days, pages, pauses, robots

ROBOTS_AGE = timedelta(hours=24)
"""How long a robots.txt is good for (RFC 9309 section 2.4)."""


class Access:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def pause(self, source: str, until: datetime | None) -> None:
        """Leave a source alone until then; None: no longer."""
        with transaction(self._writer) as connection:
            crawling.pause(connection, source, until)

    def pauses(self) -> dict[str, datetime]:
        """Until when sources are to be left alone, by source."""
        with transaction(self._reader) as connection:
            return {row.source: row.until for row in connection.execute(select(pauses))}

    def robots_file(self, origin: str, now: datetime) -> RobotsFile | None:
        """The robots.txt of an origin (scheme://host) if one was kept less than 24 hours ago."""
        with transaction(self._reader) as connection:
            asked = select(robots).where(robots.c.origin == origin, robots.c.fetched > now - ROBOTS_AGE)
            row = connection.execute(asked).one_or_none()
        return RobotsFile(**row._mapping) if row else None

    def keep_robots(self, file: RobotsFile) -> None:
        """Keep a robots.txt in place of the one before; those that are good for nothing any more go."""
        with transaction(self._writer) as connection:
            connection.execute(delete(robots).where(robots.c.fetched <= file.fetched - ROBOTS_AGE))
            row = {"status": file.status, "body": file.body, "fetched": file.fetched}
            upsert(connection, robots, {"origin": file.origin} | row)

    @contextmanager
    def turn(self, hosts: Iterable[str]) -> Iterator[Callable[[], bool] | None]:
        """Be the only one who crawls these hosts, until the block ends or the process dies.

        Yields a question: whether that still holds, which a lost connection to PostgreSQL ends. Never waits:
        where somebody else is on one of the hosts it yields None, and it is nobody's turn here.
        """
        with plain_errors(self._writer.url), turns.held(self._writer, sorted(set(hosts))) as holds:
            yield holds

    def may_fetch(self, host: str, most: int, now: datetime) -> bool:
        """Whether fewer than `most` pages of a host were asked for on this day of UTC; if so, one more is."""
        with transaction(self._writer) as connection:
            day = f"{now.astimezone(UTC):%Y-%m-%d}"
            connection.execute(delete(host_days).where(host_days.c.day < day))
            return _count(connection, host, day, most)

    def postpone(self, links: Iterable[Link], until: datetime) -> None:
        """Remember links for later: they are due then, listed or not, and not before; no try is counted."""
        with transaction(self._writer) as connection:
            for link in links:
                tries = tries_of(connection, link.key)
                row = {"outcome": "trying", "reason": "", "tries": tries, "due": until}
                upsert(connection, pages, link_row(link) | row)


def _count(connection: Connection, host: str, day: str, most: int) -> bool:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    first = dialect.insert(host_days).values(host=host, day=day, pages=1)
    another = first.on_conflict_do_update(
        index_elements=["host", "day"],
        set_={"pages": host_days.c.pages + 1},
        where=host_days.c.pages < most,
    )
    return connection.execute(another.returning(host_days.c.pages)).one_or_none() is not None
