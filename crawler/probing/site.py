"""How a probe asks a site: one request at a time, through the guards of every crawl."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.cleaning.markup import is_challenge
from crawler.fetching.answers import REFUSALS, TOO_MANY, Refused, is_good, status_refused
from crawler.probing.told import RobotsSeen, State

_SITEMAP = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(https?://\S+)")


@dataclass(slots=True)
class Site:
    """The way to a site, and the robots.txt files met on it."""

    get: Callable[[Request], Awaitable[Response | Refused]]
    delay: Callable[[str], float]  # host -> seconds between two requests
    robots: dict[str, Response] = field(default_factory=dict)  # scheme and host -> what it answered

    def robots_seen(self) -> tuple[RobotsSeen, ...]:
        """The robots.txt of every host asked so far."""
        return tuple(
            RobotsSeen(
                url=f"{root}/robots.txt",
                status=answer.status,
                sitemaps=sitemaps_of(answer),
                delay=self.delay(urlsplit(root).hostname or ""),
            )
            for root, answer in self.robots.items()
        )


def sitemaps_of(robots: Response) -> tuple[str, ...]:
    """The sitemaps a robots.txt names (sitemaps.org); none if there is no such file."""
    if not is_good(robots):
        return ()
    return tuple(dict.fromkeys(_SITEMAP.findall(robots.body.decode("utf-8-sig", "replace"))))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an answer is of no use."""

    state: State
    why: str
    status: int = 0


def trouble_of(answer: Response | Refused) -> Trouble | None:
    """What is wrong with an answer, if anything: nobody, a status, or a challenge page instead of it."""
    if isinstance(answer, Refused):
        forbidden = "robots.txt" in answer.why.reason and not answer.why.again
        state = State.REFUSED if forbidden else State.FAILED
        return Trouble(state, f"{answer.why.reason}; {answer.remedy}")
    if answer.status == TOO_MANY:
        return Trouble(State.REFUSED, f"HTTP {TOO_MANY}; the site asks us to wait; try again later", TOO_MANY)
    if not is_good(answer):
        refused = status_refused(answer.status)
        state = State.REFUSED if answer.status in REFUSALS else State.FAILED
        return Trouble(state, f"{refused.why.reason}; {refused.remedy}", answer.status)
    if is_challenge(answer.body):
        why = "a challenge page for browsers instead of what was asked; ask the site to let us in"
        return Trouble(State.REFUSED, why, answer.status)
    return None


def now() -> datetime:
    """The time of a page that has just come in."""
    return datetime.now(UTC)
