"""Looking again at the pages of recorded articles: what to ask, and what the answer says."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.discovery import is_article, on_site
from crawler.fetching.answers import Refused, as_page, conditional, is_good, status_refused
from crawler.fetching.memory import Memory
from crawler.fetching.pausing import StopCrawl
from crawler.fetching.tally import Tally
from crawler.urls import bare_host, url_key
from storage.errors import ArchiveError
from storage.event import event
from storage.model import EntryState, Link, Page, Revisit, Sight, Source

Get = Callable[[Link, Request], Awaitable[Response | Refused]]
_FAILURES_IN_A_ROW = 3

logger = logging.getLogger(__name__)


async def look_again(source: Source, memory: Memory, tally: Tally, get: Get, most: int) -> None:
    """Visit the articles of a source that are due, at most so many; one bad page stops no other.

    Where three in a row are not answered, or the host gives no more pages today, it is left for this time.
    Raises StopCrawl as `get` does.
    """
    failures = 0
    for revisit in (await asyncio.to_thread(memory.revisits))[:most]:
        if not await asyncio.to_thread(memory.may_fetch, bare_host(revisit.link.url)):
            return
        await asyncio.to_thread(memory.begin_revisit, revisit)
        answer = await get(revisit.link, _request(revisit))
        await _remember(revisit, answer, source, memory, tally)
        failures = failures + 1 if isinstance(answer, Refused) and answer.why.again else 0
        if failures >= _FAILURES_IN_A_ROW:
            return


def seen_again(link: Link, answer: Response | Refused, source: Source, now: datetime) -> Page | Sight:
    """The page of an article as it is now, or what the answer says of it.

    A site that leads a lost page to its front page says that it is missing; wherever else it leads, a login
    or another host, says nothing.
    """
    if isinstance(answer, Refused):
        return Sight.UNKNOWN
    match answer.status:
        case 304:
            return Sight.SAME
        case 404:
            return Sight.MISSING
        case 410:
            return Sight.GONE
    if not is_good(answer) or not on_site(answer.url, source):
        return Sight.UNKNOWN
    if url_key(answer.url) == link.key or is_article(answer.url, source):
        return as_page(link, answer, now)
    return Sight.UNKNOWN if urlsplit(answer.url).path.strip("/") else Sight.MISSING


def _request(revisit: Revisit) -> Request:
    url = revisit.link.url
    state = EntryState(url=url, etag=revisit.etag, last_modified=revisit.last_modified)
    return conditional(url, state)


async def _remember(
    revisit: Revisit, answer: Response | Refused, source: Source, memory: Memory, tally: Tally
) -> None:
    if isinstance(answer, Refused):
        tally.error(answer.why.kind)
    elif answer.status >= 400:
        tally.error(status_refused(answer.status).why.kind)
    seen = seen_again(revisit.link, answer, source, memory.clock())
    try:
        tally.visited(await asyncio.to_thread(memory.end_revisit, revisit, seen))
    except (StopCrawl, ArchiveError):
        raise
    except Exception:  # one page must not stop the others; the log has the rest
        logger.warning(event("page not looked at again", url=revisit.link.url), exc_info=True)
        tally.problem(revisit.link.url, "cannot be looked at again; please report it")
