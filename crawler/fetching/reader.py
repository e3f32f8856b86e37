"""Reading the entries of a source: which links there are, and what to remember of each entry."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from scrapy import Request
from scrapy.http import Response

from crawler.discovery import EntryPage, Found, find_links, page_url
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
from crawler.limits import Limits
from crawler.urls import same_host
from storage.errors import ArchiveError, EntryError
from storage.model import Entry, EntryState, Link, Source

Get = Callable[[Request], Awaitable[Response | Refused]]
_NOT_THERE = (404, 410)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Visit:
    """One entry in this crawl."""

    entry: Entry
    before: EntryState
    asked: set[str] = field(default_factory=set)  # URLs of its pages
    told: set[str] = field(default_factory=set)  # keys
    is_index: bool = False  # its first page names pages, but no article
    due: bool = False  # it told a link that is to be fetched
    state: EntryState | None = None  # what to remember, once each key is begun
    failed: str = ""
    absent: bool = False  # it is optional and not there
    refused: bool = False
    down: bool = False  # no answer, or a server in trouble: it may pass
    unchanged: bool = False


class EntryReader:
    """Reads all entries once and gathers their links; `get` fetches, `tally` hears of problems.

    One bad entry stops no other.
    """

    def __init__(self, source: Source, memory: Memory, limits: Limits, tally: Tally, get: Get) -> None:
        self._source, self._memory, self._limits, self._tally, self._get = source, memory, limits, tally, get
        self._visits: list[_Visit] = []
        self._links: dict[str, Link] = {}

    async def read(self) -> tuple[Link, ...]:
        """The links of all entries that are to be fetched now, one a key, newest first.

        Raises StopCrawl where the source is to be left alone for a while.
        """
        for entry in self._source.entries:
            if not entry.backfill:
                await self._visit(entry)
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
                self._tally.problem(page_url(visit.entry), visit.failed)
        if barrier:
            await pause(self._memory, self._tally, PAUSE, page_url(barrier.entry), barrier.failed)

    def _is_home(self, entry: Entry) -> bool:
        """Whether an entry is on the host of the articles: that of the links of the first entry."""
        first = self._source.entries[0]
        return same_host(entry.url, first.base or first.url)

    async def _visit(self, entry: Entry) -> None:
        """Read an entry; whatever is wrong with it is its own problem."""
        before = await asyncio.to_thread(self._memory.entry_state, page_url(entry))
        visit = _Visit(entry, before)
        self._visits.append(visit)
        try:
            await self._read(visit)
        except (StopCrawl, ArchiveError):
            raise
        except Exception as error:  # one entry must not stop the others; the log has the rest
            logger.warning("%s: cannot be read", page_url(entry), exc_info=True)
            visit.failed = f"cannot be read ({error!r}); please report it"

    async def _read(self, visit: _Visit) -> None:
        """Read an entry, and its further pages while half of a page is new (on first contact: recent)."""
        waiting = deque([page_url(visit.entry)])
        while waiting and len(visit.asked) < self._limits.max_entry_pages:
            url = waiting.popleft()
            if url in visit.asked:
                continue
            visit.asked.add(url)
            answer = await self._get(Request(url) if visit.state else conditional(url, visit.before))
            waiting.extend(await self._read_page(visit, url, len(visit.asked), answer))
        if visit.is_index and not visit.told and not visit.failed:
            visit.failed = f"lists no page with an article; see article_url in {self._source.id}.toml"

    async def _read_page(
        self, visit: _Visit, url: str, number: int, answer: Response | Refused
    ) -> tuple[str, ...]:
        """Take the links of one page of an entry; the pages to read next."""
        if isinstance(answer, Response) and answer.status == 304:
            visit.unchanged = True
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
            visit.state = _state(page_url(visit.entry), answer)
            visit.is_index = not found.links and bool(found.further)
        return found.further if await self._take(visit, found) else ()

    def _page(self, visit: _Visit, number: int, answer: Response) -> EntryPage:
        return EntryPage(
            entry=visit.entry,
            url=answer.url,
            body=answer.body,
            now=datetime.now(UTC),
            number=number,
            headers=headers_of(answer),
        )

    async def _take(self, visit: _Visit, found: Found) -> bool:
        """Gather the links that are due; whether the next page may hold more."""
        new = [link for link in found.links if link.key not in visit.told]
        due = await asyncio.to_thread(self._memory.due, new)
        visit.told.update(link.key for link in new)
        self._tally.found.update(link.key for link in new)
        for link in due:
            self._links.setdefault(link.key, link)
        visit.due = visit.due or bool(due)
        # Half, not all: a pinned article or a "most read" box must not hide a burst of news behind it.
        telling = self._recent(found.links) if visit.before.fetched is None else due
        return 2 * len(telling) >= len(found.links)

    def _recent(self, links: Iterable[Link]) -> tuple[Link, ...]:
        """Those not older than what is read on first contact."""
        since = datetime.now(UTC) - timedelta(days=self._limits.first_days)
        return tuple(link for link in links if link.published is None or link.published >= since)

    async def _note_failure(self, visit: _Visit, url: str, number: int, answer: Response | Refused) -> None:
        if isinstance(answer, Refused):
            visit.down = number == 1 and answer.why.again
            visit.failed = f"{answer.why.reason}; {answer.remedy}"
            self._tally.error(answer.why.kind)
            return
        refused = status_refused(answer.status)
        if asks_to_wait(answer) and self._is_home(visit.entry):
            self._tally.error(refused.why.kind)
            await pause(self._memory, self._tally, asked_pause(answer), url, refused.why.reason)
        if number > 1 and answer.status < 500:
            return  # there are no more pages; sites say so in many ways
        where = "" if number == 1 else f"{url}: "
        visit.failed = f"{where}{refused.why.reason}; {refused.remedy}"
        visit.absent = visit.entry.optional and answer.status in _NOT_THERE
        self._tally.error("" if visit.absent else refused.why.kind)
        visit.refused = answer.status in REFUSALS
        visit.down = number == 1 and refused.why.again


def _state(url: str, answer: Response) -> EntryState:
    headers = headers_of(answer)
    return EntryState(
        url=url,
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        fetched=datetime.now(UTC),
    )
