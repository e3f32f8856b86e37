"""A day of polling in minutes: does a service that crawls, publishes and tidies all day grow?

The service's own jobs run as it runs them, in threads and with crawl children, by a clock that goes on by
steps; a job whose time has come in a step is done once. It is a process of its own, looked at from here.
"""

import logging
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from statistics import mean

from benchmarks.settable import Clock
from benchmarks.watching import Seen, look
from scheduler import jobs
from scheduler.batches import Batches
from scheduler.settings import Settings
from scheduler.timetable import Job, jobs_of
from storage.archive import Archive

GROWTH = 0.05  # of what is held, from the second quarter of a day to the last
_THREADS = 10  # as the timetable has


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The service after a step."""

    moment: datetime
    crawls: int  # of sources, so far
    seen: Seen


def polled(
    settings: Settings, begin: datetime, steps: int, step: timedelta, show: Callable[[datetime], None]
) -> Iterator[Step]:
    """A service that lives through so many steps; `show` lets the sites be those of a moment."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_supervise, args=(settings, there))
    process.start()
    there.close()
    for number in range(steps):
        moment = begin + number * step
        show(moment)
        here.send(moment)
        crawls = here.recv()
        yield Step(moment=moment, crawls=crawls, seen=look(process.pid or 0))
    here.close()
    process.join()


def growth(steps: list[Step], held: Callable[[Seen], float]) -> float:
    """How much more is held in the last quarter than in the second, as a share."""
    quarter = len(steps) // 4
    second = mean(held(each.seen) for each in steps[quarter : 2 * quarter])
    return mean(held(each.seen) for each in steps[-quarter:]) / second - 1


def _supervise(settings: Settings, line: Connection) -> None:
    """Do what has come due by each moment that is sent, until nothing is."""
    logging.basicConfig(level=logging.CRITICAL)
    clock = Clock()
    with Archive(settings.database.url) as archive, ThreadPoolExecutor(_THREADS) as threads:
        archive.upgrade()
        sources, _ = jobs.load_catalogue(settings, archive)
        over = threading.Event()
        batches = Batches(settings, over.is_set, clock=clock)
        table = jobs_of(settings, archive, sources, batches, over, clock)
        due: dict[str, datetime] = {}
        while moment := _next(line):
            clock.set(moment)
            ready = [job for job in table if _is_due(job, due, moment)]
            for _ in threads.map(lambda job: job.run(archive, clock), ready):
                pass
            batches.wait()
            totals = archive.running.crawl_totals()
            line.send(sum(sum(each.outcomes.values()) for each in totals))


def _next(line: Connection) -> datetime | None:
    try:
        moment: datetime = line.recv()
    except EOFError:
        return None
    return moment


def _is_due(job: Job, due: dict[str, datetime], moment: datetime) -> bool:
    """Whether its trigger has fired since it was done last; at first, whether it is done at a start."""
    known = due.get(job.name)
    if known is not None and known > moment:
        return False
    due[job.name] = job.trigger.get_next_fire_time(moment, moment + timedelta(microseconds=1))
    return job.at_once or known is not None
