"""ISO weeks of a zone, counted from serials.

A database knows no zones. It counts by week of UTC, each cut where a week of the zone may begin: with summer
time at two moments, seldom at more. Such a slot is of one week whole, and there are few of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from itertools import pairwise

from sqlalchemy import ColumnElement, Integer, case, literal

from storage.model import Week
from storage.model.asked import EPOCH
from storage.search.serial import BITS

SILENCE = 53  # weeks; of a longer one none is told: a single odd date makes no ten thousand of them
_WEEK = timedelta(weeks=1)
_SECONDS = int(_WEEK.total_seconds())
_FIRST = datetime(1970, 1, 5, tzinfo=UTC) - 30_000 * _WEEK  # a Monday before every serial
_KNOWN = range(1800, 2101)  # years; beyond, a zone does as it did before


def slot(serial: ColumnElement[int], zone: tzinfo) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The week of UTC in which an article was told, and which part of it."""
    since = serial.bitwise_rshift(literal(BITS, Integer)) - int((_FIRST - EPOCH).total_seconds())
    passed = (case((since % _SECONDS >= begin, 1), else_=0) for begin in _beginnings(zone))
    return since // _SECONDS, sum(passed, literal(0, Integer))


def begin(week: int, part: int, zone: tzinfo) -> datetime:
    """When a slot begins."""
    return _FIRST + week * _WEEK + timedelta(seconds=(0, *_beginnings(zone))[part])


def weeks(slots: Mapping[datetime, int], zone: tzinfo) -> tuple[Week, ...]:
    """The weeks of articles by slot, in order, and the empty ones between them.

    None is told of a silence of more than a year.
    """
    found = Counter[date]()
    for moment, number in slots.items():
        found[_monday(moment, zone)] += number
    return tuple(Week(monday=each, articles=found[each]) for each in _in_a_row(sorted(found)))


@cache
def _beginnings(zone: tzinfo) -> tuple[int, ...]:
    """The seconds of a week of UTC at which a week of a zone has ever begun."""
    mondays = (date.fromisocalendar(year, week, 1) for year in _KNOWN for week in range(1, 53))
    midnights = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in mondays)
    offsets = {midnight.utcoffset() or timedelta(0) for midnight in midnights}
    return tuple(sorted(int(-each.total_seconds()) % _SECONDS for each in offsets))


def _monday(moment: datetime, zone: tzinfo) -> date:
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _in_a_row(mondays: Sequence[date]) -> Iterator[date]:
    for monday, following in pairwise((*mondays, date.max)):
        yield monday
        if following - monday <= SILENCE * _WEEK:
            yield from (monday + each * _WEEK for each in range(1, (following - monday) // _WEEK))
