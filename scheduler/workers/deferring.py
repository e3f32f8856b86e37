"""What the service does with a queue: it says what is due, and looks after what was left."""

import logging
from datetime import datetime, timedelta

from crawler.clock import Clock
from scheduler import jobs
from scheduler.health import next_turn
from scheduler.rounds import is_due
from scheduler.settings import Settings
from scheduler.workers import open_queue, tasks
from scheduler.workers.groups import locks_of
from scheduler.workers.tasks import Task
from storage.archive import Archive
from storage.event import event
from storage.model import Source, SourceHealth

log = logging.getLogger(__name__)
LOOK_AGAIN = timedelta(minutes=10)  # at what cannot be foreseen: a pause that was lifted, a crawl by hand
REST = timedelta(minutes=1)  # of a source between two tasks: somebody else may be on its hosts for hours


class Deferring:
    """Puts in the queue what is due, each thing once. Every method may raise ArchiveError."""

    def __init__(
        self,
        settings: Settings,
        archive: Archive,
        sources: tuple[Source, ...],
        clock: Clock,
    ) -> None:
        """Raises ConfigError where there can be no queue; its tables have to be there."""
        self._queue, self._archive, self._clock = open_queue(settings), archive, clock
        self._settings = settings
        self._sources, self._locks = sources, locks_of(sources)
        self._looks: dict[str, datetime] = {}  # when a source is to be looked at next
        self._deferred: dict[str, datetime] = {}  # when it was put in the queue last

    def crawls(self) -> None:
        """Put the sources that are due in the queue."""
        now = self._clock()
        revisits = self._archive.revisions.due_sources(now)
        there = self._queue.there()
        open_ones = (each for each in self._sources if each.enabled and f"source {each.id}" not in there)
        rested = (each for each in open_ones if not self._rests(each, now))
        chosen = [each for each in rested if each.id in revisits or self._is_time(each, now)]
        health = {each.source: each for each in self._archive.health(each.id for each in chosen)}
        for source in chosen:
            self._looks[source.id] = self._next_look(source, health[source.id], now)
        fresh = {each.id for each in jobs.due(chosen, health.values(), now)}
        due = jobs.due(chosen, health.values(), now, revisits)
        self._queue.defer(self._turn(each, revisits=each.id not in fresh) for each in due)
        self._deferred.update((each.id, now) for each in due)

    def deliver(self, part: str) -> None:
        """Put the delivery of one of `rounds.PARTS` in the queue, if one is due."""
        if is_due(self._archive, self._settings, part, self._clock()):
            task = tasks.deliver_task(part)
            if task.key not in self._queue.there():
                self._queue.defer([task])

    def rescue(self) -> None:
        """Let others take up what workers had begun that are dead."""
        rescued, lost = self._queue.rescue()
        if rescued:
            log.warning(event("tasks rescued", number=rescued))
        for task in lost:
            log.error(event("task given up", task=task, error="every worker that began it has died"))

    def forget(self) -> None:
        """Forget the tasks that were over a day ago."""
        self._queue.forget()

    def _turn(self, source: Source, *, revisits: bool) -> Task:
        return tasks.crawl_task(source, self._locks[source.id], revisits=revisits)

    def _is_time(self, source: Source, now: datetime) -> bool:
        """Whether a source may be due: what is known of thousands is not read every few seconds."""
        look = self._looks.get(source.id)
        return look is None or not now < look <= now + LOOK_AGAIN

    def _rests(self, source: Source, now: datetime) -> bool:
        last = self._deferred.get(source.id)
        return last is not None and last <= now < last + REST

    def _next_look(self, source: Source, health: SourceHealth, now: datetime) -> datetime:
        return min(next_turn(source, health, now), now + LOOK_AGAIN)
