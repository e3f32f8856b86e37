"""crawl(): sources are crawled in child processes, so that no page can take down more than its own crawl.

A crawl runs in a child (docs/adr/0029): a hung parser, a crash or a leak cannot take the service down. After
one, the sources that had begun are crawled again at once, each alone, so that it is known which one it was.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from crawler.clock import Clock
from crawler.clock import now as real
from crawler.limits import Batch
from crawler.signs import Begun
from scheduler.children import DONE, STOPPED, Bounds, Child, Context, Say, in_words
from scheduler.limits import limits_of, require_contact
from scheduler.places import Places
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError
from storage.event import event
from storage.model import Backfill, CrawlReport, Problem, Source

log = logging.getLogger(__name__)
Tell = Callable[[CrawlReport], None]
Progress = Callable[[Backfill], None]

_PATIENCE = 1.1  # times [crawl] deadline, by which a source ends by itself
_SLACK = 15.0  # seconds
_NEXT = "what it had in hand is tried again in an hour, the rest at its next turn"


def crawl(
    settings: Settings,
    sources: Iterable[Source],
    *,
    tell: Tell,
    now: datetime,
    stopping: Callable[[], bool],
    since: datetime | None = None,
    progress: Progress = lambda _: None,
    context: Context | None = None,
    clock: Clock = real,
    bounds: Bounds | None = None,
) -> tuple[CrawlReport, ...]:
    """Crawl sources in a child process and report on each, whatever becomes of the child.

    With `since` they are back-filled to then: `progress` hears how far each has come, and the deadline is
    that of one step. `context` is how a process begins: spawned, unless it says otherwise; `clock` says what
    time it is in it.
    `tell` hears each report as its source finishes, of one thread at a time. A source that brings down a
    child of its own is told and recorded as "killed"; one that had not begun when another did so is left as
    it was, and its report, "stopped", is not told. When `stopping()` turns true the children finish the
    requests in flight and stop. May be called by several threads at once. Raises what a child raises of
    RasidError, and ConfigError where the sites would not learn who we are.
    """
    require_contact(settings)
    crawling = Crawling(
        settings=settings,
        tell=tell,
        now=now,
        stopping=stopping,
        since=since,
        progress=progress,
        context=context,
        clock=clock,
        bounds=bounds or bounds_of(settings),
        places=Places(settings.crawl.processes),
    )
    names = tuple(source.id for source in sources)
    end = crawling.together(names)
    reports = (*end.reports, *crawling.apart(end))
    told = {report.source for report in reports}
    return (*reports, *(_left(name, now, end.why) for name in names if name not in told))


def bounds_of(settings: Settings) -> Bounds:
    """When a child is made to end, as [crawl] says."""
    return Bounds(memory=settings.crawl.memory, patience=settings.crawl.deadline * _PATIENCE + _SLACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How one child ended."""

    sources: tuple[str, ...] = ()  # all it had
    reports: tuple[CrawlReport, ...] = ()
    suspects: tuple[str, ...] = ()  # that may have brought it down
    why: str = ""  # what did; empty: nothing


