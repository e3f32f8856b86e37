"""How many pages a host gives on a day."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from crawler.fetching.memory import Memory
from crawler.fetching.tally import Tally
from crawler.urls import bare_host
from storage.model import Link


async def try_today(
    links: Sequence[Link], memory: Memory, tally: Tally, attempt: Callable[[Link], Awaitable[None]]
) -> None:
    """Attempt each link until its host gives no more of today: then the rest is left for tomorrow."""
    for number, link in enumerate(links):
        if not await asyncio.to_thread(memory.may_fetch, bare_host(link.url)):
            await asyncio.to_thread(memory.postpone, links[number:])
            tally.outcome = "capped"
            return
        await attempt(link)
