"""The service: one process that crawls what is due, mails the weekly digest and shows the pages until it is
told to stop. Of several one keeps the timetable, see `scheduler.leading`; each shows the pages.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from crawler.rules import load_rules
from scheduler import jobs
from scheduler.leading import lead
from scheduler.rejudging import note_rules
from scheduler.settings import Settings
from scheduler.timetable import jobs_of, timetable
from storage.archive import Archive
from storage.errors import ConfigError

log = logging.getLogger(__name__)


def serve(settings: Settings, stop: threading.Event) -> None:
    """Run the timetable until `stop` is set, then end what runs and return.

    The archive is migrated first, and a digest missed while the service was down goes out at once. Raises
    RasidError for what makes a start useless: archive out of reach, rules that cannot be read.
    """
    jobs.require_contact(settings)
    with Archive(settings.database.url) as archive, ExitStack() as shown:
        _show_pages(settings, archive, shown)
        lead(archive, stop, lambda over: _at_work(settings, archive, over), _now)
        log.info("stopped")


@contextmanager
def _at_work(settings: Settings, archive: Archive, over: threading.Event) -> Iterator[None]:
    """Keep the timetable within the block; at its end what runs is waited for, and has to heed `over`."""
    archive.upgrade()
    sources, problems = jobs.load_catalogue(settings, archive)
    for problem in problems:
        log.error("%s", problem)
    _note_rules(settings, archive)
    kept = timetable(jobs_of(settings, archive, sources, over, _now), archive, _now)
    kept.start()
    log.info("started; next digest %s", kept.get_job("digest").next_run_time.isoformat())
    try:
        yield
    finally:
        log.info("stopping")
        kept.shutdown(wait=True)


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


def _now() -> datetime:
    return datetime.now(UTC)
