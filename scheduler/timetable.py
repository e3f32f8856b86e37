"""The timetable: what is done when. Made anew from the settings at every start and kept in memory; what must
survive (last crawls, issues, deliveries, the last run of each job) is in the archive.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from crawler.clock import Clock
from scheduler import backing_up, upkeep
from scheduler.batches import Batches
from scheduler.hands import hands_of
from scheduler.health.watching import watch
from scheduler.publishing import publish_aside
from scheduler.rounds import PARTS, job_of
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError, Stopped
from storage.event import event
from storage.model import Source

log = logging.getLogger(__name__)
_LATE = timedelta(minutes=10)  # by which an hourly look may come too early, and not wait for the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that is done again and again."""

    name: str
    trigger: BaseTrigger
    work: Callable[[], None]
    at_once: bool = True  # whether it is done at the start of the service, too
    every: timedelta | None = None  # it is left out while the last run that went well is more recent
    remembered: bool = True

    def run(self, archive: Archive, clock: Clock) -> None:
        """Do it, if it is time, and remember how it went; what fails is one line in the log."""
        begun = clock()
        if self.every and not _is_time(archive, self.name, begun - self.every):
            return
        error: str | None = "broke off"
        try:
            self.work()
            error = ""
        except Stopped:  # with the service: it is done the next time
            error = None
        except RasidError as failure:
            error = str(failure)
            log.error(event("job failed", job=self.name, error=error))
        finally:
            if self.remembered and error is not None:
                _record(archive, self.name, begun, clock(), error)


def jobs_of(
    settings: Settings,
    archive: Archive,
    sources: tuple[Source, ...],
    batches: Batches,
    over: threading.Event,
    clock: Clock,
) -> tuple[Job, ...]:
    """What a service does, until `over` is set; where it crawls itself, as `batches`."""
    hands = hands_of(settings, archive, sources, batches, over, clock)
    post = _poster(settings, archive, lambda: hands.deliver("mails"), over, clock)
    chosen = settings.digest
    weekly = CronTrigger(
        day_of_week=chosen.day[:3], hour=chosen.hour, minute=chosen.minute, timezone=ZoneInfo(chosen.timezone)
    )
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    return (
        Job(name="crawl", trigger=_every(hands.often), work=hands.crawls),
        Job(name="digest", trigger=weekly, work=post, at_once=False, remembered=False),  # as "post" is
        Job(name="post", trigger=_every(5 * minute), work=post),
        Job(name="webhooks", trigger=_every(minute), work=lambda: hands.deliver("webhooks")),
        Job(name="questions", trigger=_every(timedelta(seconds=20)), work=lambda: hands.deliver("questions")),
        Job(
            name="watch", trigger=_every(5 * minute), work=lambda: watch(archive, settings, sources, clock())
        ),
        Job(
            name="upkeep",
            trigger=_every(hour),
            work=lambda: _tidy(settings, archive, clock()),
            every=timedelta(days=1),
        ),
        *_backups(settings, over, clock),
        *(Job(name=name, trigger=_every(often), work=work) for name, (often, work) in hands.more.items()),
    )


def _backups(settings: Settings, over: threading.Event, clock: Clock) -> tuple[Job, ...]:
    """The job of backups, if they are wanted; one that fails is tried again within the hour."""
    if not settings.backups.days:
        return ()
    every = timedelta(days=settings.backups.days) - _LATE
    return (
        Job(
            name="backup",
            trigger=_every(timedelta(hours=1)),
            work=lambda: backing_up.tell(backing_up.back_up_aside(settings, clock(), over.is_set)),
            every=every,
        ),
    )


def forget_others(archive: Archive, jobs: tuple[Job, ...]) -> None:
    """Forget the runs of jobs that nobody does any more: else they are shown as failing for ever."""
    archive.running.forget_jobs((*(job.name for job in jobs if job.remembered), *map(job_of, PARTS)))


def timetable(jobs: tuple[Job, ...], archive: Archive, clock: Clock) -> BackgroundScheduler:
    """A timetable of jobs, not begun. A run that is missed is caught up with, several as one; no job runs
    twice at a time."""
    made = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for job in jobs:
        more = {"next_run_time": datetime.now(UTC)} if job.at_once else {}
        made.add_job(job.run, job.trigger, args=(archive, clock), id=job.name, **more)
    return made


def _every(period: timedelta) -> IntervalTrigger:
    return IntervalTrigger(seconds=int(period.total_seconds()), timezone=UTC)


def _is_time(archive: Archive, name: str, latest: datetime) -> bool:
    """Whether the last run of a job that went well began by then; one of the future counts for nothing."""
    good = next((each.good for each in archive.running.job_runs() if each.name == name), None)
    return good is None or not latest < good


def _record(archive: Archive, name: str, begun: datetime, ended: datetime, error: str) -> None:
    try:
        archive.running.record_job(name, begun, ended, error)
    except RasidError as failure:
        log.error(event("job not remembered", job=name, error=failure))


def _tidy(settings: Settings, archive: Archive, now: datetime) -> None:
    """What fails is a line each; what went well is one, for a database may have fifty tables."""
    steps = tuple(upkeep.tidy(settings, archive, now))
    for step in steps:
        if step.failed:
            log.error(event("upkeep", what=step.name, said=step.said))
    log.info(event("upkeep", well=sum(not step.failed for step in steps), steps=len(steps)))


def _poster(
    settings: Settings,
    archive: Archive,
    mails: Callable[[], None],
    over: threading.Event,
    clock: Clock,
) -> Callable[[], None]:
    """Store the issues and alerts that are due; mail what waits of every issue. One at a time."""
    alone = threading.Lock()

    def post() -> None:
        with alone:
            try:
                for name in publish_aside(archive, settings, clock(), over.is_set):
                    log.info(event("issue stored", issue=name))
            except Stopped:
                raise
            except RasidError as error:
                log.error(event("nothing published", error=error))
                mails()
                raise
            mails()

    return post
