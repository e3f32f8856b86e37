"""The one spider: the entries of a source, their links, their pages, politely and in order.

`start` is the only callback. It asks for one page at a time and waits for it, so that the way of a crawl
reads from top to bottom, a source never gets two requests at once, and things are remembered in their order.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeGuard

from scrapy import Request, Spider
from scrapy.http import Response

from crawler.backfill.walk import Walk
from crawler.discovery import on_site, page_url
from crawler.fetching.answers import (
    PAUSE,
    REFUSALS,
    Refused,
    as_page,
    asked_pause,
    asks_to_wait,
    empty_page,
    explained,
    status_refused,
)
from crawler.fetching.arriving import unwelcome
from crawler.fetching.memory import Memory
from crawler.fetching.pausing import StopCrawl, pause
from crawler.fetching.rationing import try_today
from crawler.fetching.reader import EntryReader
from crawler.fetching.revisiting import look_again
from crawler.fetching.searching import only_searches, search
from crawler.fetching.tally import Tally
from crawler.limits import Limits
from storage.errors import ArchiveError, RasidError
from storage.event import event
from storage.model import Link, Page, Source, Unavailable

_REFUSALS_IN_A_ROW = 3
_FAILURES_IN_A_ROW = 3
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

logger = logging.getLogger(__name__)


class SourceSpider(Spider):
    """Crawls one source once; `tally` is what came of it. Knows neither the archive nor what examining is."""

    def __init__(self, source: Source, memory: Memory, limits: Limits, since: datetime | None = None) -> None:
        """With `since` the crawl goes back to then through the entries, instead of taking what is new."""
        super().__init__(name=source.id)
        self.source = source
        self.tally = Tally(source=source.id, started=memory.clock())
        self.memory = memory
        self._limits = limits
        self._since = since
        self._stopping = False
        self._began = monotonic()
        self._refusals = 0  # articles in a row
        self._failures: list[tuple[Page, Unavailable]] = []  # in a row, and such as may pass

    def stop(self) -> None:
        """Finish the page in hand, then end with the outcome "stopped"."""
        self._stopping = True

    @property
    def waits(self) -> bool:
        """Whether the request in hand has not gone out yet, but waits for its turn."""
        return any(slot.queue for slot in self.crawler.engine.downloader.slots.values())

    async def start(self) -> AsyncIterator[Any]:
        """Called by Scrapy: the whole crawl. It yields nothing, for nothing is left to schedule."""
        try:
            await self._take_course()
        except StopCrawl as stop:
            self.tally.outcome = str(stop)
        except asyncio.CancelledError:
            self.tally.outcome = "stopped"
            raise
        except Exception as error:  # one source must not stop the others; the log has the rest
            is_ours = isinstance(error, RasidError)  # and says all there is to say
            logger.warning(event("crawl broke off", source=self.source.id), exc_info=not is_ours)
            self.tally.outcome = "broken"
            self.tally.problem("crawl", f"broke off: {error if is_ours else repr(error)}")
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def _is_late(self) -> bool:
        return monotonic() - self._began > self._limits.deadline

    async def _take_course(self) -> None:
        if only_searches(self.source):
            await search(self.source, self.memory, self.tally, self._get)
        elif self._since is not None:
            await self._go_back(self._since)
        else:
            await self._crawl()

    async def _crawl(self) -> None:
        """Entries first, pages next, newest first, then what the entries said of themselves; last what is
        recorded already and due to be looked at again.

        A crash loses nothing: an entry is remembered when each of its links has been begun, and a link that
        was begun and came to nothing is among the `retries`, whether or not its entry still names it. Where
        no entry is answered, nothing is tried: while a site is down its pages must not use up their tries.
        What the host gives no more of today waits for tomorrow, what there is no time for for the next crawl.
        """
        reader = EntryReader(self.source, self.memory, self._limits, self.tally, self._get_in_time)
        found = await reader.read()
        retries = () if reader.is_down else await asyncio.to_thread(self.memory.retries)
        links = {link.key: link for link in (*found, *retries)}
        newest_first = sorted(links.values(), key=lambda link: link.published or _LONG_AGO, reverse=True)
        chosen, left = newest_first[: self._limits.max_pages], newest_first[self._limits.max_pages :]
        left += await try_today(chosen, self.memory, self.tally, self._try, self._is_late)
        await self._blame_pages()
        for state in reader.states(left):
            await asyncio.to_thread(self.memory.remember_entry, state)
        if not reader.is_down and self.tally.outcome == "done":
            most = self._limits.max_pages - len(chosen)
            await look_again(self.source, self.memory, self.tally, self._get_again, most)

    async def _go_back(self, since: datetime) -> None:
        walk = Walk(
            source=self.source,
            since=since,
            memory=self.memory,
            tally=self.tally,
            get=self._get,
            attempt=self._try,
        )
        await walk.go()
        await self._blame_pages()

    async def _try(self, link: Link) -> None:
        """Fetch one page; whatever is wrong with it is its own problem."""
        try:
            await self._fetch(link)
        except (StopCrawl, ArchiveError):
            raise
        except Exception as error:  # one page must not stop the others; the log has the rest
            logger.warning(event("page not fetched", url=link.url), exc_info=True)
            detail = f"cannot be fetched ({error!r}); please report it"
            why = Unavailable(reason="cannot be fetched", again=True, detail=detail, kind="connection")
            self.tally.count(why, link.url)

    async def _fetch(self, link: Link) -> None:
        """Fetch one page and have it examined, or say why it cannot be had."""
        if self._stopping:
            raise StopCrawl("stopped")
        await asyncio.to_thread(self.memory.begin_try, link)
        try:
            answer = await self._get_page(link, Request(link.url))
        except (StopCrawl, asyncio.CancelledError):
            self.memory.withdraw_try(link)  # not in a thread: a cancelled task must not wait
            raise
        await self._use(link, answer)

    async def _use(self, link: Link, answer: Response | Refused) -> None:
        now = self.memory.clock()
        why = unwelcome(link, answer, self.source)
        if why and why.again:
            await self._bear(empty_page(link, now, answer), why)
            return
        if isinstance(answer, Response):
            await self._blame_pages()
        if why:
            await self._give_up(empty_page(link, now, answer), why)
        elif isinstance(answer, Response):
            await self._keep(as_page(link, answer, now))
        await self._mind_refusals(link, answer)

    async def _keep(self, page: Page) -> None:
        self.tally.fetched += 1
        verdict = await asyncio.to_thread(self.memory.keep, page)
        self.tally.count(verdict, page.link.url)

    async def _give_up(self, page: Page, why: Unavailable) -> None:
        await asyncio.to_thread(self.memory.give_up, page, why)
        self.tally.count(why, page.link.url)

    async def _bear(self, page: Page, why: Unavailable) -> None:
        """A failure that may pass. After a few in a row an entry is asked: is it the pages, or the site?"""
        self._failures.append((page, why))
        if len(self._failures) < _FAILURES_IN_A_ROW:
            return
        entry = await self._get(Request(page_url(self.source.entries[0])))
        if isinstance(entry, Response) and entry.status < 500:
            await self._blame_pages()
            return
        for each, _ in self._failures:
            await asyncio.to_thread(self.memory.withdraw_try, each.link)
        self.tally.problem(page.link.url, f"{why.reason}, as all of the site; what is left comes next time")
        raise StopCrawl("broken")

    async def _blame_pages(self) -> None:
        """The site does answer: the pages that failed have had their try."""
        for page, why in self._failures:
            await self._give_up(page, why)
        self._failures.clear()

    async def _mind_refusals(self, link: Link, answer: Response | Refused) -> None:
        refused = self._is_ours(answer) and answer.status in REFUSALS
        self._refusals = self._refusals + 1 if refused else 0
        if self._refusals >= _REFUSALS_IN_A_ROW:
            why = f"{_REFUSALS_IN_A_ROW} articles in a row are refused; look at the site in a browser"
            await pause(self.memory, self.tally, PAUSE, link.url, why)

    def _is_ours(self, answer: Response | Refused) -> TypeGuard[Response]:
        """Whether it is the source's site that has answered."""
        return isinstance(answer, Response) and on_site(answer.url, self.source)

    async def _get_again(self, link: Link, request: Request) -> Response | Refused:
        """As `_get_page`, with three refusals in a row, or time that is up, a reason to stop as well."""
        if self._is_late():
            raise StopCrawl("late")
        answer = await self._get_page(link, request)
        await self._mind_refusals(link, answer)
        return answer

    async def _get_page(self, link: Link, request: Request) -> Response | Refused:
        """As `_get`. Raises StopCrawl where the site asks for a pause."""
        answer = await self._get(request)
        if self._is_ours(answer) and asks_to_wait(answer):
            self.tally.error(status_refused(answer.status).why.kind)
            await pause(self.memory, self.tally, asked_pause(answer), link.url, f"HTTP {answer.status}")
        return answer

    async def _get_in_time(self, request: Request) -> Response | Refused:
        """As `_get`. Raises StopCrawl too if the crawl's time is up."""
        if self._is_late():
            raise StopCrawl("late")
        return await self._get(request)

    async def _get(self, request: Request) -> Response | Refused:
        """The answer to one request, whatever it is. Raises StopCrawl if the crawl is to stop."""
        if self._stopping:
            raise StopCrawl("stopped")
        try:
            return await self.crawler.engine.download_async(request)
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong on the way is the answer
            return explained(error, self._limits)
