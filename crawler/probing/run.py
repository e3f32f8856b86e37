"""Probes of a process: sources in, Checks out; a URL in, a Proposal out. Runs in a child, as a crawl does."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, ExitStack

from scrapy.crawler import Crawler

from crawler.fetching.politeness import scrapy_settings, source_settings
from crawler.limits import Limits
from crawler.probing.access import access_of
from crawler.probing.check import check_source
from crawler.probing.search import search_site
from crawler.probing.site import Site
from crawler.probing.spider import ProbeSpider, Work
from crawler.probing.told import Access, Check, Proposal, Wanted
from crawler.probing.whereabouts import stranger
from crawler.rules import Rules
from crawler.run import make_process, stop_reactor
from crawler.sites import hosts_of
from storage.archive import Archive
from storage.errors import ArchiveError, EntryError, RasidError
from storage.model import RobotsFile, Source


def check_sources(
    sources: Iterable[Source],
    *,
    archive_url: str,
    rules: Rules,
    limits: Limits,
    tell: Callable[[Check], None],
) -> None:
    """Probe each source, `limits.sources_at_once` at a time and never two on one host, and tell of each.

    The archive is only asked whether somebody is crawling its hosts.
    """
    probes = _Probes(archive_url, limits)

    async def check(source: Source) -> None:
        found: list[Check] = []

        async def work(site: Site) -> None:
            found.append(await check_source(source, site, rules))

        failed = await probes.run(source, work)
        tell(found[0] if found else Check(source=source.id, finding="not checked", remedy=str(failed)))

    probes.run_all(check(source) for source in sources)


def look_at_access(
    sources: Iterable[Source], *, archive_url: str, limits: Limits, tell: Callable[[Access], None]
) -> None:
    """Ask the hosts of sources for robots.txt alone, each once, as politely as `check_sources`."""
    probes = _Probes(archive_url, limits)
    seen: dict[str, RobotsFile] = {}

    async def look(source: Source) -> None:
        found: list[Access] = []

        async def work(site: Site) -> None:
            found.append(await access_of(source, site, seen))

        failed = await probes.run(source, work)
        tell(found[0] if found else Access(source=source.id, failed=str(failed)))

    probes.run_all(look(source) for source in sources)


def find_source(
    wanted: Wanted, *, archive_url: str, limits: Limits, tell: Callable[[str | Proposal], None]
) -> None:
    """Look for the entries and articles of a site nobody knows, telling each step and last the proposal.

    Raises EntryError (URL, what, remedy) where nothing is found that a crawl could use, and InputError where
    the site does not tell what has to be known.
    """
    probes = _Probes(archive_url, limits)
    unknown = stranger(wanted)

    async def find() -> None:
        async def work(site: Site) -> None:
            tell(await search_site(wanted, site, tell))

        failed = await probes.run(unknown, work)
        if failed:
            raise failed

    probes.run_all([find()])


class _Probes:
    """The probes of one process."""

    def __init__(self, archive_url: str, limits: Limits) -> None:
        self._archive = Archive(archive_url)
        self._limits = limits
        self._process = make_process(limits)
        self._turns = asyncio.Semaphore(limits.sources_at_once)
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def run_all(self, probes: Iterable[Awaitable[None]]) -> None:
        """Run the loop of the process until all have ended. Raises what one of them raises."""
        loop = asyncio.get_event_loop()
        done = loop.create_task(_gathered(probes))
        done.add_done_callback(stop_reactor)
        self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        done.result()

    async def run(self, source: Source, work: Work) -> RasidError | None:
        """Do one piece of work when its turn has come; why it came to no end, if it did not."""
        async with AsyncExitStack() as locks:
            for host in hosts_of(source):  # in one order, so that none waits in a circle
                await locks.enter_async_context(self._hosts[host])
            await locks.enter_async_context(self._turns)
            with ExitStack() as stack:
                if await asyncio.to_thread(self._take_turn, source, stack):
                    return await self._run_alone(source, work)
        return EntryError(f"{source.entries[0].url}: a crawl of it is under way; try again later")

    def _take_turn(self, source: Source, stack: ExitStack) -> bool:
        try:
            return stack.enter_context(self._archive.access.turn(hosts_of(source))) is not None
        except (ArchiveError, OSError):
            return True  # where there is no archive nobody crawls

    async def _run_alone(self, source: Source, work: Work) -> RasidError | None:
        crawler = Crawler(ProbeSpider, scrapy_settings(self._limits) | source_settings(source, self._limits))
        await self._process.crawl(crawler, source.id, work, self._limits)
        spider = crawler.spider
        assert isinstance(spider, ProbeSpider)  # noqa: S101 - made by the line above
        return spider.failed


async def _gathered(probes: Iterable[Awaitable[None]]) -> None:
    await asyncio.gather(*probes)
