"""Reading the entries of a source: which links there are, and what to remember of each entry."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

from scrapy import Request
from scrapy.http import Response

from crawler.discovery import EntryPage, Found, completed, find_links, page_url
from crawler.fetching.answers import (
    PAUSE,
    REFUSALS,
    Refused,
    asked_pause,
    asks_to_wait,
    conditional,
    headers_of,
    is_good,
    status_refused,
)
from crawler.fetching.memory import Memory
from crawler.fetching.pausing import StopCrawl, pause
from crawler.fetching.tally import Tally
from crawler.fetching.visits import Visit, reads_on, state_of, within_reach
from crawler.limits import Limits
from crawler.urls import same_host
from storage.errors import ArchiveError, EntryError
from storage.event import event
from storage.model import Entry, EntryKind, EntryState, Link, Source

Get = Callable[[Request], Awaitable[Response | Refused]]
_NOT_THERE = (404, 410)
_FOR_GOOD = frozenset({301, 308})

logger = logging.getLogger(__name__)


class EntryReader:
    """Reads all entries once and gathers their links; `get` fetches, `tally` hears of problems.

    One bad entry stops no other.
    """

    def __init__(self, source: Source, memory: Memory, limits: Limits, tally: Tally, get: Get) -> None:
        self._source, self._memory, self._limits, self._tally, self._get = source, memory, limits, tally, get
        self._visits: list[Visit] = []
        self._links: dict[str, Link] = {}

    async def read(self) -> tuple[Link, ...]:
        """The links of all entries that are to be fetched now, one a key, newest first.

        Raises StopCrawl where the source is to be left alone for a while.
        """
        for entry in self._source.entries:
            if not entry.backfill:
                await self._visit(entry)
        self._tally.gaps.extend(visit.url for visit in self._visits if visit.may_miss())
        self._tally.entries.update(visit.outcome for visit in self._visits)
        self._tally.new = len(self._links)
        await self._mind_failures()
        await self._forget_changed()
        dated = datetime.min.replace(tzinfo=UTC)
        return tuple(sorted(self._links.values(), key=lambda link: link.published or dated, reverse=True))

    @property
    def is_down(self) -> bool:
        """Whether not one entry is answered as it should, for now: it may be the site, or our own network."""
        return all(visit.down for visit in self._visits)

    def states(self, left: Iterable[Link]) -> tuple[EntryState, ...]:
        """What to remember of the entries, but for those that failed or have a link among the `left` ones."""
        keys = {link.key for link in left}
        return tuple(
            visit.state
            for visit in self._visits
            if visit.state and not visit.failed and not visit.told & keys
        )

    async def _forget_changed(self) -> None:
        """Until all its links are begun, an entry counts as never met.

        So after a stop, a crash or a full crawl its pages are read again as on first contact, though the
        first of them holds links that are known by then.
        """
        for visit in self._visits:
            if visit.due and visit.before.fetched is not None:
                await asyncio.to_thread(self._memory.remember_entry, EntryState(url=visit.before.url))

    async def _mind_failures(self) -> None:
        """Tell what went wrong; pause where the site itself refuses an entry that is needed.

        A refusal of an optional entry, or of another host than that of the articles, is that entry's alone.
        """
        works = any(visit.unchanged or visit.state for visit in self._visits)
        barred = (each for each in self._visits if each.refused and self._is_home(each.entry))
        barrier = next((each for each in barred if not (each.entry.optional and works)), None)
        for visit in self._visits:
            if visit.failed and visit is not barrier and not (visit.absent and works):
                self._tally.problem(visit.url, visit.failed)
        if barrier:
            await pause(self._memory, self._tally, PAUSE, barrier.url, barrier.failed)

    def _is_home(self, entry: Entry) -> bool:
        """Whether an entry is on the host of the articles: that of the links of the first entry."""
        first = self._source.entries[0]
        return same_host(entry.url, first.base or first.url)

    async def _visit(self, entry: Entry) -> None:
        """Read an entry; whatever is wrong with it is its own problem."""
        before = await asyncio.to_thread(self._memory.entry_state, page_url(entry))
        visit = Visit(entry, before, self._memory.clock() - timedelta(days=self._limits.first_days))
        self._visits.append(visit)
        try:
            await self._read(visit)
        except (StopCrawl, ArchiveError):
            raise
        except Exception as error:  # one entry must not stop the others; the log has the rest
            logger.warning(event("entry not read", url=page_url(entry)), exc_info=True)
            visit.failed = f"cannot be read ({error!r}); please report it"

    async def _read(self, visit: Visit) -> None:
        """Read an entry, and its further pages as far as they may hold more."""
        waiting = deque([visit.first_url])
        while waiting and len(visit.asked) < self._most(visit):
            url = waiting.popleft()
            if url in visit.asked:
                continue
            request = Request(url) if visit.asked else conditional(url, visit.conditions)
            visit.asked.add(url)
            answer = await self._get(request)
            waiting.extend(await self._read_page(visit, url, len(visit.asked), answer))
        visit.parts_left = visit.is_index and not visit.asked.issuperset(waiting)
        if visit.is_index and len(visit.asked) > 1 and not visit.has_articles and not visit.failed:
            visit.failed = f"lists no page with an article; see article_url in {self._source.id}.toml"

    def _most(self, visit: Visit) -> int:
        """How many pages of an entry are read; the index comes on top of its parts."""
        return 1 + self._limits.max_parts if visit.is_index else self._limits.max_entry_pages

    async def _read_page(
        self, visit: Visit, url: str, number: int, answer: Response | Refused
    ) -> tuple[str, ...]:
        """Take the links of one page of an entry; the pages to read next."""
        if isinstance(answer, Response) and answer.status == 304 and number == 1 and visit.is_known:
            visit.unchanged = True
            visit.state = state_of(visit, headers_of(answer), self._memory.clock())
            return ()
        if isinstance(answer, Refused) or not is_good(answer):
            await self._note_failure(visit, url, number, answer)
            return ()
        try:
            found = await asyncio.to_thread(find_links, self._page(visit, number, answer), self._source)
        except EntryError as error:
            visit.failed = str(error).removeprefix(f"{answer.url}: " if number == 1 else "")
            return ()
        if number == 1:
            visit.is_index = visit.entry.kind is EntryKind.SITEMAP and not found.links
            visit.state = state_of(visit, headers_of(answer), self._memory.clock())
            await self._mind_move(visit, url, answer)
        return found.further if await self._take(visit, found) else ()

    async def _mind_move(self, visit: Visit, url: str, answer: Response) -> None:
        """Say once where an entry has moved for good; that this was said is what is kept of the new URL."""
        reasons = answer.request.meta.get("redirect_reasons", ()) if answer.request else ()
        if url != visit.url or not reasons or not _FOR_GOOD.issuperset(reasons):
            return
        known = await asyncio.to_thread(self._memory.entry_state, answer.url)
        if known.fetched is None:
            self._tally.problem(url, f"has moved to {answer.url}; write that into {self._source.id}.toml")
            told = EntryState(url=answer.url, fetched=self._memory.clock())
            await asyncio.to_thread(self._memory.remember_entry, told)

    def _page(self, visit: Visit, number: int, answer: Response) -> EntryPage:
        return EntryPage(
            entry=visit.entry,
            url=answer.url,
            body=answer.body,
            now=self._memory.clock(),
            number=number,
            headers=headers_of(answer),
            since=visit.since,
            met=visit.met,
        )

    async def _take(self, visit: Visit, found: Found) -> bool:
        """Gather the links that are due; whether the next page may hold more."""
        found = within_reach(visit, found)
        new = [link for link in found.links if link.key not in visit.told]
        due = await asyncio.to_thread(self._memory.due, new)
        self._tally.found.update(link.key for link in new)
        for link in due:
            self._links[link.key] = completed(self._links.get(link.key, link), link)
        visit.due = visit.due or bool(due)
        return reads_on(visit, found, {link.key for link in due}, self._memory.clock())

    async def _note_failure(self, visit: Visit, url: str, number: int, answer: Response | Refused) -> None:
        if isinstance(answer, Refused):
            visit.down = number == 1 and answer.why.again
            visit.failed = f"{answer.why.reason}; {answer.remedy}"
            self._tally.error(answer.why.kind)
            return
        refused = status_refused(answer.status)
        if asks_to_wait(answer) and self._is_home(visit.entry):
            self._tally.error(refused.why.kind)
            await pause(self._memory, self._tally, asked_pause(answer), url, refused.why.reason)
        if number > 1 and answer.status < 500 and refused.why.kind != "blocked":
            return  # there are no more pages; sites say so in many ways
        where = "" if number == 1 else f"{url}: "
        visit.failed = f"{where}{refused.why.reason}; {refused.remedy}"
        visit.absent = visit.entry.optional and answer.status in _NOT_THERE
        self._tally.error("" if visit.absent else refused.why.kind)
        visit.refused = number == 1 and answer.status in REFUSALS
        visit.down = number == 1 and refused.why.again
