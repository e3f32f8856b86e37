"""How a probe asks a site: one request at a time, through the guards of every crawl."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.cleaning.barriers import barrier
from crawler.clock import Clock, now
from crawler.fetching.answers import REFUSALS, Refused, asks_to_wait, is_good, status_refused
from crawler.probing.told import RobotsSeen, State
from storage.model import RobotsFile

_SITEMAP = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(https?://\S+)")


@dataclass(slots=True)
class Site:
    """The way to a site, and the robots.txt files met on it."""

    get: Callable[[Request], Awaitable[Response | Refused]]
    delay: Callable[[str], float]  # host -> seconds between two requests
    robots: dict[str, RobotsFile] = field(default_factory=dict)  # by origin
    clock: Clock = now
    ahead: list[float] = field(default_factory=list)  # seconds by which our clock is ahead of who answered

    def robots_file(self, origin: str) -> RobotsFile | None:
        """Called by the guards before they ask: what this probe has asked for already."""
        return self.robots.get(origin)

    def keep_robots(self, file: RobotsFile) -> None:
        """Called by the guards, in a thread: kept as long as the probe lasts, and nowhere else."""
        self.robots[file.origin] = file

    def robots_seen(self) -> tuple[RobotsSeen, ...]:
        """The robots.txt of every host asked so far."""
        return tuple(
            RobotsSeen(
                url=f"{origin}/robots.txt",
                status=file.status,
                sitemaps=sitemaps_of(file),
                delay=self.delay(urlsplit(origin).hostname or ""),
            )
            for origin, file in self.robots.items()
        )


def sitemaps_of(robots: RobotsFile) -> tuple[str, ...]:
    """The sitemaps a robots.txt names (sitemaps.org); none if there is no such file."""
    return tuple(dict.fromkeys(_SITEMAP.findall(robots.body)))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an answer is of no use."""

    state: State
    why: str
    status: int = 0


def trouble_of(answer: Response | Refused) -> Trouble | None:
    """What is wrong with an answer, if anything: nobody, a status, or a challenge page instead of it."""
    if isinstance(answer, Refused):
        state = State.REFUSED if answer.why.kind == "robots" else State.FAILED
        return Trouble(state, f"{answer.why.reason}; {answer.remedy}")
    if asks_to_wait(answer):
        why = f"HTTP {answer.status}; the site asks us to wait; try again later"
        return Trouble(State.REFUSED, why, answer.status)
    if not is_good(answer):
        refused = status_refused(answer.status)
        state = State.REFUSED if answer.status in REFUSALS else State.FAILED
        return Trouble(state, f"{refused.why.reason}; {refused.remedy}", answer.status)
    wall = barrier(answer.body)
    if wall is not None and wall.kind == "challenge":
        why = f"a {wall.reason} for browsers instead of what was asked; ask the site to let us in"
        return Trouble(State.REFUSED, why, answer.status)
    return None
