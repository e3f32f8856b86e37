"""Probes as plain functions, each in a child process for the reasons of a crawl (docs/adr/0004)."""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any

from crawler.limits import Limits
from crawler.probing.told import Check, Proposal, Wanted
from scheduler.jobs import require_contact, stop_with_parent
from scheduler.limits import limits_of
from scheduler.log import set_up_logging
from scheduler.settings import Log, Settings
from storage.errors import EntryError, RasidError
from storage.model import Source


def check(
    settings: Settings, sources: Iterable[Source], *, tell: Callable[[Check], None]
) -> tuple[Check, ...]:
    """Probe sources and say what came of each, in their order, also where the child was killed or died.

    `tell` hears each check as it is done. Raises ConfigError where the sites would not learn who we are, and
    what the child raises of RasidError.
    """
    wanted = tuple(sources)
    done: dict[str, Check] = {}
    for each in _in_child(settings, _check_child, wanted, settings.catalogue.directory):
        tell(each)
        done[each.source] = each
    return tuple(done.get(source.id) or _unchecked(source) for source in wanted)


def find(settings: Settings, wanted: Wanted, *, tell: Callable[[str], None]) -> Proposal:
    """Look for the entries and articles of a site; `tell` hears each step.

    Raises ConfigError as `check`, EntryError where nothing is found that a crawl could use, InputError where
    the site does not tell what has to be known.
    """
    for each in _in_child(settings, _find_child, wanted):
        if isinstance(each, Proposal):
            return each
        tell(each)
    raise EntryError(f"{wanted.url}: the probe came to no end within [crawl] deadline; try again later")


def _unchecked(source: Source) -> Check:
    remedy = "the probe came to no end within [crawl] deadline; check this source alone"
    return Check(source=source.id, finding="not checked", remedy=remedy)


def _in_child(settings: Settings, target: Callable[..., None], *work: object) -> Iterator[Any]:
    """What a child tells until it ends or is killed at the deadline."""
    require_contact(settings)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    arguments = (*work, limits_of(settings), settings.log, sender)
    child = context.Process(target=target, args=arguments, name="rasid-probe", daemon=True)
    child.start()
    sender.close()
    end = monotonic() + settings.crawl.deadline
    try:
        while receiver.poll(max(0.0, end - monotonic())):
            said = receiver.recv()
            if isinstance(said, RasidError):
                raise said
            yield said
    except EOFError:
        pass
    finally:
        child.kill()
        child.join()


def _check_child(
    sources: tuple[Source, ...], directory: Path | None, limits: Limits, log: Log, sender: Connection
) -> None:
    from crawler.probing.run import check_sources

    _run(lambda: check_sources(sources, directory, limits, sender.send), log, sender)


def _find_child(wanted: Wanted, limits: Limits, log: Log, sender: Connection) -> None:
    from crawler.probing.run import find_source

    _run(lambda: find_source(wanted, limits, sender.send), log, sender)


def _run(probe: Callable[[], None], log: Log, sender: Connection) -> None:
    """What a child runs; it stops when its parent has died, and at once: there is nothing to lose."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    threading.Thread(target=stop_with_parent, daemon=True).start()
    set_up_logging(log)
    try:
        probe()
    except RasidError as error:
        sender.send(error)
