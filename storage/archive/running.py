"""The service itself: which process is at work, what its jobs came to, what all crawls came to."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, delete, select

from storage.archive import gauges as reading
from storage.archive import turns
from storage.archive.engines import no_file, plain_errors, transaction
from storage.archive.rows import upsert
from storage.errors import ArchiveError
from storage.model import CrawlTotals, Gauges, Heartbeat, JobRun
from storage.tables import crawl_totals, heartbeats, job_runs

_SCHEDULER = (
    "-scheduler"  # among the names that are held, the others of which are hosts: none begins like this
)


class Running:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    @contextmanager
    def lead(self) -> Iterator[Callable[[], bool] | None]:
        """Be the one scheduler of this archive until the block ends or the process dies.

        Yields a question: whether that still holds, which a lost connection to PostgreSQL ends. None: another
        process is. Never waits, and needs no schema. Only one thread at a time may ask.
        """
        try:
            with plain_errors(self._writer.url), turns.held(self._writer, [_SCHEDULER]) as holds:
                yield holds
        except OSError as error:
            file = Path(self._writer.url.database or "")
            raise ArchiveError(f"{file}: {no_file(file)}") from error

    def beat(self, heartbeat: Heartbeat) -> None:
        """A process says that it is at work, in place of whoever had its role before."""
        row = {"who": heartbeat.who, "since": heartbeat.since, "beat": heartbeat.beat}
        with transaction(self._writer) as connection:
            upsert(connection, heartbeats, {"role": heartbeat.role} | row)

    def heartbeat(self, role: str) -> Heartbeat | None:
        """Who said last to be at work in a role; None: nobody ever has."""
        with transaction(self._reader) as connection:
            row = connection.execute(select(heartbeats).where(heartbeats.c.role == role)).one_or_none()
        return Heartbeat(**row._mapping) if row else None

    def record_job(self, name: str, begun: datetime, ended: datetime, error: str = "") -> None:
        """Remember a run of a job, and add it to those before."""
        with transaction(self._writer) as connection:
            asked = select(job_runs).where(job_runs.c.name == name).with_for_update()
            before = connection.execute(asked).one_or_none()
            upsert(connection, job_runs, _row(before, name, begun, ended, error))

    def job_runs(self) -> tuple[JobRun, ...]:
        """The last run of each job that ever ran, by name."""
        with transaction(self._reader) as connection:
            rows = connection.execute(select(job_runs).order_by(job_runs.c.name))
            return tuple(JobRun(**row._mapping) for row in rows)

    def forget_jobs(self, known: Collection[str]) -> None:
        """Forget the runs of every job but those that are known."""
        with transaction(self._writer) as connection:
            connection.execute(delete(job_runs).where(job_runs.c.name.not_in(known)))

    def crawl_totals(self) -> tuple[CrawlTotals, ...]:
        """What all crawls of each source came to, by source."""
        with transaction(self._reader) as connection:
            asked = select(crawl_totals.c.totals).order_by(crawl_totals.c.source)
            return tuple(connection.scalars(asked))

    def gauges(self, now: datetime, house: str) -> Gauges:
        """What monitoring shows, at little cost however large the archive is. house: the id of the series
        that goes out whether somebody gets it or not."""
        with transaction(self._reader) as connection:
            return reading.gauges(connection, now, house)

    def greet(self) -> None:
        """Raise ArchiveError unless the database answers, whatever its schema is."""
        with transaction(self._reader) as connection:
            connection.execute(select(1))


def _row(before: Row[Any] | None, name: str, begun: datetime, ended: datetime, error: str) -> dict[str, Any]:
    seconds = max(0.0, (ended - begun).total_seconds())
    return {
        "name": name,
        "begun": begun,
        "ended": ended,
        "error": error,
        "good": (before.good if before else None) if error else begun,
        "runs": (before.runs if before else 0) + 1,
        "failed": (before.failed if before else 0) + bool(error),
        "seconds": (before.seconds if before else 0.0) + seconds,
    }
