"""The service: one process that crawls what is due, mails the weekly digest and shows the pages until it is
told to stop.

The timetable is made anew from the settings at every start and kept in memory: what must survive (last
crawl, issues, deliveries) is in the archive.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from crawler.rules import load_rules
from scheduler import issues, jobs, upkeep
from scheduler.alerts import publish_alerts
from scheduler.asking import ask_pending
from scheduler.delivering import Sent, deliver_hooks, deliver_mails
from scheduler.health.watching import watch
from scheduler.pace import Pace
from scheduler.rejudging import note_rules
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import ConfigError, RasidError
from storage.model import CrawlReport, Source

log = logging.getLogger(__name__)


def serve(settings: Settings, stop: threading.Event) -> None:
    """Run the timetable until `stop` is set, then end what runs and return.

    The archive is migrated first, and a digest missed while the service was down goes out at once. Raises
    RasidError for what makes a start useless: archive out of reach, rules that cannot be read.
    """
    jobs.require_contact(settings)
    with Archive(settings.database.url) as archive:
        archive.upgrade()
        sources, problems = jobs.load_catalogue(settings, archive)
        for problem in problems:
            log.error("%s", problem)
        _note_rules(settings, archive)
        timetable = _timetable(settings, archive, sources, stop)
        with ExitStack() as shown:
            _show_pages(settings, archive, shown)
            timetable.start()
            log.info("started; next digest %s", timetable.get_job("digest").next_run_time.isoformat())
            stop.wait()
            log.info("stopping")
            timetable.shutdown(wait=True)
        log.info("stopped")


def _timetable(
    settings: Settings, archive: Archive, sources: tuple[Source, ...], stop: threading.Event
) -> BackgroundScheduler:
    zone = ZoneInfo(settings.digest.timezone)
    weekly = CronTrigger(
        day_of_week=settings.digest.day[:3],
        hour=settings.digest.hour,
        minute=settings.digest.minute,
        timezone=zone,
    )
    timetable = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    crawl = _guarded("crawl", lambda: _crawl_due(settings, archive, sources, stop))
    post = _guarded("digest", lambda: _post(settings, archive, pace))
    pace = Pace(settings.mail.a_minute, stop)
    hooks = _guarded("webhooks", lambda: _tell_of(deliver_hooks(archive, settings, _now, pace=pace)))
    ask = _guarded("questions", lambda: _tell_of(ask_pending(archive, settings, _now, pace)))
    look = _guarded("watch", lambda: watch(archive, settings, sources, datetime.now(UTC)))
    tidy = _guarded("upkeep", lambda: _tidy(settings, archive))
    now = datetime.now(UTC)
    timetable.add_job(crawl, IntervalTrigger(minutes=1, timezone=UTC), id="crawl", next_run_time=now)
    timetable.add_job(post, weekly, id="digest")
    timetable.add_job(post, IntervalTrigger(minutes=5, timezone=UTC), id="post", next_run_time=now)
    timetable.add_job(hooks, IntervalTrigger(minutes=1, timezone=UTC), id="webhooks", next_run_time=now)
    timetable.add_job(ask, IntervalTrigger(seconds=20, timezone=UTC), id="questions", next_run_time=now)
    timetable.add_job(look, IntervalTrigger(minutes=5, timezone=UTC), id="watch", next_run_time=now)
    timetable.add_job(tidy, IntervalTrigger(days=1, timezone=UTC), id="upkeep", next_run_time=now)
    return timetable


def _show_pages(settings: Settings, archive: Archive, shown: ExitStack) -> None:
    """Show the pages, if they are wanted, until `shown` is closed; where they cannot be, all else goes on."""
    if not settings.web.port:
        return
    from scheduler.pages import pages  # what costs memory only who shows them

    try:
        log.info("pages at %s", shown.enter_context(pages(settings, archive)))
    except ConfigError as error:
        log.error("no pages: %s", error)


def _note_rules(settings: Settings, archive: Archive) -> None:
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    if note_rules(archive, rules, datetime.now(UTC)):
        log.warning("the archive was judged by other rules; to see what changes: rasid topics rejudge")


def _guarded(name: str, job: Callable[[], None]) -> Callable[[], None]:
    """The job, whose failure is one line in the log and no end of the service."""

    def run() -> None:
        try:
            job()
        except RasidError as error:
            log.error("%s: %s", name, error)

    return run


def _crawl_due(
    settings: Settings, archive: Archive, sources: tuple[Source, ...], stop: threading.Event
) -> None:
    now = datetime.now(UTC)
    due = jobs.due(sources, archive.health(), now, archive.revisions.due_sources(now))
    if due and not stop.is_set():
        jobs.crawl(settings, due, tell=_tell, now=datetime.now(UTC), stopping=stop.is_set)


def _tidy(settings: Settings, archive: Archive) -> None:
    for step in upkeep.tidy(settings, archive, datetime.now(UTC)):
        log.log(logging.ERROR if step.failed else logging.INFO, "upkeep: %s: %s", step.name, step.said)


def _post(settings: Settings, archive: Archive, pace: Pace) -> None:
    """Store the issues and alerts that are due; mail what waits of every issue."""
    now = _now()
    for name in (*issues.publish_due(archive, settings, now), *publish_alerts(archive, settings, now)):
        log.info("issue stored: %s", name)
    _tell_of(deliver_mails(archive, settings, _now, pace=pace))


def _tell_of(sent: Sent) -> None:
    for line in sent.failed:
        log.error("%s", line)
    if sent.sent:
        log.info("%d %s", sent.sent, f"written to {sent.outbox}" if sent.outbox else "delivered")


def _now() -> datetime:
    return datetime.now(UTC)


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
