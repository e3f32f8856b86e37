"""What a worker does with a task: the very functions with which the service does it itself."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Event
from time import monotonic

from crawler.clock import now
from scheduler import jobs
from scheduler.backfills import read_files
from scheduler.pace import steady
from scheduler.rounds import deliver_due
from scheduler.settings import Settings
from scheduler.telling import tell_crawl
from scheduler.workers.queue import Queue, TaskFailed
from scheduler.workers.tasks import Task
from storage.archive import Archive
from storage.errors import InputError, RasidError
from storage.event import event
from storage.model import Backfill, CrawlReport, Source

log = logging.getLogger(__name__)
SLICE = 600.0  # seconds after which the back-fill of a source lets its other turns go first
PAUSED = timedelta(hours=1)  # before a back-fill goes on that a site, or its daily limit, has ended
BUSY = timedelta(minutes=1)  # before it goes on where somebody else was on its hosts
_NEXT = {"stopped": timedelta(), "late": timedelta(), "busy": BUSY, "paused": PAUSED, "capped": PAUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What tasks need; shared by the threads that do them."""

    settings: Settings
    archive: Archive
    queue: Queue
    sources: tuple[Source, ...]
    stop: Event  # set: end what is under way soon, as the worker ends or has lost the queue
    context: ForkServerContext  # in which crawl children are made

    def do(self, task: Task) -> None:
        """Do a task. One that fails is tried again later and later, a few times. Raises TaskFailed then."""
        try:
            {"deliver": self._deliver, "backfill": self._backfill}.get(task.name, self._crawl)(task)
        except RasidError as error:
            self._retry(task, str(error))
            raise TaskFailed from error
        except Exception as error:
            log.exception(event("task broke off", task=task))
            self._retry(task, repr(error))
            raise TaskFailed from error

    def _retry(self, task: Task, why: str) -> None:
        again = task.again()
        if again is None:
            log.error(event("task given up", task=task, tries=task.tries + 1, error=why))
            return
        log.warning(event("task failed", task=task, again=again.wait, error=why))
        self.queue.defer([again])

    def _crawl(self, task: Task) -> None:
        """A turn of a source, if it still is its turn. Where somebody else is on its hosts it stays due."""
        source, moment = self._source(task.what), now()
        revisits = self.archive.revisions.due_sources(moment)
        if jobs.due((source,), self.archive.health([source.id]), moment, revisits):
            self._crawl_now(source, tell=tell_crawl, stopping=self.stop.is_set)

    def _deliver(self, task: Task) -> None:
        """What is due by now, mails at a pace that is steady among all workers."""
        pace = steady(self.settings.mail.a_minute, self.stop)
        deliver_due(self.archive, self.settings, task.what, now, pace)

    def _backfill(self, task: Task) -> None:
        if task.since is None:
            self._read(task)
        else:
            self._walk(task, task.since)

    def _walk(self, task: Task, since: datetime) -> None:
        """Some minutes of a back-fill, and the rest as a task of its own, behind the turns that are due."""
        end = monotonic() + SLICE
        reports = self._crawl_now(
            self._source(task.what),
            tell=tell_crawl,
            stopping=lambda: self.stop.is_set() or monotonic() > end,
            since=since,
        )
        for report in reports:
            if report.outcome in _NEXT:
                self.queue.defer([replace(task, tries=0, wait=_NEXT[report.outcome])])
            elif report.outcome != "done":
                raise InputError(f"{task.what}: the back-fill ended: {report.outcome}")

    def _read(self, task: Task) -> None:
        problems = read_files(
            self.settings, [Path(task.what)], progress=_tell_backfill, stopping=self.stop.is_set, workers=1
        )
        for problem in problems:
            log.error(event("back-fill problem", what=problem))
        if self.stop.is_set():
            self.queue.defer([task])

    def _crawl_now(
        self,
        source: Source,
        *,
        tell: Callable[[CrawlReport], None],
        stopping: Callable[[], bool],
        since: datetime | None = None,
    ) -> tuple[CrawlReport, ...]:
        return jobs.crawl(
            self.settings,
            (source,),
            tell=tell,
            now=now(),
            stopping=stopping,
            since=since,
            progress=_tell_backfill,
            context=self.context,
        )

    def _source(self, name: str) -> Source:
        found = next((each for each in self.sources if each.id == name), None)
        if found is None:
            raise InputError(f"{name}: no such source here; give each worker the catalogue of the service")
        return found


def _tell_backfill(backfill: Backfill) -> None:
    log.info(event("back-fill", name=backfill.name, pages=backfill.pages, kept=backfill.kept))
