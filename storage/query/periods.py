"""Days, weeks, months and years as people name them. Pure."""

import re
from datetime import datetime, timedelta

Period = tuple[datetime, datetime]  # [beginning, end)

_YEAR = re.compile(r"(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})")
_AGO = re.compile(r"(\d{1,5})([dw])")
_LATELY = {"today": 0, "yesterday": 1}  # days ago
_KNOWN = range(1900, 2200)  # years of which we may ever hold an article


def period(value: str, now: datetime) -> Period | None:
    """The time that a value in small letters names, in the zone of `now`; None if it names none.

    2026, 2026-11, 2026-11-20, 2026-w47, today, yesterday; 7d and 2w are the moment that long ago.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        found = _ago(value, now) or _lately(value, midnight) or _named(value, midnight)
    except (ValueError, OverflowError):  # 2026-13, 99999w
        return None
    return found if found and found[0].year in _KNOWN else None


def _ago(value: str, now: datetime) -> Period | None:
    if not (found := _AGO.fullmatch(value)):
        return None
    return _days(now - int(found[1]) * timedelta(days=7 if found[2] == "w" else 1), 0)


def _lately(value: str, midnight: datetime) -> Period | None:
    return _days(midnight - timedelta(days=_LATELY[value]), 1) if value in _LATELY else None


def _named(value: str, midnight: datetime) -> Period | None:
    if found := _WEEK.fullmatch(value):
        monday = datetime.fromisocalendar(int(found[1]), int(found[2]), 1)
        return _days(monday.replace(tzinfo=midnight.tzinfo), 7)
    if found := _DAY.fullmatch(value):
        year, month, day = map(int, found.groups())
        return _days(midnight.replace(year=year, month=month, day=day), 1)
    if found := _MONTH.fullmatch(value):
        first = midnight.replace(year=int(found[1]), month=int(found[2]), day=1)
        return first, (first + timedelta(days=31)).replace(day=1)
    if found := _YEAR.fullmatch(value):
        first = midnight.replace(year=int(found[1]), month=1, day=1)
        return first, first.replace(year=first.year + 1)
    return None


def _days(start: datetime, count: int) -> Period:
    return start, start + timedelta(days=count)
