"""What is done on time or on demand, as plain functions: crawl the due sources, keep the catalogue in step.

A crawl runs in a child process (docs/adr/0004): a hung parser, a crash or a leak cannot take the service
down, and the deadline is kept by killing.
"""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from time import monotonic

from crawler.catalogue import readable_sources
from crawler.limits import Batch
from crawler.rules import load_rules
from scheduler.health import next_turn
from scheduler.limits import limits_of
from scheduler.log import set_up_logging
from scheduler.settings import Catalogue, Log, Settings
from storage.archive import Archive
from storage.errors import ConfigError, InputError, RasidError
from storage.model import CrawlReport, Problem, Source, SourceHealth

log = logging.getLogger(__name__)
_GRACE = 15  # seconds for a child that was asked to stop; it gives itself ten
Tell = Callable[[CrawlReport], None]


def load_catalogue(settings: Settings, archive: Archive) -> tuple[tuple[Source, ...], tuple[RasidError, ...]]:
    """The sources that can be read, and what is wrong with the others; archive and rules files are in step.

    Raises CatalogueError for a topic or names file that is wrong: nothing can be judged without them, and
    ConfigError for an id in [catalogue] that no source has.
    """
    sources, problems = read_catalogue(settings)
    rules = load_rules(settings.catalogue.directory)
    archive.load_catalogue(sources, rules.topics, rules.names.entities.values())
    return sources, problems


def read_catalogue(settings: Settings) -> tuple[tuple[Source, ...], tuple[RasidError, ...]]:
    """The sources that can be read, enabled as [catalogue] says, and what is wrong with the others.

    Raises ConfigError for an id in [catalogue] that no source has.
    """
    known, problems = readable_sources(settings.catalogue.directory)
    return tuple(_as_set(known, settings.catalogue)), problems


def choose(sources: Iterable[Source], names: Iterable[str]) -> tuple[Source, ...]:
    """The sources of these ids, else every enabled one.

    Raises InputError naming an id nobody knows.
    """
    known = {source.id: source for source in sources}
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            raise InputError(f"{name}: no such source; see `rasid sources list`")
    return tuple(known[name] for name in wanted) or tuple(each for each in known.values() if each.enabled)


def due(sources: Iterable[Source], health: Iterable[SourceHealth], now: datetime) -> tuple[Source, ...]:
    """The enabled sources whose turn it is by their own rhythm (scheduler.health.polling), and not paused."""
    known = {each.source: each for each in health}
    return tuple(
        source
        for source in sources
        if source.enabled
        and next_turn(source, known.get(source.id, SourceHealth(source=source.id)), now) <= now
    )


def require_contact(settings: Settings) -> None:
    """Raise ConfigError where the sites of the real web would not learn who we are."""
    if not settings.crawl.contact and not settings.crawl.route:
        raise ConfigError("[crawl] contact is not set; give a page or address where site owners reach you")


def crawl(
    settings: Settings, sources: Iterable[Source], *, tell: Tell, now: datetime, stopping: Callable[[], bool]
) -> tuple[CrawlReport, ...]:
    """Crawl sources in a child process and report on each, also where the child was killed or died.

    `tell` hears each report as its source finishes. When `stopping()` turns true the child finishes the
    requests in flight and stops. Raises what the child raises of RasidError, and ConfigError where the sites
    would not learn who we are.
    """
    require_contact(settings)
    wanted = tuple(source.id for source in sources)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    arguments = (_batch(settings, wanted), settings.log, sender)
    child = context.Process(target=_crawl_child, args=arguments, name="rasid-crawl", daemon=True)
    child.start()
    sender.close()
    reports = list(_listen(child, receiver, settings.crawl.deadline, tell, stopping))
    child.join()
    told = {report.source for report in reports}
    silent = tuple(_killed(name, now, child.exitcode) for name in wanted if name not in told)
    if not stopping():
        _record(settings, silent, tell)
    return (*reports, *silent)


def _as_set(sources: tuple[Source, ...], chosen: Catalogue) -> Iterator[Source]:
    """The sources, enabled as [catalogue] says."""
    known = {source.id for source in sources}
    for key, names in (("only", chosen.only), ("also", chosen.also)):
        for name in names:
            if name not in known:
                raise ConfigError(f"[catalogue] {key}: {name}: no such source; see `rasid sources list`")
    for source in sources:
        wanted = source.id in chosen.only if chosen.only else source.enabled
        yield replace(source, enabled=wanted or source.id in chosen.also)


def _batch(settings: Settings, sources: tuple[str, ...]) -> Batch:
    return Batch(
        archive_url=settings.database.url,
        directory=settings.catalogue.directory,
        sources=sources,
        limits=limits_of(settings),
    )


def _crawl_child(batch: Batch, logging_settings: Log, sender: Connection) -> None:
    """What the child runs; it stops when its parent has died."""
    from crawler.run import crawl_batch

    threading.Thread(target=_stop_with_parent, daemon=True).start()
    set_up_logging(logging_settings)
    try:
        crawl_batch(batch, sender.send)
    except RasidError as error:
        sender.send(error)


def _stop_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        signal.alarm(_GRACE)  # its default action ends the process, whatever hangs


def _listen(
    child: "multiprocessing.process.BaseProcess",
    receiver: Connection,
    deadline: int,
    tell: Tell,
    stopping: Callable[[], bool],
) -> Iterable[CrawlReport]:
    """The child's reports until it has ended; it is asked to stop once, and killed at the deadline."""
    end = monotonic() + deadline
    asked = False
    while monotonic() < end:
        if stopping() and not asked:
            child.terminate()
            asked, end = True, min(end, monotonic() + _GRACE)
        if not receiver.poll(0.2):
            continue
        try:
            said = receiver.recv()
        except EOFError:
            return
        if isinstance(said, RasidError):
            raise said
        tell(said)
        yield said
    log.error("the crawl did not end in time and is killed")
    child.kill()


def _killed(source: str, now: datetime, exit_code: int | None) -> CrawlReport:
    why = f"the crawl died (exit {exit_code}); what is left comes next time"
    if exit_code == -signal.SIGKILL:
        why = "the crawl was killed, by [crawl] deadline if by nobody else; what is left comes next time"
    problem = Problem(source=source, where="crawl", what=why)
    return CrawlReport(source=source, started=now, finished=now, outcome="killed", problems=(problem,))


def _record(settings: Settings, reports: Iterable[CrawlReport], tell: Tell) -> None:
    for report in reports:
        with Archive(settings.database.url) as archive:
            archive.record_crawl(report)
        tell(report)
