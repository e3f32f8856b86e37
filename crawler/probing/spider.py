"""The spider of a probe: one piece of work on one site, through the same engine and guards as a crawl."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.http import Response

from crawler.clock import now
from crawler.fetching.answers import Refused, asks_to_wait, clock_ahead, explained
from crawler.limits import Limits
from crawler.probing.site import Site
from storage.errors import RasidError
from storage.event import event

Work = Callable[[Site], Awaitable[None]]

logger = logging.getLogger(__name__)


class ProbeSpider(Spider):
    """Does one piece of work that asks a site; `failed` is why it came to no end."""

    def __init__(self, name: str, work: Work, limits: Limits) -> None:
        super().__init__(name=name)
        self.failed: RasidError | None = None
        self._work = work
        self._limits = limits
        self._waiting: dict[str, Response] = {}  # host -> how it asked us to wait
        self.memory = Site(get=self._get, delay=self._delay)  # where the guards keep robots.txt files

    async def start(self) -> AsyncIterator[Any]:
        """Called by Scrapy: all of the work. It yields nothing, for nothing is left to schedule."""
        self.crawler.signals.connect(self._look_at_clock, signals.response_received)
        try:
            await self._work(self.memory)
        except RasidError as error:
            self.failed = error
        except Exception as error:  # one source must not stop the others; the log has the rest
            logger.warning(event("probe broke off", source=self.name), exc_info=True)
            self.failed = RasidError(f"{self.name}: the probe broke off ({error!r}); please report it")
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def _get(self, request: Request) -> Response | Refused:
        """The answer to one request, whatever it is; a host that asked us to wait is not asked again."""
        host = urlsplit(request.url).netloc
        if host in self._waiting:
            return self._waiting[host]
        try:
            answer = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever went wrong on the way is the answer
            return explained(error, self._limits)
        if asks_to_wait(answer):
            self._waiting[host] = answer
        return answer

    def _look_at_clock(self, response: Response) -> None:
        ahead = clock_ahead(response, now())
        if ahead is not None:
            self.memory.ahead.append(ahead)

    def _delay(self, host: str) -> float:
        downloader: Any = self.crawler.engine.downloader
        own = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        return float(downloader.per_slot_settings.get(host, {}).get("delay", own))
