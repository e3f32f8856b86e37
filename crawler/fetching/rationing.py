"""How many pages a host gives on a day, and a crawl in its time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from crawler.fetching.memory import Memory
from crawler.fetching.tally import Tally
from crawler.urls import bare_host
from storage.model import Link


async def try_today(
    links: Sequence[Link],
    memory: Memory,
    tally: Tally,
    attempt: Callable[[Link], Awaitable[None]],
    is_late: Callable[[], bool],
) -> Sequence[Link]:
    """Attempt each link until its host gives no more of today, or the crawl's time is up.

    What is left for tomorrow is noted as due then; what is left for the next crawl is returned.
    """
    for number, link in enumerate(links):
        if is_late():
            tally.outcome = "late"
            return links[number:]
        if not await asyncio.to_thread(memory.may_fetch, bare_host(link.url)):
            await asyncio.to_thread(memory.postpone, links[number:])
            tally.outcome = "capped"
            return ()
        await attempt(link)
    return ()
