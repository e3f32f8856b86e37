"""robots.txt as RFC 9309 says, with Crawl-delay: fetched once a crawl and host, before anything else."""

import asyncio
import logging
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from crawler.guards.network import PrivateAddress

LONGEST_DELAY = 60.0  # seconds between requests that a robots.txt can ask for
_LARGEST = 512_000  # bytes that are read (RFC 9309 section 2.5 asks for 500 KiB at least)
_IS_ROBOTS = "robots_txt"  # meta key of the requests for robots.txt themselves

logger = logging.getLogger(__name__)


class RobotsForbid(IgnoreRequest):
    """robots.txt forbids this URL."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt cannot be had, so nothing may be fetched for now (RFC 9309 section 2.3.1.4)."""


class Robots:
    """A downloader middleware: lets through what robots.txt allows, at the pace it asks for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._name: str = crawler.settings["USER_AGENT"].partition("/")[0]
        self._rules: dict[str, asyncio.Task[Protego | IgnoreRequest]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Robots":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Called by Scrapy for every request. Raises RobotsForbid, RobotsUnreachable."""
        if request.meta.get(_IS_ROBOTS):
            return
        parts = urlsplit(request.url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._rules:
            self._rules[root] = asyncio.ensure_future(self._fetch(root))
        rules = await asyncio.shield(self._rules[root])
        if isinstance(rules, IgnoreRequest):
            raise rules
        if not rules.can_fetch(request.url, self._name):
            raise RobotsForbid(f"robots.txt forbids {request.url}")

    async def _fetch(self, root: str) -> Protego | IgnoreRequest:
        """The rules of a host, or what its requests are refused with."""
        request = Request(f"{root}/robots.txt", meta={_IS_ROBOTS: True}, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except PrivateAddress as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever it was: without rules nothing may be fetched
            logger.info("%s/robots.txt: %r", root, error)
            return RobotsUnreachable(f"robots.txt cannot be had ({type(error).__name__})")
        if response.status >= 500:
            return RobotsUnreachable(f"robots.txt cannot be had (HTTP {response.status})")
        body = response.body[:_LARGEST] if response.status < 300 else b""  # 4xx: there are no rules
        rules = Protego.parse(body.decode("utf-8-sig", "replace"))
        self._slow_down(urlsplit(root).hostname or "", rules.crawl_delay(self._name))
        return rules

    def _slow_down(self, host: str, asked: float | None) -> None:
        """Crawl-delay, up to a minute, where it is longer than ours."""
        downloader: Any = self._crawler.engine.downloader
        own = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        delay = max(own, min(asked or 0.0, LONGEST_DELAY))
        # Both: the settings for a slot that is made anew after a pause, the slot for now.
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1}
        if host in downloader.slots:
            downloader.slots[host].delay = delay


class OwnSlots:
    """A downloader middleware: each request waits in its own host's slot, a redirected one too."""

    def process_request(self, request: Request) -> None:
        """Called by Scrapy, which would keep the slot of the host that redirected."""
        request.meta["download_slot"] = urlsplit(request.url).hostname or ""
