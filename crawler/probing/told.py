"""What a probe says, as values; they can be pickled. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from storage.model import Article, EntryKind, Judgement, Link, Source


class State(StrEnum):
    """How a site has answered one request."""

    OK = "ok"
    ABSENT = "absent"  # an optional entry that is not there
    REFUSED = "refused"  # by robots.txt, a status such as 403, or a challenge page
    FAILED = "failed"
    EMPTY = "empty"  # a page without article text


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsSeen:
    """A robots.txt."""

    url: str
    status: int
    sitemaps: tuple[str, ...] = ()
    delay: float = 0.0  # seconds between two requests that we keep to on this host


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Whether we may go to an entry; it was not gone."""

    url: str
    optional: bool
    kind: str = ""  # of what stands in the way, as in `Unavailable`: dns, robots, timeout...; empty: we may
    why: str = ""
    remedy: str = ""

    @property
    def origin(self) -> str:
        """Scheme and host."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whether a source lets us in; `failed` is why that could not be asked."""

    source: str
    ways: tuple[Way, ...] = ()
    robots: tuple[RobotsSeen, ...] = ()
    ahead: tuple[float, ...] = ()  # seconds by which our clock is ahead of those of its hosts
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySeen:
    """One entry as it is today."""

    kind: EntryKind
    url: str
    state: State
    status: int = 0  # 0: nobody answered
    why: str = ""  # what is wrong and the remedy
    links: int = 0  # distinct ones, on the site
    articles: int = 0  # of them match `article_url`
    newest: datetime | None = None
    conditional: bool | None = None  # it answers "not modified"; None: gives neither ETag nor Last-Modified


@dataclass(frozen=True, slots=True)
class EntryRead:
    """An entry with the links it told, newest first; those that are no articles too."""

    seen: EntrySeen
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSeen:
    """One article as a crawl would take it."""

    url: str  # as linked
    answered: str  # after redirects
    state: State
    status: int = 0
    why: str = ""
    article: Article | None = None
    cheap_look: tuple[Judgement, ...] = ()  # a topic each, with the sides it sees no trace of; empty: passes
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What came of probing one source."""

    source: str
    finding: str  # ok | blocked | entries fail | pattern matches nothing | body refused | no article text | …
    remedy: str = ""  # what is wrong where, and what to do; empty: nothing
    robots: tuple[RobotsSeen, ...] = ()
    entries: tuple[EntrySeen, ...] = ()
    article: ArticleSeen | None = None

    @property
    def usable(self) -> bool:
        """Whether a crawl of it would get articles as its file promises."""
        return self.finding == "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A site to be added."""

    url: str
    id: str = ""  # empty: from the host
    country: str = ""  # empty: as the site tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A source found on a site, with what it would yield."""

    source: Source
    text: str  # of its file
    entries: tuple[EntrySeen, ...]
    pattern: tuple[str, ...]  # how `article_url` was inferred
    articles: tuple[ArticleSeen, ...]
    notes: tuple[str, ...] = ()  # what to look at
