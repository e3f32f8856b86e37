"""What came of a request: Scrapy's responses and exceptions as values."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response

from crawler.guards.network import PrivateAddress
from crawler.guards.robots import RobotsForbid, RobotsUnreachable
from crawler.limits import Limits
from storage.model import EntryState, Link, Page, Unavailable

REFUSALS = frozenset({401, 402, 403, 451})
"""The page is there but not for us: what the entry said of it may be worth keeping."""

TOO_MANY = 429
PAUSE = timedelta(hours=24)  # after a refusal of a needed entry, or of three articles in a row
_BREATH = timedelta(hours=1)  # after "too many requests", unless it says how long


@dataclass(frozen=True, slots=True)
class Refused:
    """No answer, and why; `remedy` is for people."""

    why: Unavailable
    remedy: str


def conditional(url: str, state: EntryState) -> Request:
    """A request for an entry that need not be answered if nothing has changed (RFC 9110 section 13)."""
    headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return Request(url, headers={name: value for name, value in headers.items() if value})


def as_page(link: Link, response: Response, fetched: datetime) -> Page:
    """A response as the page of a link."""
    return Page(
        link=link,
        url=response.url,
        status=response.status,
        body=response.body,
        fetched=fetched,
        headers=tuple(headers_of(response).items()),
    )


def empty_page(link: Link, fetched: datetime, answer: Response | Refused) -> Page:
    """The page of a link that could not be had; status 0 where nobody answered."""
    url, status = (link.url, 0) if isinstance(answer, Refused) else (answer.url, answer.status)
    return Page(link=link, url=url, status=status, body=b"", fetched=fetched)


def headers_of(response: Response) -> dict[str, str]:
    """Lower-case names to values; several of one name are joined (RFC 9110 section 5.3)."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def is_good(response: Response) -> bool:
    """Whether it is the page asked for."""
    return 200 <= response.status < 300


def status_refused(status: int) -> Refused:
    """What an unwelcome status means. A 5xx may pass; a 4xx stands."""
    reason = f"HTTP {status}"
    if status in REFUSALS:
        return Refused(Unavailable(reason=reason), "the site refuses us; ask it, or look for another entry")
    if status >= 500:
        return Refused(Unavailable(reason=reason, again=True), "the site is in trouble; tried again later")
    return Refused(Unavailable(reason=reason), "look whether the address has moved")


def asked_pause(answer: Response) -> timedelta:
    """What Retry-After asks for (RFC 9110 section 10.2.3), at most a day."""
    text = headers_of(answer).get("retry-after", "").strip()
    try:
        asked = (
            timedelta(seconds=int(text))
            if text.isdecimal()
            else parsedate_to_datetime(text) - datetime.now(UTC)
        )
    except (ValueError, TypeError, OverflowError):
        return _BREATH
    return min(max(asked, timedelta(0)), PAUSE)


def explained(error: Exception, limits: Limits) -> Refused:
    """What an exception on the way means."""
    text = str(error)
    match error:
        case RobotsForbid():
            return _final("forbidden by robots.txt", "leave it, or ask the publisher")
        case RobotsUnreachable():
            return _passing(text, "so nothing may be fetched for now; tried again later")
        case PrivateAddress():
            return _final("private address refused", "only the public internet is crawled", serious=True)
        case DownloadTimeoutError():
            return _passing("timeout", f"no answer within {limits.timeout:g} s; tried again later")
        case CannotResolveHostError():
            return _passing("host unknown", "look whether the name is right; tried again later")
        case DownloadConnectionRefusedError():
            return _passing("connection refused", "the site is down; tried again later")
        case DownloadCancelledError():
            return _final(limits.too_large, "raise [crawl] max_bytes if it should be read", serious=True)
        case IgnoreRequest() if "DOWNLOAD_MAXSIZE" in text:
            return _final(limits.too_large, "raise [crawl] max_bytes if it should be read", serious=True)
        case IgnoreRequest() if "max redirections" in text:
            return _final("too many redirects", "look whether the address has moved", serious=True)
    return _passing("connection failed", f"{type(error).__name__}: {' '.join(text.split())[:200]}")


def _passing(reason: str, remedy: str) -> Refused:
    return Refused(Unavailable(reason=reason, again=True, detail=f"{reason}; {remedy}"), remedy)


def _final(reason: str, remedy: str, *, serious: bool = False) -> Refused:
    return Refused(Unavailable(reason=reason, detail=f"{reason}; {remedy}" if serious else ""), remedy)
