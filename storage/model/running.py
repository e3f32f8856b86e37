"""How Rasid itself runs: jobs of the timetable, who is at work, what all crawls came to, gauges. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.model.health import State
from storage.model.told import CrawlReport


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """The last run of a job of the timetable, and what all its runs took."""

    name: str
    begun: datetime
    ended: datetime
    error: str = ""  # one line; empty: it went well
    good: datetime | None = None  # when the last one that went well had begun
    runs: int = 1
    failed: int = 0  # runs that did not go well
    seconds: float = 0.0  # of all runs together


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A process that is at work, and when it last said so."""

    role: str  # "scheduler"
    who: str  # host:process
    since: datetime
    beat: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlTotals:
    """What all crawls of a source came to, ever; numbers that only grow."""

    source: str
    outcomes: Mapping[str, int] = field(default_factory=dict)  # CrawlReport.outcome -> crawls
    verdicts: Mapping[str, int] = field(default_factory=dict)  # relevant ... unavailable -> pages
    requests: int = 0
    seconds: float = 0.0

    def with_crawl(self, report: CrawlReport) -> "CrawlTotals":
        """The totals with one more crawl."""
        verdicts = {
            "relevant": report.relevant,
            "borderline": report.borderline,
            "rejected": sum(report.rejected.values()),
            "unavailable": sum(report.unavailable.values()),
        }
        return CrawlTotals(
            source=self.source,
            outcomes=dict(Counter(self.outcomes) + Counter([report.outcome])),
            verdicts=dict(Counter(self.verdicts) + Counter(verdicts)),
            requests=self.requests + report.requests,
            seconds=self.seconds + max(0.0, (report.finished - report.started).total_seconds()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A source of the catalogue that is watched, in short."""

    source: str
    state: State | None  # None: nothing has been noted of it
    last_crawl: datetime | None  # when that ended
    is_overdue: bool  # it was not crawled for longer than it ever should wait, and an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What monitoring shows of an archive: cheap to read, however large that is."""

    schema: str
    totals: tuple[CrawlTotals, ...] = ()
    sources: tuple[Watched, ...] = ()
    retries: int = 0  # pages to be tried again that are due
    revisits: int = 0  # articles to be looked at again that are due
    deliveries: Mapping[str, int] = field(default_factory=dict)  # state -> all that wait, others of a week
    subscribers: Mapping[str, int] = field(default_factory=dict)  # state -> subscriptions
    questions: int = 0  # who subscribed and is still to be asked whether it was them
    jobs: tuple[JobRun, ...] = ()
    heartbeats: tuple[Heartbeat, ...] = ()
    issues: Mapping[str, datetime] = field(default_factory=dict)  # series -> cut-off of its last issue
    articles: int = 0  # the highest number of an article
    stories: int = 0
    last_article: datetime | None = None  # when one was recorded last
