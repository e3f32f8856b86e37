"""How Rasid itself runs: jobs of the timetable, who is at work, what all crawls came to. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

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
