"""What goes into discovery and what comes out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.model import Entry, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """One page of an entry, as fetched."""

    entry: Entry
    url: str  # after redirects
    body: bytes
    now: datetime
    number: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    since: datetime | None = None  # parts that hold nothing newer may be left out; None: all are wanted
    met: bool = False  # the entry was read before, so that nothing new is a proper answer

    @property
    def base(self) -> str:
        """What its links are relative to."""
        return self.entry.base or self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an entry says of one link, as it says it."""

    url: str
    title: str = ""
    summary: str = ""
    published: datetime | None = None
    short_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Everything one page of an entry tells, before anything is left out."""

    told: tuple[Told, ...]
    further: tuple[str, ...] = ()  # URLs of further pages, the most recent first
    may_be_empty: bool = False  # no link at all is a proper answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The links of one page of an entry."""

    links: tuple[Link, ...]  # one a key, newest first; those without a date in the entry's order, last
    further: tuple[str, ...] = ()
    oldest: str = ""  # key of the link that stands where the entry's own order has its oldest
