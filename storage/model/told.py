"""What is remembered and told: archived articles, stories, crawls. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.model.judged import Judgement
from storage.model.kept import Article, Status
from storage.model.reasons import Reason
from storage.model.watched import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """An article with its place in the archive."""

    id: int
    article: Article
    recorded: datetime
    judgements: tuple[Judgement, ...]
    entities: tuple[str, ...] = ()  # ids, in order of first mention
    story: int
    copy_of: int | None = None  # id of the head; None: an original
    reposts: bool = False
    backfilled: bool = False  # recorded later than it was news: in no digest
    revised: datetime | None = None  # when we saw its text change last
    removed: datetime | None = None  # when its site first said that it is gone
    placed: tuple[Reason, ...] = ()  # why it is in its story, and kept out of others

    @property
    def when(self) -> datetime:
        """When it was published, or recorded where the page does not say."""
        return self.article.published or self.recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An earlier text of an article, as it was until `replaced`."""

    article: int  # id
    replaced: datetime  # when we saw the newer one
    title: str
    subtitle: str
    text: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Where the page of an article is kept: one WARC record, [offset, offset + length) of a file."""

    article: int  # id
    taken: datetime
    file: str  # name in the folder of snapshots
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """An article whose page is due to be looked at again, on the condition that it has changed."""

    article: int  # id
    link: Link
    etag: str = ""  # as the page was last fetched
    last_modified: str = ""


class Sight(StrEnum):
    """What another look at the page of an article comes to where there is nothing new to read."""

    SAME = "same"  # not modified, or nothing that counts
    MISSING = "missing"  # 404, or the front page in its place
    GONE = "gone"  # 410
    UNKNOWN = "unknown"  # no answer, a refusal, a page without article


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The accounts of one event, copies included, first to last."""

    id: int
    articles: tuple[ArchivedArticle, ...]  # never empty
    related: tuple[int, ...] = ()  # stories of the same case, first to last

    @property
    def originals(self) -> tuple[ArchivedArticle, ...]:
        """The accounts that are nobody's copy."""
        return tuple(each for each in self.articles if each.copy_of is None)

    @property
    def lead(self) -> ArchivedArticle:
        """The account to show first: an original with a body, not re-posted, the earliest."""
        return min(
            self.originals or self.articles,
            key=lambda each: (each.article.status is not Status.FULL, each.reposts, each.when, each.id),
        )

    @property
    def headlines(self) -> dict[str, str]:
        """Language -> title of its first original account, the lead's language first."""
        found: dict[str, str] = {}
        for each in (self.lead, *self.originals, *self.articles):
            found.setdefault(each.article.language, each.article.title)
        return found

    @property
    def outlets(self) -> tuple[str, ...]:
        """Source ids in order of first account."""
        return tuple(dict.fromkeys(each.article.source for each in self.articles))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in order of first account."""
        return tuple(dict.fromkeys(each.article.language for each in self.articles))

    @property
    def entities(self) -> tuple[str, ...]:
        """Entity ids, the lead's first."""
        ordered = (self.lead, *self.originals)
        return tuple(dict.fromkeys(entity for each in ordered for entity in each.entities))

    @property
    def first(self) -> datetime:
        """When it was first told."""
        return min(each.when for each in self.articles)

    @property
    def last(self) -> datetime:
        """When it was last told."""
        return max(each.when for each in self.articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An account of what had been told of a story before a moment."""

    story: int
    language: str
    title: str
    url: str
    when: datetime  # as of an archived article


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time: what was recorded in [since, until) and published not before `published_after`."""

    since: datetime
    until: datetime
    published_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much was told in a span."""

    stories: int = 0
    accounts: int = 0  # copies included


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryState:
    """What a site said of an entry the last time, for a conditional request (RFC 9110 section 13)."""

    url: str
    etag: str = ""
    last_modified: str = ""
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """How far a back-fill has come; `name` says of what, `place` is its own note of where to go on."""

    name: str
    place: str = ""
    pages: int = 0  # looked at
    kept: int = 0  # relevant and borderline ones
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """What a host said to /robots.txt (RFC 9309)."""

    origin: str  # scheme://host
    status: int
    body: str  # empty where it has none
    fetched: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something of a crawl that a person should look at; `str()` is one line."""

    source: str
    where: str  # URL or file
    what: str

    def __str__(self) -> str:
        return f"{self.source}: {self.where}: {self.what}"


ERRORS = ("blocked", "challenge", "robots", "timeout", "tls", "dns", "connection", "server", "gone", "parse")
"""The kinds of what can go wrong with a request, for counting."""

READINGS = ("read", "unchanged", "refused", "absent", "down", "unreadable")
"""What may become of an entry in a crawl; `unreadable`: it answers, but not with links we understand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """What one crawl of one source came to."""

    source: str
    started: datetime
    finished: datetime
    outcome: str = "done"  # done | late | capped | stopped | killed | paused | busy | broken
    requests: int = 0  # all of them, robots.txt included
    found: int = 0  # distinct links in the entries
    fetched: int = 0  # article pages
    relevant: int = 0
    borderline: int = 0
    copies: int = 0  # of the relevant and borderline ones
    rejected: Mapping[str, int] = field(default_factory=dict)  # reason -> pages
    unavailable: Mapping[str, int] = field(default_factory=dict)  # reason -> pages
    problems: tuple[Problem, ...] = ()
    extracted: int = 0  # pages that turned out to hold an article
    fields: Mapping[str, int] = field(default_factory=dict)  # field of Article -> extracted pages that had it
    errors: Mapping[str, int] = field(default_factory=dict)  # kind of error -> requests; see ERRORS
    gaps: tuple[str, ...] = ()  # entries without pages whose links were all new: something may be missed
    new: int = 0  # links met for the first time, and tried
    entries: Mapping[str, int] = field(default_factory=dict)  # what became of them; see READINGS
    revisited: int = 0  # pages of recorded articles looked at again
    revised: int = 0  # of them: another text
    removed: int = 0  # of them: gone by now

    @property
    def answered(self) -> bool:
        """Whether an entry was read, or said that nothing has changed; not if the crawl was stopped."""
        return self.outcome != "stopped" and any(self.entries.get(each) for each in ("read", "unchanged"))

    @property
    def bodyless(self) -> int:
        """Pages that should have held an article and held none, those that say they are missing included."""
        return self.unavailable.get("no article text", 0) + self.unavailable.get("page not found", 0)
