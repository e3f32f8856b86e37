"""What happens to a service in a simulated year: when it lives and crawls, which sites are down. Pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.web.press import HOMES

DAY = timedelta(days=1)
ASLEEP = 0.03  # share of days on which the machine is off
RESTARTS = 0.05  # share of days on which the service is begun anew
DOWN, DOWN_FOR = 0.012, 2  # share of days from which on a site is down, for so many days
MISSED = 9  # so many weeks from one Monday morning without service to the next


@dataclass(frozen=True, slots=True)
class Life:
    """A service from its start to its end."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Almanac:
    """Local days of a zone; the first one is a Monday."""

    zone: ZoneInfo
    begin: datetime
    end: datetime
    lives: tuple[Life, ...]
    crawls: tuple[datetime, ...]
    outages: tuple[tuple[str, datetime, datetime], ...]  # site, from, to

    def down(self, moment: datetime) -> frozenset[str]:
        """The sites that answer 503 then."""
        return frozenset(site for site, since, until in self.outages if since <= moment < until)

    def cut_offs(self) -> Iterator[datetime]:
        """Each Monday 07:00 of the zone after the first one, by the calendar alone."""
        day = self.begin.astimezone(self.zone).date() + 7 * DAY
        while (cut_off := _at(day, time(7), self.zone)) < self.end:
            yield cut_off
            day += 7 * DAY


def almanac(first: date, weeks: int, zone: ZoneInfo, seed: int) -> Almanac:
    """So many weeks from a Monday on, until the noon of the last Monday."""
    chance = random.Random(seed)
    begin, end = _at(first, time(8), zone), _at(first + 7 * weeks * DAY, time(12), zone)
    lives = tuple(_lives(first, weeks, begin, end, zone, chance))
    return Almanac(
        zone=zone,
        begin=begin,
        end=end,
        lives=lives,
        crawls=tuple(_crawls(first, weeks, lives, zone, chance)),
        outages=tuple(_outages(first, weeks, zone, chance)),
    )


def _lives(
    first: date, weeks: int, begin: datetime, end: datetime, zone: ZoneInfo, chance: random.Random
) -> Iterator[Life]:
    """From one start to the next end: breaks over Monday mornings, days off, and restarts at once."""
    since = begin
    for number in range(1, 7 * weeks):
        day = first + number * DAY
        stop = _at(day, time(chance.randrange(8, 24), chance.randrange(60)), zone)
        if day.weekday() == 6 and number // 7 % MISSED == 1:
            again = _at(day + 2 * DAY, time(10), zone)  # a Tuesday
        elif day.weekday() < 5 and chance.random() < ASLEEP:
            again = stop + DAY * chance.uniform(1, 1.9)
        elif chance.random() < RESTARTS:
            again = stop
        else:
            continue
        if since < stop and again < end:
            yield Life(since, stop)
            since = again
    yield Life(since, end)


def _crawls(
    first: date, weeks: int, lives: tuple[Life, ...], zone: ZoneInfo, chance: random.Random
) -> Iterator[datetime]:
    """One a day, at any whole minute but the last ones before a cut-off: a crawl takes some."""
    for number in range(7 * weeks + 1):
        at = time(chance.randrange(24), chance.randrange(55))
        moment = _at(first + number * DAY, at, zone)
        if (at.hour, at.minute) < (6, 50) or at.hour >= 7:
            yield from (moment for life in lives if life.begin <= moment < life.end)


def _outages(
    first: date, weeks: int, zone: ZoneInfo, chance: random.Random
) -> Iterator[tuple[str, datetime, datetime]]:
    for number in range(7 * weeks):
        for site in HOMES:
            if chance.random() < DOWN:
                since = _at(first + number * DAY, time(chance.randrange(24)), zone)
                yield site, since, since + DOWN_FOR * DAY


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(ZoneInfo("UTC"))
