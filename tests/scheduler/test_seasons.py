"""Polling and judging together over an invented season, with nights, weekends, a holiday and a slump."""

import math
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.health import interval, judge
from storage.model import CrawlDay, SourceHealth, Standing, State
from tests import factories as make
from tests.scheduler.histories import DAY, HOUR

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
SOURCE = make.source(poll=60, poll_least=15, poll_most=1440)
Rate = Callable[[datetime], float]  # links an hour


def season(rate: Rate, days: int, seed: int = 1) -> Iterator[tuple[datetime, int, Standing]]:
    """Each crawl of a source that is polled at its own rhythm: when, how many new links, how it stands."""
    chance, now, last = random.Random(seed), START, START
    health, standing = SourceHealth(source="example"), None
    by_day: dict[date, CrawlDay] = {}
    while now < START + days * DAY:
        new = sum(
            _poisson(rate(last + hour * HOUR), chance) for hour in range(max(1, round((now - last) / HOUR)))
        )
        crawl = make.crawl_report(started=now, finished=now, new=new, extracted=new, fields={"title": new})
        day = by_day.get(now.date()) or CrawlDay(day=now.date(), first=now, last=now)
        by_day[now.date()] = day.with_crawl(crawl, first_contact=not health.crawls)
        health = SourceHealth(
            source="example",
            crawls=(crawl, *health.crawls[:29]),
            days=tuple(sorted(by_day.values(), key=lambda each: each.day, reverse=True)[:57]),
        )
        standing = judge(SOURCE, health, now, standing)
        yield now, new, standing
        last, now = now, now + interval(SOURCE, health, now)


def publishing(a_day: float, frozen: int = 999) -> Rate:
    """Little at night and at weekends, a holiday on the 34th day, half from the 40th on, none once frozen."""

    def rate(at: datetime) -> float:
        days = (at - START).days
        share = (0.3 if at.weekday() >= 5 else 1.0) * (0.1 if at.hour < 6 else 1.3)
        share *= 0.05 if days == 34 else 0.5 if days >= 40 else 1.0
        return a_day / 24 * share if days < frozen else 0.0

    return rate


@pytest.mark.parametrize("a_day", [1, 8, 24])
def test_a_season_of_a_living_source_is_no_alarm_and_a_crawl_finds_a_link_or_a_few(a_day: int) -> None:
    told = list(season(publishing(a_day), 60))
    assert not [(at, standing) for at, _, standing in told if standing.state.is_bad]
    found = [new for at, new, _ in told if at > START + 10 * DAY]
    assert 0.3 <= sum(found) / len(found) <= 4
    assert len(found) >= 45  # once a day at least


@pytest.mark.parametrize(("a_day", "within"), [(8, 6), (24, 5)])
def test_a_source_that_freezes_is_broken_after_days_and_stays_so(a_day: int, within: int) -> None:
    told = [(at - START, standing.state) for at, _, standing in season(publishing(a_day, frozen=32), 120)]
    first = next(at for at, state in told if state is State.BROKEN)
    assert timedelta(days=33) < first < timedelta(days=32 + within)
    assert {state for at, state in told if at >= first} == {State.BROKEN}


def _poisson(mean: float, chance: random.Random) -> int:
    """So many links came in an hour (Knuth's method)."""
    number, product, end = 0, chance.random(), math.exp(-mean)
    while product > end:
        number, product = number + 1, product * chance.random()
    return number
