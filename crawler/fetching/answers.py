"""What came of a request: Scrapy's responses and exceptions as values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response

from crawler.clock import now
from crawler.guards.certificates import BadCertificate, is_tls
from crawler.guards.network import PrivateAddress
from crawler.guards.robots import RobotsForbid, RobotsUnreachable
from crawler.limits import Limits
from storage.model import EntryState, Link, Page, Unavailable

REFUSALS = frozenset({401, 402, 403, 451})
"""The page is there but not for us: what the entry said of it may be worth keeping."""

TOO_MANY = 429
_PROXY_PASSWORD = 407
PAUSE = timedelta(hours=24)  # after a refusal of a needed entry, or of three articles in a row
BREATH = timedelta(hours=1)  # after "too many requests", unless it says how long


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


def clock_ahead(response: Response, now: datetime) -> float | None:
    """Seconds by which our clock is ahead of that of who answered just now, to a second or so.

    Of what a cache has kept its age is taken off (RFC 9111 section 4.2.3). None: it does not tell the time.
    """
    said = headers_of(response)
    age = said.get("age", "0").strip()
    try:
        told = parsedate_to_datetime(said["date"])
        return (now - told).total_seconds() - (int(age) if age.isdecimal() else 0)
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def is_good(response: Response) -> bool:
    """Whether it is the page asked for."""
    return 200 <= response.status < 300


def status_refused(status: int) -> Refused:
    """What an unwelcome status means. A 5xx may pass; a 4xx stands."""
    reason = f"HTTP {status}"
    if status in REFUSALS:
        why = Unavailable(reason=reason, kind="blocked")
        return Refused(why, "the site refuses us; ask it, or look for another entry")
    if status == _PROXY_PASSWORD:
        return _passing(reason, "the proxy wants another name or password; see [crawl] proxy", "connection")
    if status >= 500:
        why = Unavailable(reason=reason, again=True, kind="server")
        return Refused(why, "the site is in trouble; tried again later")
    if status == TOO_MANY:
        return Refused(Unavailable(reason=reason, kind="blocked"), "the site wants to be asked less often")
    return Refused(Unavailable(reason=reason, kind="gone"), "look whether the address has moved")


def asks_to_wait(answer: Response) -> bool:
    """Whether the site wants to be left alone: 429, or a 503 that says how long (RFC 9110 section 10.2.3)."""
    return answer.status == TOO_MANY or (answer.status == 503 and "retry-after" in headers_of(answer))


def asked_pause(answer: Response) -> timedelta:
    """What Retry-After asks for (RFC 9110 section 10.2.3), at most a day.

    A moment is one of the site's clock, which need not be ours: its Date says what that shows.
    """
    said = headers_of(answer)
    text = said.get("retry-after", "").strip()
    try:
        if text.isdecimal():
            asked = timedelta(seconds=int(text))
        else:
            asked = parsedate_to_datetime(text) - _sent(said.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return BREATH
    return min(max(asked, timedelta(0)), PAUSE)


def _sent(date: str) -> datetime:
    """When an answer was sent; one that does not say so, just now."""
    try:
        return parsedate_to_datetime(date)
    except ValueError:
        return now()


def explained(error: BaseException, limits: Limits) -> Refused:
    """What an exception on the way means."""
    match error:
        case RobotsForbid():
            return _final("forbidden by robots.txt", "leave it, or ask the publisher", "robots")
        case RobotsUnreachable():
            return _without_robots(error, limits)
        case PrivateAddress():
            return _final(
                "private address refused", "only the public internet is crawled", "dns", serious=True
            )
        case DownloadCancelledError():
            return _too_large(limits)
        case IgnoreRequest() if "DOWNLOAD_MAXSIZE" in str(error):
            return _too_large(limits)
        case IgnoreRequest() if "max redirections" in str(error):
            return _final("too many redirects", "look whether the address has moved", "gone", serious=True)
    return _off_the_way(error, limits)


def _off_the_way(error: BaseException, limits: Limits) -> Refused:
    """Why there is no answer at all; it may pass."""
    down = "the proxy or the site is down; see [crawl] proxy" if limits.proxy else "the site is down"
    match error:
        case BadCertificate():
            remedy = "look at the site in a browser: it may be renewed soon, or somebody listens in"
            return _passing(f"certificate not valid ({error})", remedy, "tls")
        case DownloadTimeoutError():
            return _passing("timeout", f"no answer within {limits.timeout:g} s; tried again later", "timeout")
        case CannotResolveHostError():
            return _passing("host unknown", "look whether the name is right; tried again later", "dns")
        case DownloadConnectionRefusedError():
            return _passing("connection refused", f"{down}; tried again later", "connection")
        case TunnelError():
            return _passing("refused by the proxy", f"see [crawl] proxy; {_line(error)}", "connection")
    kind = "tls" if is_tls(error) else "connection"
    return _passing("connection failed", f"{type(error).__name__}: {_line(error)}", kind)


def _without_robots(error: RobotsUnreachable, limits: Limits) -> Refused:
    """Nothing may be fetched, for the reason that keeps robots.txt from us."""
    cause = explained(error.__cause__, limits).why if error.__cause__ else status_refused(error.status).why
    reason = f"robots.txt cannot be had ({cause.reason})"
    return _passing(reason, "so nothing may be fetched for now; tried again later", cause.kind)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _too_large(limits: Limits) -> Refused:
    return _final(limits.too_large, "raise [crawl] max_bytes if it should be read", "parse", serious=True)


def _passing(reason: str, remedy: str, kind: str) -> Refused:
    why = Unavailable(reason=reason, again=True, detail=f"{reason}; {remedy}", kind=kind)
    return Refused(why, remedy)


def _final(reason: str, remedy: str, kind: str, *, serious: bool = False) -> Refused:
    return Refused(
        Unavailable(reason=reason, detail=f"{reason}; {remedy}" if serious else "", kind=kind), remedy
    )
