"""A worker: does tasks of the queue until it is told to stop."""

import gc
import logging
import multiprocessing
import os
import threading
from dataclasses import replace
from multiprocessing.context import ForkServerContext

from scheduler import jobs
from scheduler.settings import Catalogue, Settings
from scheduler.workers import open_queue
from scheduler.workers.doing import Doing
from storage.archive import Archive
from storage.errors import ArchiveError
from storage.event import event

log = logging.getLogger(__name__)
AGAIN = 5.0  # seconds before a queue that was lost is tried again


def work(settings: Settings, stop: threading.Event, at_once: int) -> None:
    """Do tasks, so many at once, until `stop` is set; what is under way then is ended in a few seconds.

    Raises RasidError for what makes a start useless: no queue, an archive of another version.
    """
    jobs.require_contact(settings)
    queue = open_queue(settings)
    with Archive(settings.database.url) as archive:
        archive.check()
        queue.check(archive)
        sources, problems = jobs.read_catalogue(settings)
        for problem in problems:
            log.error(event("source not read", error=problem))
        doing = Doing(
            settings=settings,
            archive=archive,
            queue=queue,
            sources=sources,
            stop=stop,
            context=prepared(settings.catalogue),
        )
        _await_server(doing.context)
        log.info(event("worker started", at_once=at_once))
        while not stop.is_set():
            over = threading.Event()  # whoever loses the queue ends what others are about to begin
            try:
                queue.work(replace(doing, stop=over).do, at_once=at_once, stop=stop, over=over)
            except ArchiveError as error:
                log.error(event("queue out of reach", again=AGAIN, error=error))
            stop.wait(AGAIN)
        log.info(event("worker stopped"))


def _await_server(context: ForkServerContext) -> None:
    """Take no task before one can begin: making the server of children takes some seconds."""
    first = context.Process(target=gc.collect, name="rasid-first", daemon=True)
    first.start()
    first.join()


def prepared(catalogue: Catalogue) -> ForkServerContext:
    """Where children are made of a process that has imports and rules behind it, and nothing open."""
    os.environ["_RASID_PRELOADED"] = catalogue.model_dump_json()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scheduler.workers.preloaded"])
    return context
