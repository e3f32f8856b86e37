"""What a digest holds, before it is put into the words of a language. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from reports.importance import Importance
from storage.model import Doubt, Entity, Topic

_ISO_WEEK = re.compile(r"(?P<year>\d{4})-W(?P<week>\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What a digest covers: all recorded in [since, until)."""

    name: str  # ISO week such as 2026-W47, or any other name
    since: datetime
    until: datetime

    @property
    def week(self) -> int | None:
        """The number of the ISO week, if the name is one."""
        named = _ISO_WEEK.fullmatch(self.name)
        return int(named["week"]) if named else None

    def days(self, zone: tzinfo) -> tuple[date, date]:
        """First and last day for people: Monday and Sunday of an ISO week, else of [since, until)."""
        named = _ISO_WEEK.fullmatch(self.name)
        if named:
            monday = date.fromisocalendar(int(named["year"]), int(named["week"]), 1)
            return monday, monday + timedelta(days=6)
        last = max(self.since, self.until - timedelta(microseconds=1))
        return self.since.astimezone(zone).date(), last.astimezone(zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many pages the crawls of the period saw; a number of 0 is not shown."""

    fetched: int = 0
    kept: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """How one article titles a story, with a very short extract of it."""

    language: str
    title: str
    extract: str
    source: str  # its name for people
    url: str  # http or https, ASCII; empty: the article's link is neither
    place: str  # of the dateline; empty: unknown
    evidence: tuple[tuple[str, str], ...] = ()  # side id and its best words
    missing: tuple[str, ...] = ()  # sides without evidence
    doubts: tuple[Doubt, ...] = ()  # what speaks against it


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One outlet that told a story in its own words."""

    source: str  # its name for people
    language: str
    url: str  # as in Headline


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story as the digest shows it."""

    story: int
    headlines: tuple[Headline, ...]  # one a language, the lead's first; never empty
    first: date  # when it was first and last told, in the digest's zone
    last: date
    chips: tuple[Entity, ...]  # people, offices, services, operations, in order of mention
    tellings: tuple[Telling, ...]  # one an outlet, the lead's first
    more: int  # outlets beyond the tellings: copies, and what is over the limit
    importance: Importance


class Trouble(StrEnum):
    """Why a source gave us nothing."""

    BLOCKED = "blocked"  # it refuses us
    FAILING = "failing"  # it cannot be reached or read
    BROKEN = "broken"  # it answers, but we no longer understand it
    SILENT = "silent"  # it was not crawled in the period


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A source that gave us nothing, and why."""

    source: str  # its name for people
    trouble: Trouble
    language: str = ""  # of the name; empty: unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One period of one topic, ready to be rendered in any language."""

    topic: Topic
    period: Period
    zone: tzinfo
    top: tuple[Item, ...]
    further: tuple[Item, ...]
    to_check: tuple[Item, ...]
    central: tuple[Entity, ...]  # whom the stories name most
    silences: tuple[Silence, ...]
    watched: int  # sources
    counts: Counts
    stories: int  # relevant ones
    outlets: int  # that told them, copies included
    languages: int

    def items(self) -> Iterator[Item]:
        """The relevant stories, the most important first."""
        yield from self.top
        yield from self.further
