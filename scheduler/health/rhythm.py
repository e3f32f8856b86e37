"""How often a source publishes, and whether its silence is more than a pause. Pure.

A source is measured against itself: its own four weeks before, weekday by weekday, so that a quiet weekend is
what its weekends are. Days are of UTC, and whole; one on which it did not answer says nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile
from math import sqrt
from statistics import fmean, pstdev

from storage.model import CrawlDay

DAY = timedelta(days=1)
MONTH = 28 * DAY
_SIGMAS = 1.5  # the rule of Media Cloud: below the mean of 28 days less 1.5 standard deviations
_EXPECTED = 5.0  # links that should have come at the very least, before their absence says anything
_REMAINS = 0.1  # of what is usual: more is a slump, as in Ramadan or August
_KNOWN = 10  # days that make a rhythm


@dataclass(frozen=True, slots=True)
class Drought:
    """Days on which a source that used to yield gave nothing, or next to nothing."""

    since: datetime
    days: int
    found: int
    usual: float  # links a day


def drought(days: Iterable[CrawlDay], now: datetime) -> Drought | None:
    """The days without links, up to yesterday, that the source's own rhythm does not explain.

    They count only if links should have come on two of them, whatever the day of the week.
    """
    whole = _whole(days, now)
    few = _REMAINS * fmean(each.new for each in whole) if whole else 0.0
    dry = list(takewhile(lambda each: each.new <= few, whole))
    before = [each for each in whole[len(dry) :] if dry and dry[-1].day - each.day <= MONTH]
    if len(before) < _KNOWN or now.astimezone(UTC).date() - dry[0].day > 2 * DAY:
        return None  # nobody knows what is usual, or what has been since
    floors = [_least(each.day, before) for each in dry]
    if sum(floor > 0 for floor in floors) < 2 or sum(floors) < _EXPECTED:
        return None
    since = before[0].newest or dry[-1].first
    return Drought(since, len(dry), sum(each.new for each in dry), fmean(each.new for each in before))


def silence(days: Iterable[CrawlDay], now: datetime) -> tuple[datetime, int] | None:
    """Since when there has been nothing new, and the longest usual wait in days, where this one is longer."""
    known = sorted(days, key=lambda each: each.day)
    newest = max((each.newest for each in known if each.newest), default=None)
    if newest is None or now - known[0].first < 7 * DAY:
        return None
    told = [each.day for each in known if each.new]
    longest = max(((later - earlier).days for earlier, later in pairwise(told)), default=7)
    return (newest, longest) if now - newest > (longest + 1) * DAY else None


def _whole(days: Iterable[CrawlDay], now: datetime) -> list[CrawlDay]:
    """The days that are over and on which it answered, the latest first."""
    today = now.astimezone(UTC).date()
    over = (each for each in days if each.day < today and each.answered)
    return sorted(over, key=lambda each: each.day, reverse=True)


def _least(day: date, before: Sequence[CrawlDay]) -> float:
    """How many links the day should have had at least, by the others of its weekday."""
    alike = [each.new for each in before if each.day.weekday() == day.weekday()]
    if len(alike) < 2:
        return 0.0
    # Links come one by one: their number varies by its square root at least (Poisson).
    return max(0.0, fmean(alike) - _SIGMAS * max(pstdev(alike), sqrt(fmean(alike))))
