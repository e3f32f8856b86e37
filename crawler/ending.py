"""What ends a crawl before its time: a signal, or a turn that is lost."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scrapy.crawler import Crawler

from crawler.spider import SourceSpider
from storage.event import event

log = logging.getLogger(__name__)
_LOOK = 2.0  # seconds between two looks whether a turn still holds


async def while_in_turn(
    crawler: Crawler, crawling: "asyncio.Future[None]", holds: Callable[[], bool]
) -> None:
    """Wait for the end of a crawl; one that has lost its turn is broken off: others may be on its hosts."""
    while not crawling.done():
        await asyncio.wait([crawling], timeout=_LOOK)
        if not crawling.done() and not await asyncio.to_thread(holds):
            await _break_off(crawler)
            break
    await crawling


async def _break_off(crawler: Crawler) -> None:
    spider = crawler.spider
    if isinstance(spider, SourceSpider):
        log.error(event("turn lost", source=spider.source.id))
        spider.stop()
    await crawler.stop_async()


async def ease_out(crawler: Crawler) -> None:
    """Ask for no new page; where a crawl but waits for its turn, end it."""
    spider = crawler.spider
    if isinstance(spider, SourceSpider):
        spider.stop()
        if spider.waits:
            await crawler.stop_async()


@contextmanager
def signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> Iterator[None]:
    """Within the block SIGTERM and SIGINT call `stop` in the loop; after it they do what they did before."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    for each in before:
        loop.add_signal_handler(each, stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            if not loop.is_closed():
                loop.remove_signal_handler(each)
            signal.signal(each, handler)
