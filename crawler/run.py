"""crawl(): sources in, CrawlReports out. Runs in a process of its own: a reactor cannot be started twice."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import scrapy.core.downloader.contextfactory  # noqa: F401 - soonest: it looks at all that is imported by then
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from crawler.catalogue import readable_sources
from crawler.ending import ease_out, signals, while_in_turn
from crawler.fetching.means import Means, Tell
from crawler.fetching.politeness import scrapy_settings, source_settings
from crawler.fetching.recording import memory_of
from crawler.limits import Batch, Limits
from crawler.rules import kept_rules
from crawler.signs import Beat, Begun
from crawler.sites import home_of, hosts_of
from crawler.spider import SourceSpider
from storage.archive import Archive
from storage.errors import ArchiveError, InputError
from storage.model import CrawlReport, Problem, Source
from storage.warc import WarcFolder

_LOOK = 0.05  # seconds between two looks at crawls that are to stop
_BEAT = 2.0  # seconds between two signs of life


def crawl_batch(batch: Batch, tell: Tell) -> tuple[CrawlReport, ...]:
    """Crawl a batch in this process, which must not have crawled before: what a crawl child does.

    Opens archive, catalogue and rules itself; otherwise as `crawl`. Raises InputError for a source id nobody
    knows, CatalogueError for wrong rules, ArchiveError.
    """
    known = {source.id: source for source in readable_sources(batch.directory)[0]}
    for source_id in batch.sources:
        if source_id not in known:
            raise InputError(f"{source_id}: no such source; known are {', '.join(known)}")
    chosen = [known[source_id] for source_id in batch.sources]
    with Archive(batch.archive_url) as archive:
        means = Means(
            archive=archive,
            rules=kept_rules(batch.directory, batch.topics),
            known=tuple(known.values()),
            snapshots=WarcFolder(batch.snapshots) if batch.snapshots else None,
            tell=tell,
            backfilling=batch.since is not None,
            clock=batch.clock,
        )
        return crawl(chosen, means, batch.limits, batch.since)


def crawl(
    sources: Iterable[Source], means: Means, limits: Limits, since: datetime | None = None
) -> tuple[CrawlReport, ...]:
    """Crawl each source once, `limits.sources_at_once` at a time and one at a time on a host, and report.

    With `since` each source is back-filled to then.

    Every report is recorded in the archive (`record_crawl`) and then told, as its source finishes; all are
    returned in that order. Told is also which source has begun, and every two seconds that the loop is alive.

    On SIGTERM or SIGINT requests in flight are finished (at most `limits.grace` seconds), their reports have
    the outcome "stopped", and crawl() returns; sources not begun have no report.
    Which sources are due and which are paused is the caller's to decide; but a host that asks for a pause
    gets it from all the known sources on it, also those of this crawl that wait for their turn.
    """
    process = make_process(limits)
    crawls = Crawls(process, means, limits, since)
    loop = asyncio.get_event_loop()
    done = loop.create_task(crawls.run(sources))
    done.add_done_callback(stop_reactor)
    with signals(loop, crawls.stop):
        process.start(stop_after_crawl=False, install_signal_handlers=False)
    return done.result()


def make_process(limits: Limits) -> AsyncCrawlerProcess:
    """What crawls run in. Creates the reactor and its loop: nothing may make another loop after it."""
    logger = logging.getLogger("scrapy")
    level = logger.level
    process = AsyncCrawlerProcess(scrapy_settings(limits))
    logger.setLevel(level)  # making the process has set it to DEBUG
    return process


class Crawls:
    """One round of crawls in a process, which may have many, one after the other."""

    def __init__(
        self, process: AsyncCrawlerProcess, means: Means, limits: Limits, since: datetime | None
    ) -> None:
        self._process, self._means, self._limits, self._since = process, means, limits, since
        self._places = asyncio.Semaphore(limits.sources_at_once)
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._paused: set[str] = set()  # hosts that have asked for it in this crawl
        self._reports: list[CrawlReport] = []
        self._stopping: asyncio.Task[None] | None = None

    async def run(self, sources: Iterable[Source]) -> tuple[CrawlReport, ...]:
        """Crawl all and report as `crawl` does, in the loop of the process."""
        # A thread for what each source may be waiting for, so that one page being examined holds up no other.
        threads = ThreadPoolExecutor(self._limits.sources_at_once + 1)
        asyncio.get_running_loop().set_default_executor(threads)
        beating = asyncio.ensure_future(self._beat())
        try:
            await asyncio.gather(*(self._crawl(source) for source in sources))
        finally:
            beating.cancel()
            threads.shutdown(wait=False)
        return tuple(self._reports)

    def stop(self) -> None:
        """Called on a signal, in the loop: no new page, a while for those in flight."""
        if self._stopping is None:
            self._stopping = asyncio.ensure_future(self._wind_down())

    async def _beat(self) -> None:
        while True:
            self._means.tell(Beat())
            await asyncio.sleep(_BEAT)

    async def _crawl(self, source: Source) -> None:
        """Wait for the hosts, in one order so that none waits in a circle, then for a place; then crawl."""
        async with AsyncExitStack() as stack:
            for host in hosts_of(source):
                await stack.enter_async_context(self._hosts[host])
            await stack.enter_async_context(self._places)
            if not self._stopping:
                self._tell_all(await self._crawl_in_turn(source))

    async def _crawl_in_turn(self, source: Source) -> CrawlReport:
        """The report, unless another process is on one of the hosts, or a host wants to be left alone."""
        if home_of(source) in self._paused:
            return self._left_alone(source, "paused")
        try:
            with ExitStack() as stack:
                turn = self._means.archive.access.turn(hosts_of(source))
                holds = await asyncio.to_thread(stack.enter_context, turn)
                if holds is None:
                    return self._left_alone(
                        source, "busy", "another crawl of it is under way; try again later"
                    )
                return await asyncio.to_thread(self._recorded, await self._crawl_alone(source, holds))
        except ArchiveError as error:
            return self._left_alone(source, "broken", str(error))

    async def _crawl_alone(self, source: Source, holds: Callable[[], bool]) -> CrawlReport:
        self._means.tell(Begun(source.id))
        settings = scrapy_settings(self._limits) | source_settings(source, self._limits)
        crawler = Crawler(SourceSpider, settings)
        memory = memory_of(source, self._means)
        crawling = self._process.crawl(crawler, source, memory, self._limits, self._since)
        await while_in_turn(crawler, asyncio.ensure_future(crawling), holds)
        report = report_of(crawler)
        if report.outcome == "paused":
            self._paused.add(home_of(source))
        return report

    def _recorded(self, report: CrawlReport) -> CrawlReport:
        """The report, which says so itself if it cannot be recorded: the other sources go on.

        A walk back in time is no turn of a source: it says nothing of its health.
        """
        if self._since is not None:
            return report
        try:
            self._means.archive.record_crawl(report)
        except ArchiveError as error:
            problem = Problem(source=report.source, where="archive", what=str(error))
            return replace(report, problems=(*report.problems, problem))
        return report

    def _left_alone(self, source: Source, outcome: str, why: str = "") -> CrawlReport:
        now = self._means.clock()
        problems = (Problem(source=source.id, where="crawl", what=why),) if why else ()
        return CrawlReport(source=source.id, started=now, finished=now, outcome=outcome, problems=problems)

    def _tell_all(self, report: CrawlReport) -> None:
        self._reports.append(report)
        self._means.tell(report)

    async def _wind_down(self) -> None:
        """Let requests in flight come in; break off those that wait for their turn, in the end all."""
        end = asyncio.get_running_loop().time() + self._limits.grace
        while self._process.crawlers and asyncio.get_running_loop().time() < end:
            for crawler in tuple(self._process.crawlers):
                await ease_out(crawler)
            await asyncio.sleep(_LOOK)
        await self._process.stop()


def report_of(crawler: Crawler) -> CrawlReport:
    """What a crawl that has ended came to."""
    spider = crawler.spider
    assert isinstance(spider, SourceSpider)  # noqa: S101 - `crawl` made it
    requests = int(crawler.stats.get_value("downloader/request_count", 0))
    return spider.tally.report(finished=spider.memory.clock(), requests=requests)


def stop_reactor(_: object) -> None:
    """End the process's loop: called when all its work is done."""
    from twisted.internet import reactor  # exists only once the process has been made

    cast(Any, reactor).stop()
