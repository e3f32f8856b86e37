"""How far a crawl may go, and what a crawl child is told to do. Pure: imports no Scrapy.

The service builds these values, `crawler.fetching.politeness` turns them into Scrapy settings.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.clock import Clock, now
from storage.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What every crawl keeps to.

    Raises ConfigError for a `route` that is no http://HOST:PORT, a `proxy` that is no
    http://[USER:PASSWORD@]HOST:PORT, or both of them.
    """

    user_agent: str  # "Rasid/<version> (+<contact>)"; the word before "/" is our name in robots.txt
    route: str = ""  # http://HOST:PORT that gets every request; empty: the real hosts
    proxy: str = field(default="", repr=False)  # http://[USER:PASSWORD@]HOST:PORT every request goes through
    delay: float | None = None  # seconds between two requests to a host, in place of each source's own
    timeout: float = 30.0  # seconds for one request
    max_bytes: int = 8_000_000  # of one answer, unpacked
    max_pages: int = 200  # articles of one source in one crawl; the rest waits for the next
    max_entry_pages: int = 5  # pages of one entry in one crawl
    max_parts: int = 50  # sitemaps of one index in one crawl
    first_days: int = 7  # how far back the pages of an entry are followed on first contact
    sources_at_once: int = 4
    deadline: float = 1800.0  # seconds of one source, after which no further page of it is begun
    grace: float = 10.0  # seconds that requests in flight have after SIGTERM

    def __post_init__(self) -> None:
        if self.route and not _is_origin(self.route):
            raise ConfigError(f"[crawl] route: {self.route} is not of the form http://HOST:PORT")
        if self.proxy and not _is_origin(_without_password(self.proxy)):
            raise ConfigError(
                "[crawl] proxy is not of the form http://HOST:PORT; an https:// one cannot be used"
            )
        if self.proxy and self.route:
            raise ConfigError("[crawl] route and proxy: only one way out; remove one of them")

    @property
    def too_large(self) -> str:
        """The reason given for an answer beyond `max_bytes`."""
        return f"larger than {self.max_bytes / 1_000_000:g} MB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The work of one crawl child; can be pickled."""

    archive_url: str  # SQLAlchemy URL
    sources: tuple[str, ...]  # ids
    limits: Limits
    directory: Path | None = None  # [catalogue] directory
    topics: tuple[str, ...] = ()  # [catalogue] topics
    snapshots: Path | None = None  # folder of WARC files; None: no page is kept
    since: datetime | None = None  # go back to then through the entries; None: what is new
    clock: Clock = now  # one that can be pickled


def _without_password(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.port and parts.hostname) and url.rstrip("/") == f"http://{parts.netloc}"
    except ValueError:  # a port beyond 65535, a bracket left open
        return False
