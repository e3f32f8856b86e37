"""How often a source is crawled: about as often as it publishes. Pure.

A crawl should find one link or a few: the interval is the time in which a source publishes TARGET links, by
the busiest of three spans: the last hours, yesterday and today, four weeks. So a burst is followed at once,
and a night or a weekend does not make a busy site be forgotten. A young source is taken for one that `poll`
describes, until its own crawls outweigh that.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise, takewhile

from storage.model import CrawlDay, CrawlReport, Source, SourceHealth

TARGET = 2  # links a crawl should find
LATELY = timedelta(hours=6)
_HOUR, _FOUR_WEEKS = timedelta(hours=1), timedelta(days=28)
_BELIEF = 24  # hours of crawls that weigh as much as what `poll` says


def next_turn(source: Source, health: SourceHealth, now: datetime) -> datetime:
    """When the source is to be crawled next; a moment that is past: now."""
    last = health.last_crawl
    if last is None:
        return now
    due = last.started if last.outcome == "stopped" else last.started + interval(source, health, now)
    return max(due, health.paused_until) if health.paused_until else due


def interval(source: Source, health: SourceHealth, now: datetime) -> timedelta:
    """From the beginning of one crawl to that of the next: [poll_least, poll_most] of the source.

    Each failure in a row doubles it: a source that fails is left alone longer and longer, but never given
    up. Each possible gap in a row halves it.
    """
    least, most = timedelta(minutes=source.poll_least), timedelta(minutes=source.poll_most)
    rate = max(_lately(health.crawls, now), _of_days(health.days[:2], now), _usual(source, health.days, now))
    wanted = min(most, TARGET / rate * _HOUR)
    gaps = sum(1 for _ in takewhile(lambda crawl: crawl.gaps, health.crawls))
    wanted = max(least, wanted / 2.0 ** min(gaps, 10))
    return min(most, wanted * 2.0 ** min(health.failures, 20))


def _lately(crawls: Sequence[CrawlReport], now: datetime) -> float:
    """Links an hour of the last hours; what a crawl found was published since the one before it."""
    return sum(_shares(crawls, now - LATELY)) / (LATELY / _HOUR)


def _shares(crawls: Sequence[CrawlReport], since: datetime) -> Iterator[float]:
    for crawl, before in pairwise(each for each in crawls if each.answered):
        between = max(crawl.finished - before.finished, timedelta(minutes=1))
        if crawl.finished > since:
            yield crawl.new * min(1.0, LATELY / between)


def _of_days(days: Sequence[CrawlDay], now: datetime) -> float:
    """Links an hour of yesterday and today."""
    begin = datetime.combine(now.astimezone(UTC).date() - timedelta(days=1), time(), UTC)
    return _new(each for each in days if each.first >= begin) / ((now - begin) / _HOUR)


def _usual(source: Source, days: Sequence[CrawlDay], now: datetime) -> float:
    """Links an hour of four weeks, which begin with what `poll` says; never 0."""
    days = [each for each in days if now - each.first <= _FOUR_WEEKS]
    hours = max(timedelta(0), now - min((each.first for each in days), default=now)) / _HOUR
    believed = TARGET * 60 / source.poll
    return (_new(days) + _BELIEF * believed) / (hours + _BELIEF)


def _new(days: Iterable[CrawlDay]) -> int:
    return sum(each.new for each in days)
