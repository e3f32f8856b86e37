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

from scheduler import issues, jobs, upkeep
from scheduler.alerts import publish_alerts
from scheduler.asking import ask_pending
from scheduler.delivering import Sent, deliver_hooks, deliver_mails
from scheduler.health.watching import watch
from scheduler.pace import Pace
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError
from storage.model import CrawlReport, Source

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that is done again and again."""

    name: str
    trigger: BaseTrigger
    work: Callable[[], None]
    at_once: bool = True  # whether it is done at the start of the service, too
    every: timedelta | None = None  # it is left out while the last run that went well is more recent

    def run(self, archive: Archive, clock: Clock) -> None:
        """Do it, if it is time, and remember how it went; what fails is one line in the log."""
        begun, error = clock(), "broke off"
        if self.every and not _is_time(archive, self.name, begun - self.every):
            return
        try:
            self.work()
            error = ""
        except RasidError as failure:
            error = str(failure)
            log.error("%s: %s", self.name, error)
        finally:
            _record(archive, self.name, begun, clock(), error)


def jobs_of(
    settings: Settings,
    archive: Archive,
    sources: tuple[Source, ...],
    over: threading.Event,
    clock: Clock,
) -> tuple[Job, ...]:
    """What a service does, until `over` is set."""
    pace = Pace(settings.mail.a_minute, over)
    post = _poster(settings, archive, pace, clock)
    chosen = settings.digest
    weekly = CronTrigger(
        day_of_week=chosen.day[:3], hour=chosen.hour, minute=chosen.minute, timezone=ZoneInfo(chosen.timezone)
    )
    return (
        Job(
            name="crawl",
            trigger=_every(minutes=1),
            work=lambda: _crawl_due(settings, archive, sources, over, clock),
        ),
        Job(name="digest", trigger=weekly, work=post, at_once=False),
        Job(name="post", trigger=_every(minutes=5), work=post),
        Job(
            name="webhooks",
            trigger=_every(minutes=1),
            work=lambda: _tell_of(deliver_hooks(archive, settings, clock, pace=pace)),
        ),
        Job(
            name="questions",
            trigger=_every(seconds=20),
            work=lambda: _tell_of(ask_pending(archive, settings, clock, pace)),
        ),
        Job(name="watch", trigger=_every(minutes=5), work=lambda: watch(archive, settings, sources, clock())),
        Job(
            name="upkeep",
            trigger=_every(hours=1),
            work=lambda: _tidy(settings, archive, clock()),
            every=timedelta(days=1),
        ),
    )


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


def _every(**period: int) -> IntervalTrigger:
    return IntervalTrigger(**period, timezone=UTC)


def _is_time(archive: Archive, name: str, latest: datetime) -> bool:
    """Whether the last run of a job that went well began by then; one of the future counts for nothing."""
    good = next((each.good for each in archive.running.job_runs() if each.name == name), None)
    return good is None or not latest < good


def _record(archive: Archive, name: str, begun: datetime, ended: datetime, error: str) -> None:
    try:
        archive.running.record_job(name, begun, ended, error)
    except RasidError as failure:
        log.error("%s: %s", name, failure)


def _crawl_due(
    settings: Settings, archive: Archive, sources: tuple[Source, ...], over: threading.Event, clock: Clock
) -> None:
    now = clock()
    due = jobs.due(sources, archive.health(), now, archive.revisions.due_sources(now))
    if due and not over.is_set():
        jobs.crawl(settings, due, tell=_tell, now=now, stopping=over.is_set)


def _tidy(settings: Settings, archive: Archive, now: datetime) -> None:
    for step in upkeep.tidy(settings, archive, now):
        log.log(logging.ERROR if step.failed else logging.INFO, "upkeep: %s: %s", step.name, step.said)


def _poster(settings: Settings, archive: Archive, pace: Pace, clock: Clock) -> Callable[[], None]:
    """Store the issues and alerts that are due; mail what waits of every issue. One at a time."""
    alone = threading.Lock()

    def post() -> None:
        with alone:
            now = clock()
            stored = (*issues.publish_due(archive, settings, now), *publish_alerts(archive, settings, now))
            for name in stored:
                log.info("issue stored: %s", name)
            _tell_of(deliver_mails(archive, settings, clock, pace=pace))

    return post


def _tell_of(sent: Sent) -> None:
    for line in sent.failed:
        log.error("%s", line)
    if sent.sent:
        log.info("%d %s", sent.sent, f"written to {sent.outbox}" if sent.outbox else "delivered")


def _tell(report: CrawlReport) -> None:
    for problem in report.problems:
        log.warning("%s", problem)
    log.info(
        "%s: %d found, %d fetched, %d relevant, %d borderline",
        report.source,
        report.found,
        report.fetched,
        report.relevant,
        report.borderline,
    )
