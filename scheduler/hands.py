"""Who does what is due: the service itself, or workers for whom it is put in a queue."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from crawler.clock import Clock
from scheduler import jobs
from scheduler.batches import Batches
from scheduler.health.lately import Lately
from scheduler.pace import Pace
from scheduler.rounds import deliver_due
from scheduler.settings import Settings
from storage.archive import Archive
from storage.model import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What is to be done where something is due; each returns soon."""

    crawls: Callable[[], None]
    deliver: Callable[[str], None]  # one of `rounds.PARTS`
    often: timedelta = timedelta(minutes=1)  # between two looks for sources that are due
    more: Mapping[str, tuple[timedelta, Callable[[], None]]] = field(default_factory=dict)
    """Jobs by name: how often, and what."""


def hands_of(
    settings: Settings,
    archive: Archive,
    sources: tuple[Source, ...],
    batches: Batches,
    over: threading.Event,
    clock: Clock,
) -> Hands:
    """Those that [work] engine says."""
    if settings.work.engine == "procrastinate":
        return _of_others(settings, archive, sources, clock)
    lately, pace = Lately(archive), Pace(settings.mail.a_minute, over)
    return Hands(
        crawls=lambda: _crawl_due(archive, sources, lately, batches, clock),
        deliver=lambda part: deliver_due(archive, settings, part, clock, pace),
    )


def _of_others(settings: Settings, archive: Archive, sources: tuple[Source, ...], clock: Clock) -> Hands:
    from scheduler.workers.deferring import Deferring  # an extra

    queue = Deferring(settings, archive, sources, clock)
    return Hands(
        crawls=queue.crawls,
        deliver=queue.deliver,
        often=timedelta(seconds=10),
        more={"rescue": (timedelta(seconds=10), queue.rescue), "forget": (timedelta(hours=1), queue.forget)},
    )


def _crawl_due(
    archive: Archive, sources: tuple[Source, ...], lately: Lately, batches: Batches, clock: Clock
) -> None:
    """Send out what is due and under way nowhere; whose crawl ends meanwhile waits for the next minute."""
    now, free = clock(), batches.free(sources)
    due = jobs.due(free, lately.health(), now, archive.revisions.due_sources(now))
    if due:
        batches.send(due, now)
    batches.complain()
