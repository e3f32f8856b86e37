"""The entries of a source, page by page, back to a day."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scrapy import Request
from scrapy.http import Response

from crawler.cleaning.barriers import barrier
from crawler.discovery import find_links, page_url
from crawler.discovery.told import EntryPage, Found
from crawler.fetching.answers import (
    Refused,
    asked_pause,
    asks_to_wait,
    headers_of,
    is_good,
    status_refused,
)
from crawler.fetching.memory import Memory
from crawler.fetching.pausing import StopCrawl, pause
from crawler.fetching.reader import Get
from crawler.fetching.tally import Tally
from crawler.urls import bare_host
from storage.errors import EntryError
from storage.model import Backfill, Entry, Link, Source, Unavailable

Attempt = Callable[[Link], Awaitable[None]]
_OLDER_PAGES = 3  # so many in a row with nothing new of the period, and the entry has gone back far enough
_AT_ONCE = 10  # articles between two notes of how far it has come
_NO_MORE = (400, 404, 410)  # what sites say to the number of a page they do not have; WordPress says 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One way back through the entries of a source; `get` fetches a page of one, `attempt` an article."""

    source: Source
    since: datetime
    memory: Memory
    tally: Tally
    get: Get
    attempt: Attempt

    async def go(self) -> None:
        """Fetch every article of the entries published since then that is not known, the newest first.

        Where an entry stands is remembered after each of its pages, so that the next walk to the same day
        goes on there. Raises StopCrawl where the crawl is to stop.
        """
        for entry in self.source.entries:
            before = await asyncio.to_thread(self.memory.backfill, self._name(entry))
            if not before.done:
                await self._follow(entry, before)

    def _name(self, entry: Entry) -> str:
        return f"{self.source.id} {self.since:%Y-%m-%d} {page_url(entry)}"

    async def _follow(self, entry: Entry, stands: Backfill) -> None:
        waiting = _waiting(stands.place) or deque([(1, page_url(entry))])
        asked: set[str] = set()
        told: set[str] = set()  # keys; some sites repeat their last page for any number
        older = 0
        while waiting and older < _OLDER_PAGES:
            number, url = waiting[0]
            found = await self._read(entry, number, url)
            if found is None:
                return
            asked.add(url)
            fresh = [link for link in self._of_period(found.links) if link.key not in told]
            told.update(link.key for link in found.links)
            stands = await self._fetch_all(fresh, stands)
            waiting.popleft()
            waiting.extendleft((number + 1, each) for each in reversed(found.further) if each not in asked)
            older = older + 1 if found.links and not fresh else 0
            stands = replace(stands, place=json.dumps(list(waiting), ensure_ascii=False))
            await asyncio.to_thread(self.memory.remember_backfill, stands)
        await asyncio.to_thread(self.memory.remember_backfill, replace(stands, place="", done=True))

    async def _fetch_all(self, links: Iterable[Link], stands: Backfill) -> Backfill:
        """Fetch those that are due; how far it has come is noted every few pages."""
        due = await asyncio.to_thread(self.memory.due, links)
        for start in range(0, len(due), _AT_ONCE):
            fetched, kept = self.tally.fetched, self._kept()
            for link in due[start : start + _AT_ONCE]:
                if not await asyncio.to_thread(self.memory.may_fetch, bare_host(link.url)):
                    raise StopCrawl("capped")
                await self.attempt(replace(link, backfilled=True))
            pages, kept = stands.pages + self.tally.fetched - fetched, stands.kept + self._kept() - kept
            stands = replace(stands, pages=pages, kept=kept)
            await asyncio.to_thread(self.memory.remember_backfill, stands)
        return stands

    def _kept(self) -> int:
        return self.tally.counts["relevant"] + self.tally.counts["borderline"]

    def _of_period(self, links: Iterable[Link]) -> tuple[Link, ...]:
        """Those published since then, as far as their entry says."""
        return tuple(link for link in links if link.published is None or link.published >= self.since)

    async def _read(self, entry: Entry, number: int, url: str) -> Found | None:
        """The links of one page of an entry; None, and a problem, if it cannot be read for now.

        Raises StopCrawl where the site asks for a pause.
        """
        answer = await self.get(Request(url))
        if isinstance(answer, Refused):
            self._note(answer, url)
            return None
        if asks_to_wait(answer):
            await pause(self.memory, self.tally, asked_pause(answer), url, f"HTTP {answer.status}")
        if number > 1 and answer.status in _NO_MORE:
            return Found(links=())
        if not is_good(answer):
            self._note(status_refused(answer.status), url)
            return None
        wall = barrier(answer.body)
        if wall is not None:
            refused = Unavailable(reason=wall.reason, kind=wall.kind)
            self._note(Refused(refused, "look at it in a browser"), url)
            return None
        return await asyncio.to_thread(self._found, entry, number, answer)

    def _note(self, refused: Refused, url: str) -> None:
        self.tally.error(refused.why.kind)
        self.tally.problem(url, f"{refused.why.reason}; {refused.remedy}; run it again to go on from here")

    def _found(self, entry: Entry, number: int, answer: Response) -> Found | None:
        page = EntryPage(
            entry=entry,
            url=answer.url,
            body=answer.body,
            now=self.memory.clock(),
            number=number,
            headers=headers_of(answer),
            since=self.since,
        )
        try:
            return find_links(page, self.source)
        except EntryError as error:
            self.tally.problem(answer.url, str(error).removeprefix(f"{answer.url}: "))
            return None


def _waiting(place: str) -> deque[tuple[int, str]]:
    return deque((number, url) for number, url in json.loads(place)) if place else deque()