@dataclass(frozen=True, kw_only=True)
class Crawling:
    """What crawls of one beginning have in common; its methods may be called by several threads at once."""

    settings: Settings
    tell: Tell
    now: datetime
    stopping: Callable[[], bool]
    since: datetime | None = None
    progress: Progress = lambda _: None
    context: Context | None = None
    clock: Clock = real
    bounds: Bounds
    places: Places
    _began: float = field(default_factory=monotonic)
    _telling: threading.Lock = field(default_factory=threading.Lock)

    def together(self, sources: tuple[str, ...]) -> End:
        """Crawl sources in one child, as soon as there is a place, and tell each report.

        Raises what the child raises of RasidError.
        """
        heard = _Heard(self._tell, self.bounds)
        with self.places.taken(self.stopping) as is_mine:
            if not is_mine:
                return End(sources=sources)
            why = self._child(sources, heard)
        if heard.error is not None:
            raise heard.error
        if why:
            log.error(event("crawl killed", sources=",".join(heard.begun or sources), error=why))
        suspects = tuple(heard.begun) if why else ()
        return End(sources=sources, reports=tuple(heard.reports), suspects=suspects, why=why)

    def apart(self, end: End) -> tuple[CrawlReport, ...]:
        """Crawl each suspect of a child that was brought down again, alone; all at once, if there are places.

        One that was alone already, or brings down this child too, is recorded and told as killed.
        """
        if not end.suspects:
            return ()
        if len(end.sources) == 1:
            return (self._killed(end.suspects[0], end.why),)
        with ThreadPoolExecutor(len(end.suspects)) as threads:
            return tuple(each for some in threads.map(self._alone, end.suspects) for each in some)

    def _alone(self, source: str) -> tuple[CrawlReport, ...]:
        end = self.together((source,))
        return (*end.reports, *self.apart(end))

    def _child(self, sources: tuple[str, ...], heard: "_Heard") -> str:
        """Have a child crawl; what brought it down."""
        child = Child(
            crawl_child,
            _batch(self.settings, sources, self.since, self.clock),
            name="rasid-crawl",
            log=self.settings.log,
            context=self.context,
        )
        why = child.listen(heard.hear, bounds=self.bounds, wrong=heard.wrong, stopping=self.stopping)
        return "" if self.stopping() else why or in_words(child.exit)

    def _tell(self, said: CrawlReport | Backfill) -> None:
        with self._telling:
            if isinstance(said, Backfill):
                self.progress(said)
            else:
                self.tell(said)

    def _killed(self, source: str, why: str) -> CrawlReport:
        """The report on a source that brought down a child of its own; a walk back is no turn of it."""
        moment = self.now + timedelta(seconds=monotonic() - self._began)
        problem = Problem(source=source, where="crawl", what=f"alone in its process it {why}; {_NEXT}")
        report = CrawlReport(
            source=source, started=moment, finished=moment, outcome="killed", problems=(problem,)
        )
        if self.since is None:
            with Archive(self.settings.database.url) as archive:
                archive.record_crawl(report)
        self._tell(report)
        return report


class _Heard:
    """What one child has said so far."""

    def __init__(self, tell: Callable[[CrawlReport | Backfill], None], bounds: Bounds) -> None:
        self.reports: list[CrawlReport] = []
        self.begun: dict[str, float] = {}  # sources without a report -> when they last came on
        self.error: RasidError | None = None
        self._blamed: set[str] = set()  # for what the child was asked to stop
        self._tell, self._bounds = tell, bounds

    def hear(self, said: object) -> None:
        """Take in one thing. That a source stopped which is to blame for that is no report on it."""
        match said:
            case Begun(source):
                self.begun[source] = monotonic()
            case Backfill():
                self.begun[said.name.partition(" ")[0]] = monotonic()  # its source is the first word
                self._tell(said)
            case CrawlReport() if said.outcome != "stopped" or said.source not in self._blamed:
                self.begun.pop(said.source, None)
                self.reports.append(said)
                self._tell(said)
            case RasidError():
                self.error = said

    def wrong(self, memory: float) -> str:
        """Why a child that holds so many MB has to stop: too many, or a source that comes to no end."""
        if memory > self._bounds.memory:
            self._blamed.update(self.begun)
            return f"held more than {self._bounds.memory:g} MB ([crawl] memory)"
        late = [each for each, last in self.begun.items() if monotonic() - last > self._bounds.patience]
        self._blamed.update(late)
        return f"came to no end by [crawl] deadline ({', '.join(late)})" if late else ""


def crawl_child(batch: Batch, say: Say) -> int:
    """What a crawl child does."""
    from crawler.run import crawl_batch

    reports = crawl_batch(batch, say)
    is_whole = len(reports) == len(batch.sources) and all(each.outcome != "stopped" for each in reports)
    return DONE if is_whole else STOPPED


def _batch(settings: Settings, sources: tuple[str, ...], since: datetime | None, clock: Clock) -> Batch:
    return Batch(
        archive_url=settings.database.url,
        directory=settings.catalogue.directory,
        topics=settings.catalogue.topics,
        sources=sources,
        limits=limits_of(settings),
        snapshots=settings.snapshots.directory if settings.snapshots.keep else None,
        since=since,
        clock=clock,
    )


def _left(source: str, now: datetime, why: str) -> CrawlReport:
    what = f"not begun, for its process {why}"
    problems = (Problem(source=source, where="crawl", what=what),) if why else ()
    return CrawlReport(source=source, started=now, finished=now, outcome="stopped", problems=problems)
