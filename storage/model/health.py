"""How sources do: the days of their crawls, what is known of them, how they stand. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile

from storage.model.told import CrawlReport


class State(StrEnum):
    """How a source stands."""

    HEALTHY = "healthy"
    QUIET = "quiet"  # it answers well, but has published nothing for longer than it usually does
    FAILING = "failing"  # it cannot be reached or read, for technical reasons
    BLOCKED = "blocked"  # it refuses us
    BROKEN = "broken"  # it answers, but we no longer understand what it says

    @property
    def is_bad(self) -> bool:
        """Whether a person should look at it."""
        return self in (State.FAILING, State.BLOCKED, State.BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlDay:
    """What the crawls of one source came to that ended on one day (UTC)."""

    day: date
    first: datetime  # end of the first and of the last crawl
    last: datetime
    crawls: int = 0
    answered: int = 0  # crawls in which an entry was read
    new: int = 0  # links met for the first time, but for those of the first contact: they are older
    newest: datetime | None = None  # when one was met last
    extracted: int = 0
    bodyless: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)  # as CrawlReport

    def with_crawl(self, report: CrawlReport, *, first_contact: bool = False) -> "CrawlDay":
        """The day with one more crawl."""
        new = 0 if first_contact else report.new
        return CrawlDay(
            day=self.day,
            first=min(self.first, report.finished),
            last=max(self.last, report.finished),
            crawls=self.crawls + 1,
            answered=self.answered + report.answered,
            new=self.new + new,
            newest=report.finished if report.new else self.newest,
            extracted=self.extracted + report.extracted,
            bodyless=self.bodyless + report.bodyless,
            fields=dict(Counter(self.fields) + Counter(report.fields)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """What is known of how a source has done."""

    source: str
    crawls: tuple[CrawlReport, ...] = ()  # the latest ones, the last first
    days: tuple[CrawlDay, ...] = ()  # the latest days with a crawl, the last first
    last_article: datetime | None = None  # when its newest kept article was recorded
    paused_until: datetime | None = None

    @property
    def last_crawl(self) -> CrawlReport | None:
        """Its last crawl, if it has had any."""
        return self.crawls[0] if self.crawls else None

    @property
    def failures(self) -> int:
        """How many crawls in a row came to nothing; one that was stopped says nothing."""
        told = (each for each in self.crawls if each.outcome != "stopped")
        return sum(1 for _ in takewhile(lambda each: not each.answered, told))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a source stands, and what the operator has been told of it."""

    source: str
    state: State
    since: datetime | None = None  # None: it has never been crawled
    why: str = ""  # one line; empty where there is nothing to say
    crawls: int = 0  # in a row, as far as they are known
    told: State = State.HEALTHY  # what the operator knows
    begun: int = 0  # notices begun of which nobody knows whether they arrived
    lacks: str = ""  # what it has lost and not found again: "links", or a field of its pages
    usual: float = 0.0  # how much of that was usual: links a day, or the share of the pages
