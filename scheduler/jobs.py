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
from storage.model import Backfill, CrawlReport, Problem, Source, SourceHealth

log = logging.getLogger(__name__)
_GRACE = 15  # seconds for a child that was asked to stop; it gives itself ten
_PATIENCE = 1.1  # times [crawl] deadline: what a child may be silent
Tell = Callable[[CrawlReport], None]


def load_catalogue(settings: Settings, archive: Archive) -> tuple[tuple[Source, ...], tuple[RasidError, ...]]:
    """The sources that can be read, and what is wrong with the others; archive and rules files are in step.

    Raises CatalogueError for a topic or names file that is wrong: nothing can be judged without them, and
    ConfigError for an id in [catalogue] that no source has, and for a topic of the digest that is not in use.
    """
    sources, problems = read_catalogue(settings)
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    wanted, ids = settings.digest.topic, [topic.id for topic in rules.topics]
    if wanted not in ids:
        raise ConfigError(f"[digest] topic: {wanted} is not in use; there are {', '.join(ids)}")
    archive.load_catalogue(sources, rules.topics, rules.names.entities.values())
    return sources, problems


def read_catalogue(settings: Settings) -> tuple[tuple[Source, ...], tuple[RasidError, ...]]:
    """The sources that can be read, enabled as [catalogue] says, and what is wrong with the others.

    Raises ConfigError for an id in [catalogue] that no source has.
    """
    known, problems = readable_sources(settings.catalogue.directory)
    return tuple(as_set(known, settings.catalogue)), problems


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


def due(
    sources: Iterable[Source],
    health: Iterable[SourceHealth],
    now: datetime,
    revisits: frozenset[str] = frozenset(),
) -> tuple[Source, ...]:
    """The enabled sources whose turn it is by their own rhythm (scheduler.health.polling), and not paused.

    Those of `revisits`, which have articles to be looked at again, are due as often as a source can be,
    unless they fail.
    """
    known = {each.source: each for each in health}
    soon = revisits - {each.source for each in known.values() if each.failures}
    return tuple(
        each
        for each in sources
        if each.enabled and _turn(_polled(each, soon), known.get(each.id), now) <= now
    )


def require_contact(settings: Settings) -> None:
    """Raise ConfigError where the sites of the real web would not learn who we are."""
    if not settings.crawl.contact and not settings.crawl.route:
        raise ConfigError("[crawl] contact is not set; give a page or address where site owners reach you")


def crawl(
    settings: Settings,
    sources: Iterable[Source],
    *,
    tell: Tell,
    now: datetime,
    stopping: Callable[[], bool],
    since: datetime | None = None,
    progress: Callable[[Backfill], None] = lambda _: None,
) -> tuple[CrawlReport, ...]:
    """Crawl sources in a child process and report on each, also where the child was killed or died.

    With `since` they are back-filled to then: `progress` hears how far each has come, and the deadline is
    that of one step.
    `tell` hears each report as its source finishes. When `stopping()` turns true the child finishes the
    requests in flight and stops. Raises what the child raises of RasidError, and ConfigError where the sites
    would not learn who we are.
    """
    require_contact(settings)
    wanted = tuple(source.id for source in sources)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    arguments = (_batch(settings, wanted, since), settings.log, sender)
    child = context.Process(target=_crawl_child, args=arguments, name="rasid-crawl", daemon=True)
    child.start()
    sender.close()
    reports = list(_listen(child, receiver, settings.crawl.deadline, tell, progress, stopping))
    child.join()
    told = {report.source for report in reports}
    silent = tuple(_killed(name, now, child.exitcode) for name in wanted if name not in told)
    if not stopping():
        _tell_silent(settings, silent, tell, is_turn=since is None)
    return (*reports, *silent)


def as_set(sources: tuple[Source, ...], chosen: Catalogue) -> Iterator[Source]:
    """The sources, enabled as [catalogue] says. Raises ConfigError for an id there that no source has."""
    known = {source.id for source in sources}
    for key, names in (("only", chosen.only), ("also", chosen.also)):
        for name in names:
            if name not in known:
                raise ConfigError(f"[catalogue] {key}: {name}: no such source; see `rasid sources list`")
    for source in sources:
        wanted = source.id in chosen.only if chosen.only else source.enabled
        yield replace(source, enabled=wanted or source.id in chosen.also)


def _polled(source: Source, soon: frozenset[str]) -> Source:
    if source.id not in soon:
        return source
    return replace(source, poll=min(source.poll, source.poll_least), poll_most=source.poll_least)


def _turn(source: Source, health: SourceHealth | None, now: datetime) -> datetime:
    return next_turn(source, health or SourceHealth(source=source.id), now)


def _batch(settings: Settings, sources: tuple[str, ...], since: datetime | None) -> Batch:
    return Batch(
        archive_url=settings.database.url,
        directory=settings.catalogue.directory,
        topics=settings.catalogue.topics,
        sources=sources,
        limits=limits_of(settings),
        snapshots=settings.snapshots.directory if settings.snapshots.keep else None,
        since=since,
    )


def _crawl_child(batch: Batch, logging_settings: Log, sender: Connection) -> None:
    """What the child runs; it stops when its parent has died."""
    from crawler.run import crawl_batch

    threading.Thread(target=stop_with_parent, daemon=True).start()
    set_up_logging(logging_settings)
    try:
        crawl_batch(batch, sender.send)
    except RasidError as error:
        sender.send(error)


def stop_with_parent() -> None:
    """Wait for the parent's death and end this process with it: what a thread of every child does."""
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
    progress: Callable[[Backfill], None],
    stopping: Callable[[], bool],
) -> Iterable[CrawlReport]:
    """The child's reports until it has ended.

    Each source ends by itself at the deadline. A child that says nothing for longer, or shall stop, is asked
    to end, and killed if it does not.
    """
    patience = deadline * _PATIENCE + _GRACE
    end = monotonic() + patience
    asked = False
    while monotonic() < end or not asked:
        if not asked and (stopping() or monotonic() >= end):
            child.terminate()
            asked, end = True, monotonic() + _GRACE
        if not receiver.poll(0.2):
            continue
        try:
            said = receiver.recv()
        except EOFError:
            return
        if isinstance(said, RasidError):
            raise said
        if not asked:
            end = monotonic() + patience
        if isinstance(said, Backfill):
            progress(said)
            continue
        tell(said)
        yield said
    log.error("the crawl did not end in time and is killed")
    child.kill()


def _killed(source: str, now: datetime, exit_code: int | None) -> CrawlReport:
    why = f"the crawl died (exit {exit_code}); what is left comes next time"
    if exit_code in (-signal.SIGKILL, -signal.SIGTERM):
        why = "the crawl was killed, by [crawl] deadline if by nobody else; what is left comes next time"
    problem = Problem(source=source, where="crawl", what=why)
    return CrawlReport(source=source, started=now, finished=now, outcome="killed", problems=(problem,))


def _tell_silent(settings: Settings, reports: Iterable[CrawlReport], tell: Tell, *, is_turn: bool) -> None:
    for report in reports:
        if is_turn:
            with Archive(settings.database.url) as archive:
                archive.record_crawl(report)
        tell(report)
