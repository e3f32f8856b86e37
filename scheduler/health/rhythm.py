"""How often a source publishes, and whether its silence is more than a pause. Pure.

A source is measured against itself: its own four weeks before, weekday by weekday, so that a quiet weekend is
what its weekends are. Days are of UTC, and whole; one on which it did not answer says nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile
from math import exp, lgamma, log
from statistics import fmean

from storage.model import CrawlDay

DAY = timedelta(days=1)
MONTH = 28 * DAY
_CHANCE = 1e-3  # of so few links from a source that publishes as it did
_CLUSTERS = 2.0  # how much more the number of a day varies than by chance alone, at the least
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

    They are judged as one: as many days of its own four weeks before, weekday by weekday, would hardly have
    brought so few links. Links should have come on two of them, and it was never dry for so long before.
    """
    whole = _whole(days, now)
    few = few_of(fmean(each.new for each in whole)) if whole else 0.0
    dry = list(takewhile(lambda each: each.new <= few, whole))
    before = [each for each in whole[len(dry) :] if dry and dry[-1].day - each.day <= MONTH]
    if len(before) < _KNOWN or now.astimezone(UTC).date() - dry[0].day > 2 * DAY:
        return None  # nobody knows what is usual, or what has been since
    usual = fmean(each.new for each in before)
    expected = [_expected(each.day, before) for each in dry]
    missed = sum(each > few_of(usual) for each in expected)
    if missed < 2 or missed <= _longest(before, usual):
        return None
    found, clusters = sum(each.new for each in dry), _clusters(before)
    if _at_most(int(found / clusters), sum(expected) / clusters) >= _CHANCE:
        return None
    return Drought(before[0].newest or dry[-1].first, len(dry), found, usual)


def flows(days: Sequence[CrawlDay], now: datetime, usual: float) -> bool:
    """Whether links come again: today or on the last whole day more than next to nothing of `usual` a day."""
    today = now.astimezone(UTC).date()
    latest = [each for each in days if each.day == today and each.answered] + _whole(days, now)[:1]
    return any(each.new > few_of(usual) for each in latest)


def few_of(usual: float) -> float:
    """So many links a day are next to nothing."""
    return _REMAINS * usual


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


def _expected(day: date, before: Sequence[CrawlDay]) -> float:
    """How many links the day should have had, by the others of its weekday; 0 where they are too few."""
    alike = [each.new for each in before if each.day.weekday() == day.weekday()]
    return fmean(alike) if len(alike) > 1 else 0.0


def _clusters(before: Sequence[CrawlDay]) -> float:
    """How many links come together: the variance about the weekdays' means by what chance alone gives."""
    means = [_expected(each.day, before) for each in before]
    squares = sum((each.new - mean) ** 2 for each, mean in zip(before, means, strict=True))
    return max(_CLUSTERS, squares / (sum(means) or 1.0))


def _longest(before: Sequence[CrawlDay], usual: float) -> int:
    """The most days in a row on which links should have come and did not."""
    longest = run = 0
    for each in before:
        missed = _expected(each.day, before) > few_of(usual)
        run = run + missed if each.new <= few_of(usual) else 0
        longest = max(longest, run)
    return longest


def _at_most(number: int, mean: float) -> float:
    """How likely at most so many come where the mean comes (Poisson distribution)."""
    return sum(exp(each * log(mean) - mean - lgamma(each + 1)) for each in range(number + 1))
