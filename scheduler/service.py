"""The service: one process that crawls what is due, mails the weekly digest and shows the pages until it is
told to stop. Of several one keeps the timetable, see `scheduler.leading`; each shows the pages.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from crawler.clock import now
from scheduler import backing_up, jobs
from scheduler.batches import Batches
from scheduler.leading import lead
from scheduler.preparing import prepared
from scheduler.settings import Settings
from scheduler.timetable import forget_others, jobs_of, timetable
from scheduler.workers import open_queue
from storage.archive import Archive
from storage.errors import ConfigError
from storage.event import event

log = logging.getLogger(__name__)


def serve(settings: Settings, stop: threading.Event) -> None:
    """Run the timetable until `stop` is set, then end what runs and return.

    An older archive is backed up and migrated first, and a digest missed while the service was down goes out
    at once. Raises RasidError for what makes a start useless: archive out of reach, no backup before an
    upgrade, rules that cannot be read.
    """
    jobs.require_contact(settings)
    if settings.work.engine == "procrastinate":
        open_queue(settings)
    with Archive(settings.database.url) as archive, ExitStack() as shown:
        _show_pages(settings, archive, shown)
        lead(archive, stop, lambda over: _at_work(settings, archive, over, stop), now)
        log.info(event("stopped"))


@contextmanager
def _at_work(
    settings: Settings, archive: Archive, over: threading.Event, stop: threading.Event
) -> Iterator[None]:
    """Keep the timetable within the block; at its end what runs is waited for, and has to heed `over`.

    Raises Stopped where `stop` is set before it has begun.
    """
    backing_up.upgrade(settings, archive, now())
    if settings.work.engine == "procrastinate":
        open_queue(settings).install(archive)
    found = prepared(settings, stop.is_set)
    for problem in found.problems:
        log.error(event("source not read", error=problem))
    if found.is_behind:
        log.warning(event("rules changed", remedy="to see what changes, run: rasid topics rejudge"))
    batches = Batches(settings, over.is_set)
    wanted = jobs_of(settings, archive, found.sources, batches, over, now)
    forget_others(archive, wanted)
    kept = timetable(wanted, archive, now)
    kept.start()
    watched = sum(source.enabled for source in found.sources)
    log.info(event("started", sources=watched, next_digest=kept.get_job("digest").next_run_time))
    try:
        yield
    finally:
        log.info(event("stopping"))
        kept.shutdown(wait=True)
        batches.wait()


def _show_pages(settings: Settings, archive: Archive, shown: ExitStack) -> None:
    """Show the pages, if they are wanted, until `shown` is closed; where they cannot be, all else goes on."""
    if not settings.web.port:
        return
    from scheduler.pages import pages  # what costs memory only who shows them

    try:
        log.info(event("pages shown", url=shown.enter_context(pages(settings, archive))))
    except ConfigError as error:
        log.error(event("no pages", error=error))
