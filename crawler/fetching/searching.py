"""Asking search services for headlines, as a source of its own kind: nothing it names is fetched for it."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from crawler.discovery import EntryPage, is_article, on_site
from crawler.discovery.search import is_cut, read_tips, wants_less
from crawler.fetching.answers import (
    BREATH,
    PAUSE,
    REFUSALS,
    Refused,
    asked_pause,
    asks_to_wait,
    headers_of,
    is_good,
    status_refused,
)
from crawler.fetching.memory import Memory
from crawler.fetching.pausing import pause
from crawler.fetching.reader import Get
from crawler.fetching.tally import Tally
from crawler.sites import home_url
from crawler.urls import untracked, url_key
from storage.errors import EntryError
from storage.model import Entry, EntryKind, Link, Source, Tip


def only_searches(source: Source) -> bool:
    """Whether a source is a search service."""
    return all(entry.kind is EntryKind.SEARCH for entry in source.entries)


async def search(source: Source, memory: Memory, tally: Tally, get: Get) -> None:
    """Ask each question of a service once and remember the headlines it reports.

    A service that does not answer one is asked no other this time. Raises StopCrawl where it refuses us or
    asks for a pause.
    """
    for entry in source.entries:
        answer = await get(Request(entry.url))
        if isinstance(answer, Refused) or not is_good(answer):
            await _yield_to(answer, entry, memory, tally)
            return
        page = EntryPage(
            entry=entry,
            url=answer.url,
            body=answer.body,
            now=memory.clock(),
            headers=headers_of(answer),
        )
        if wants_less(page):
            tally.error("blocked")
            await pause(memory, tally, BREATH, entry.url, "asks for fewer questions")
        await _take(page, entry, source, memory, tally)


async def _yield_to(answer: Response | Refused, entry: Entry, memory: Memory, tally: Tally) -> None:
    refused = answer if isinstance(answer, Refused) else status_refused(answer.status)
    tally.error(refused.why.kind)
    tally.entries["down" if refused.why.again else "refused"] += 1
    if isinstance(answer, Response) and asks_to_wait(answer):
        await pause(memory, tally, asked_pause(answer), entry.url, refused.why.reason)
    if isinstance(answer, Response) and answer.status in REFUSALS:
        await pause(memory, tally, PAUSE, entry.url, refused.why.reason)
    tally.problem(entry.url, f"{refused.why.reason}; {refused.remedy}")


async def _take(page: EntryPage, entry: Entry, source: Source, memory: Memory, tally: Tally) -> None:
    try:
        found = tuple(tip for tip in read_tips(page, source) if tip.title and tip.key)
    except EntryError as error:
        tally.problem(entry.url, str(error).removeprefix(f"{page.url}: "))
        tally.entries["unreadable"] += 1
        return
    tally.entries["read"] += 1
    tally.found.update(tip.key for tip in found)
    if is_cut(page, found):
        tally.gaps.append(entry.url)
    await asyncio.to_thread(memory.take_tips, found)


def with_owners(tips: Iterable[Tip], sources: Iterable[Source]) -> tuple[Tip, ...]:
    """The tips, each with the source whose outlet it is, if it is one of ours."""
    watched = tuple(source for source in sources if not only_searches(source))
    return tuple(replace(tip, source=_owner(tip, watched)) for tip in tips)


def links_of(tips: Iterable[Tip], sources: Iterable[Source]) -> Iterator[Link]:
    """The tips whose address is that of an article of one of the sources, as links of it."""
    known = {source.id: source for source in sources}
    for tip in tips:
        source = known.get(tip.source)
        if source and is_article(tip.url, source) and on_site(tip.url, source):
            url = untracked(home_url(tip.url, source))
            yield Link(
                url=url,
                key=url_key(url),
                source=source.id,
                title=tip.title,
                published=tip.published,
            )


def _owner(tip: Tip, sources: Iterable[Source]) -> str:
    """The source an outlet is: of several on one site the one whose articles look like it."""
    home = f"https://{tip.outlet}/"
    own = [source for source in sources if on_site(home, source)]
    exact = [source for source in own if is_article(tip.url, source)]
    return next((source.id for source in (*exact, *own)), "")
