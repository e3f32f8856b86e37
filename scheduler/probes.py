"""Probes as plain functions, each in a child process for the reasons of a crawl (docs/adr/0004)."""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from crawler.probing.told import Check, Proposal, Wanted
from scheduler.jobs import require_contact, stop_with_parent
from scheduler.limits import limits_of
from scheduler.log import set_up_logging
from scheduler.settings import Settings
from storage.errors import EntryError, RasidError
from storage.model import Source

_ENDLESS = "came to no end, by [crawl] deadline if by nobody else"


def check(
    settings: Settings, sources: Iterable[Source], *, tell: Callable[[Check], None]
) -> tuple[Check, ...]:
    """Probe sources and say what came of each, in their order, also where the child was killed or died.

    `tell` hears each check as it is done. Raises ConfigError where the sites would not learn who we are, and
    what the child raises of RasidError.
    """
    wanted = tuple(sources)
    done: dict[str, Check] = {}
    for each in _in_child(settings, _check_child, wanted):
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
    raise EntryError(f"{wanted.url}: the probe {_ENDLESS}; try again later")


def _unchecked(source: Source) -> Check:
    remedy = f"the probe {_ENDLESS}; check this source alone"
    return Check(source=source.id, finding="not checked", remedy=remedy)


def _in_child(settings: Settings, target: Callable[..., None], *work: object) -> Iterator[Any]:
    """What a child tells until it ends or is killed at the deadline."""
    require_contact(settings)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=target, args=(*work, settings, sender), name="rasid-probe", daemon=True)
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


def _check_child(sources: tuple[Source, ...], settings: Settings, sender: Connection) -> None:
    from crawler.probing.run import check_sources
    from crawler.rules import load_rules

    with _child(settings, sender):
        check_sources(
            sources,
            archive_url=settings.database.url,
            rules=load_rules(settings.catalogue.directory, settings.catalogue.topics),
            limits=limits_of(settings),
            tell=sender.send,
        )


def _find_child(wanted: Wanted, settings: Settings, sender: Connection) -> None:
    from crawler.probing.run import find_source

    with _child(settings, sender):
        find_source(wanted, archive_url=settings.database.url, limits=limits_of(settings), tell=sender.send)


@contextmanager
def _child(settings: Settings, sender: Connection) -> Iterator[None]:
    """How a child lives: it stops when its parent has died, and what a person can mend is sent to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    threading.Thread(target=stop_with_parent, daemon=True).start()
    set_up_logging(settings.log)
    try:
        yield
    except RasidError as error:
        sender.send(error)
