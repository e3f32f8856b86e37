"""What a service reads once, at its start: sources and rules, in a process of its own.

Reading them takes memory that Python does not give back; it ends with that process.
"""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from multiprocessing import get_context

from crawler.clock import now
from crawler.rules import Rules, fingerprint, load_rules
from scheduler import jobs
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError
from storage.model import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was read, and what of it can be told."""

    sources: tuple[Source, ...]
    problems: tuple[RasidError, ...]  # sources that cannot be read
    is_behind: bool  # whether the archive was judged by other rules


def prepared(settings: Settings) -> Prepared:
    """Bring the archive in step with the catalogue and the rules. Raises as `jobs.load_catalogue`."""
    spawn = get_context("spawn")
    try:
        with ProcessPoolExecutor(1, mp_context=spawn, initializer=_finish) as aside:
            return aside.submit(_prepare, settings).result()
    except BrokenProcessPool:  # somebody killed it: then here
        return _prepare(settings)


def note_rules(archive: Archive, rules: Rules, now: datetime) -> bool:
    """Say which rules are in use from now on; whether what is archived was judged by others."""
    archive.judging.use_rules(fingerprint(rules, version("rasid")), now)
    return archive.judging.is_behind()


def _prepare(settings: Settings) -> Prepared:
    with Archive(settings.database.url) as archive:
        sources, problems = jobs.load_catalogue(settings, archive)
        rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
        is_behind = note_rules(archive, rules, now())
    return Prepared(sources=sources, problems=problems, is_behind=is_behind)


def _finish() -> None:
    """Whoever stops the service need not stop what is done in a moment."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """The process of a pool does not notice by itself that its parent was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
