"""robots.txt as RFC 9309 says, with Crawl-delay: asked for before anything else, and good for 24 hours."""

import asyncio
import logging
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.clock import Clock
from crawler.fetching.memory import Memory
from crawler.guards.network import PrivateAddress
from crawler.guards.robots_text import decoded, rules_of
from storage.model import RobotsFile

LONGEST_DELAY = 60.0  # seconds between requests that a robots.txt can ask for
_LARGEST = 512_000  # bytes that are read (RFC 9309 section 2.5 asks for 500 KiB at least)
RULES_ONLY = "rules_only"
"""The meta key of a request that only asks whether it may be made: 204 says so, and nothing is fetched."""

_IS_ROBOTS = "robots_txt"  # meta key of the requests for robots.txt themselves
_TOO_MANY = 429

logger = logging.getLogger(__name__)


class RobotsForbid(IgnoreRequest):
    """robots.txt forbids this URL."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt cannot be had, so nothing may be fetched for now (RFC 9309 section 2.3.1.4).

    Its cause is the error on the way; else `status` is what the host answered.
    """

    def __init__(self, status: int = 0) -> None:
        super().__init__(f"HTTP {status}" if status else "")
        self.status = status


class Robots:
    """A downloader middleware: lets through what robots.txt allows, at the pace it asks for.

    A file the archive has kept is not asked for again, and nothing older is used where none can be had.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._name: str = crawler.settings["USER_AGENT"].partition("/")[0]
        self._rules: dict[str, asyncio.Task[Protego | IgnoreRequest]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Robots":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Called by Scrapy for every request. Raises RobotsForbid, RobotsUnreachable."""
        if request.meta.get(_IS_ROBOTS):
            return None
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._rules_of(origin))
        rules = await asyncio.shield(self._rules[origin])
        if isinstance(rules, IgnoreRequest):
            raise rules
        if not rules.can_fetch(request.url, self._name):
            raise RobotsForbid(f"robots.txt forbids {request.url}")
        return Response(request.url, status=204) if request.meta.get(RULES_ONLY) else None

    async def _rules_of(self, origin: str) -> Protego | IgnoreRequest:
        """The rules of a host, or what its requests are refused with."""
        memory: Memory = self._crawler.spider.memory  # type: ignore[union-attr]  # a spider of ours
        file = await asyncio.to_thread(memory.robots_file, origin)
        if file is None:
            try:
                file = await self._ask(origin, memory.clock)
            except (PrivateAddress, RobotsUnreachable) as error:
                return error
            await asyncio.to_thread(memory.keep_robots, file)
        rules = rules_of(file.body)
        self._slow_down(urlsplit(origin).hostname or "", rules.crawl_delay(self._name))
        return rules

    async def _ask(self, origin: str, clock: Clock) -> RobotsFile:
        """What a host says. Raises PrivateAddress, RobotsUnreachable."""
        request = Request(f"{origin}/robots.txt", meta={_IS_ROBOTS: True}, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except PrivateAddress:
            raise
        except IgnoreRequest as error:
            if "max redirections" not in str(error):
                raise RobotsUnreachable from error
            return _file(
                origin, 404, "", clock()
            )  # more than five redirects: there is none (section 2.3.1.2)
        except Exception as error:
            raise RobotsUnreachable from error
        if response.status >= 500 or response.status == _TOO_MANY:
            raise RobotsUnreachable(response.status)
        return _file(origin, response.status, _text(response), clock())

    def _slow_down(self, host: str, asked: float | None) -> None:
        """Crawl-delay, up to a minute, where it is longer than ours."""
        downloader: Any = self._crawler.engine.downloader
        own = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        before = downloader.per_slot_settings.get(host, {}).get("delay", own)
        delay = max(own, before, min(asked or 0.0, LONGEST_DELAY))
        # Both: the settings for a slot that is made anew after a pause, the slot for now.
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1}
        if host in downloader.slots:
            downloader.slots[host].delay = delay


class OwnSlots:
    """A downloader middleware: each request waits in its own host's slot, a redirected one too."""

    def process_request(self, request: Request) -> None:
        """Called by Scrapy, which would keep the slot of the host that redirected."""
        request.meta["download_slot"] = urlsplit(request.url).hostname or ""


def _file(origin: str, status: int, body: str, fetched: datetime) -> RobotsFile:
    return RobotsFile(origin=origin, status=status, body=body, fetched=fetched)


def _text(response: Response) -> str:
    """The rules; none where it is no good answer (4xx: there are none, section 2.3.1.3)."""
    if not 200 <= response.status < 300:
        return ""
    body = response.body
    return decoded(body if len(body) <= _LARGEST else body[:_LARGEST].rpartition(b"\n")[0])
