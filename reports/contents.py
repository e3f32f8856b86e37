"""What a digest holds, before it is put into the words of a language. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from reports.importance import Importance
from storage.model import Doubt, Entity, Figures, Schedule, Series, Topic

_ISO_WEEK = re.compile(r"(?P<year>\d{4})-W(?P<week>\d{2})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What a digest covers: all recorded in [since, until)."""

    name: str  # ISO week such as 2026-W47, day of a daily issue such as 2026-11-22, or any other name
    since: datetime
    until: datetime

    @property
    def week(self) -> int | None:
        """The number of the ISO week, if the name is one."""
        named = _ISO_WEEK.fullmatch(self.name)
        return int(named["week"]) if named else None

    def days(self, zone: tzinfo) -> tuple[date, date]:
        """First and last day for people: Monday and Sunday of an ISO week, of a daily issue the days of which
        it covers more than half, else those of [since, until)."""
        named = _ISO_WEEK.fullmatch(self.name)
        if named:
            monday = date.fromisocalendar(int(named["year"]), int(named["week"]), 1)
            return monday, monday + timedelta(days=6)
        since, until = self.since, self.until - timedelta(microseconds=1)
        if _ISO_DAY.fullmatch(self.name):
            since, until = since + _HALF_A_DAY, until - _HALF_A_DAY
        return since.astimezone(zone).date(), max(since, until).astimezone(zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many pages the crawls of the period saw; a number of 0 is not shown."""

    fetched: int = 0
    kept: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How much was told in each of some equal periods in a row; the last one is the digest's own."""

    now: Figures
    before: tuple[tuple[date, Figures], ...]  # the periods before, the oldest first, by their last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """How one article titles a story, with a very short extract of it."""

    article: int  # its id; 0: no page of it is kept
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
    """One outlet that told a story."""

    source: str  # its name for people
    language: str
    url: str  # as in Headline
    copied: bool = False  # from another outlet, or re-posted; else in its own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An earlier story, or what had been told of this one before, that a story goes on from."""

    story: int
    headlines: tuple[tuple[str, str, str], ...]  # language, title, URL as in Headline: the lead's first
    day: date  # when that was told


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story as the digest shows it."""

    story: int
    headlines: tuple[Headline, ...]  # one a language, the lead's first; never empty
    first: date  # when it was first and last told, in the digest's zone
    last: date
    chips: tuple[Entity, ...]  # people, offices, services, operations, in order of mention
    tellings: tuple[Telling, ...]  # one an outlet, the lead's first; a copy only where there is no original
    more: int  # outlets with an account of their own that are over the limit
    copies: int  # outlets that only copied, beyond the tellings
    importance: Importance
    origins: tuple[Origin, ...] = ()  # the newest first

    def headline_in(self, language: str) -> Headline:
        """The headline in a language if an outlet wrote one, else the lead's."""
        return next((each for each in self.headlines if each.language == language), self.headlines[0])


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
    series: Series
    period: Period
    zone: tzinfo
    top: tuple[Item, ...]
    developments: tuple[Item, ...]  # what goes on from earlier stories and is not at the top
    further: tuple[Item, ...]
    to_check: tuple[Item, ...]
    central: tuple[Entity, ...]  # whom the stories name most
    silences: tuple[Silence, ...]
    watched: int  # sources
    counts: Counts
    stories: int  # relevant ones
    outlets: int  # that told them, copies included
    languages: int
    compared: Compared | None = None  # None: there is nothing to compare with
    developed: bool = False  # an alert of a story that has been told before

    @property
    def is_alert(self) -> bool:
        """Whether it tells one story at once, rather than a period."""
        return self.series.schedule is Schedule.INSTANT

    def items(self) -> Iterator[Item]:
        """The relevant stories: the top, the developments, the others; in each the most important first."""
        yield from self.top
        yield from self.developments
        yield from self.further
