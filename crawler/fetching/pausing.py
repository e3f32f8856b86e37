"""Leaving a source alone because its site asks for it."""

import asyncio
from datetime import timedelta
from typing import NoReturn

from crawler.fetching.memory import Memory
from crawler.fetching.tally import Tally


class StopCrawl(Exception):
    """The crawl of this source ends early; its text is the outcome."""


async def pause(memory: Memory, tally: Tally, length: timedelta, where: str, why: str) -> NoReturn:
    """Leave the source alone for `length`, and say at which URL and why. Always raises StopCrawl."""
    until = memory.clock() + length
    await asyncio.to_thread(memory.pause, until)
    tally.problem(where, f"{why}; paused until {until:%Y-%m-%d %H:%M} UTC")
    raise StopCrawl("paused")
