"""Asking one entry: is it what it should be, what does it tell, can it be asked conditionally?"""

import asyncio
from collections import deque
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from crawler.clock import now
from crawler.discovery import EntryPage, Found, find_links, is_article, page_url
from crawler.fetching.answers import Refused, conditional, headers_of
from crawler.probing.site import Site, Trouble, trouble_of
from crawler.probing.told import EntryRead, EntrySeen, State
from storage.errors import EntryError
from storage.model import Entry, EntryState, Link, Source

_MOST_PAGES = 3  # of an index of sitemaps, until one has links
_NOT_THERE = (404, 410)


async def read_entry(site: Site, entry: Entry, source: Source) -> EntryRead:
    """What an entry of a source tells today, in at most four requests."""
    told = replace(source, article_url="")  # every link of the site, to see what the pattern leaves out
    seen = EntrySeen(kind=entry.kind, url=page_url(entry), state=State.OK)
    waiting = deque([seen.url])
    first: Response | None = None
    links: tuple[Link, ...] = ()
    trouble: Trouble | None = None
    for number in range(1, _MOST_PAGES + 1):
        if not waiting or links:
            break
        answer = await site.get(Request(waiting.popleft()))
        found = await _found(entry, answer, number, told)
        if isinstance(found, Trouble):
            trouble = found
        elif isinstance(answer, Response):
            first = first or answer
            links = found.links
            waiting.extend(found.further[:_MOST_PAGES])
    if trouble and not links:
        return EntryRead(_in_trouble(seen, entry, trouble))
    return EntryRead(await _described(site, seen, links, source, first), links)


async def _found(entry: Entry, answer: Response | Refused, number: int, source: Source) -> Found | Trouble:
    trouble = trouble_of(answer)
    if trouble or not isinstance(answer, Response):
        return trouble or Trouble(State.FAILED, "no answer")
    page = EntryPage(
        entry=entry, url=answer.url, body=answer.body, now=now(), number=number, headers=headers_of(answer)
    )
    try:
        return await asyncio.to_thread(find_links, page, source)
    except EntryError as error:
        return Trouble(State.FAILED, str(error).removeprefix(f"{answer.url}: "), answer.status)


def _in_trouble(seen: EntrySeen, entry: Entry, trouble: Trouble) -> EntrySeen:
    absent = entry.optional and trouble.status in _NOT_THERE
    state = State.ABSENT if absent else trouble.state
    return replace(seen, state=state, status=trouble.status, why=trouble.why)


async def _described(
    site: Site, seen: EntrySeen, links: tuple[Link, ...], source: Source, first: Response | None
) -> EntrySeen:
    return replace(
        seen,
        status=first.status if first else 0,
        links=len(links),
        articles=sum(is_article(link.url, source) for link in links),
        newest=max((link.published for link in links if link.published), default=None),
        conditional=await _is_conditional(site, seen.url, first) if first else None,
    )


async def _is_conditional(site: Site, url: str, first: Response) -> bool | None:
    """Whether asked again it says "not modified" (RFC 9110 section 13); None if it gives no validator."""
    headers = headers_of(first)
    state = EntryState(url=url, etag=headers.get("etag", ""), last_modified=headers.get("last-modified", ""))
    if not state.etag and not state.last_modified:
        return None
    again = await site.get(conditional(url, state))
    return isinstance(again, Response) and again.status == 304
