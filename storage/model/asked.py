"""What is asked of the archive, and the answer. Pure."""

from dataclasses import dataclass
from dataclasses import field as place
from datetime import UTC, date, datetime

from storage.model.told import ArchivedArticle

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase of a query: every word of it in this order."""

    words: tuple[str, ...]  # as typed
    field: str = ""  # title; empty: anywhere
    start: int = place(default=0, compare=False)  # where its words stand in the text of the query
    end: int = place(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is known of an article: any of these values."""

    field: str  # source | lang | country | entity | topic | verdict
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """All that does not answer it."""

    part: "Part"


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts must hold; of no parts: everything there is."""

    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts must hold."""

    parts: tuple["Part", ...]


Part = Term | Filter | Not | Every | Either


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a person asks: `asked`, told within [since, until), of one of `stories` if there are any."""

    text: str = ""
    asked: Every = Every()
    stories: tuple[int, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    sort: str = "relevance"  # relevance | date
    now: datetime = EPOCH  # when it is asked, in the zone of its days and weeks
    not_understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that answers a query."""

    found: ArchivedArticle
    score: float  # 0 to 1, by relevance; see `storage.search.ranking`
    snippet: str  # in the original spelling
    marks: tuple[tuple[int, int], ...] = ()  # [start, end) of the snippet that answer the query


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Some hits of a query, and how to go on."""

    query: Query
    total: int  # articles that answer it; where not `whole`, the newest of them, which are ranked
    hits: tuple[Hit, ...]
    whole: bool = True
    next: str = ""  # cursor of what follows; empty: nothing does
    meant: tuple[str, ...] = ()  # the query in near spellings that do occur, the nearest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many articles of an answer share a value."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How many articles of an answer were told in an ISO week, of the zone in which it was asked."""

    monday: date
    articles: int

    @property
    def name(self) -> str:
        """As `since:` takes it, 2026-W47."""
        return f"{self.monday:%G-W%V}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What an answer consists of; the most frequent value first, weeks in order without a gap."""

    query: Query
    total: int  # articles that answer it, all of them, as the weeks count them
    counted: int  # the newest of them, which all but the weeks count
    sources: tuple[Count, ...]
    languages: tuple[Count, ...]
    countries: tuple[Count, ...]  # of the sources
    entities: tuple[Count, ...]
    topics: tuple[Count, ...]
    weeks: tuple[Week, ...]
