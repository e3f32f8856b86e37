"""What is asked of the archive, and the answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.model.told import ArchivedArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word or phrase of a query: every word of it in this order."""

    words: tuple[str, ...]  # as typed
    field: str = ""  # title; empty: anywhere
    without: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a person asks: all of `groups`, one term of each; and the filters."""

    text: str = ""
    groups: tuple[tuple[Term, ...], ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # source, lang, verdict… -> any of
    since: datetime | None = None
    until: datetime | None = None
    sort: str = "relevance"  # relevance | date
    not_understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that answers a query."""

    found: ArchivedArticle
    score: float
    snippet: str  # in the original spelling


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The first hits of a query and how many there are."""

    query: Query
    total: int
    hits: tuple[Hit, ...]
