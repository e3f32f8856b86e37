"""Which period an issue covers. Pure.

Weeks are ISO 8601 weeks in the digest's zone. An issue is named after the week that its last full day
belongs to: the one that goes out on Monday morning carries the name of the week that has just ended.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from storage.errors import ConfigError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FRESH = timedelta(days=8)  # older articles are back-filled: they are in the archive, not in a digest
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_LAST = re.compile(r"(\d{1,4})([dhw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def week_of(moment: datetime, zone: tzinfo) -> str:
    """The name of the issue with this cut-off, such as 2026-W47."""
    year, week, _ = (moment.astimezone(zone) - timedelta(days=1)).isocalendar()
    return f"{year}-W{week:02}"


def week_bounds(name: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Monday 00:00 of an ISO week, and of the next one.

    Raises ConfigError if `name` is no week of the calendar.
    """
    match = _WEEK.fullmatch(name)
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        monday = None
    if monday is None:
        raise ConfigError(f"--week {name}: no ISO week; write one such as 2026-W47")
    return _midnight(monday, zone), _midnight(monday + timedelta(days=7), zone)


def last_bounds(text: str, now: datetime) -> tuple[datetime, datetime]:
    """The time from `7d`, `36h` or `2w` before now until now.

    Raises ConfigError if `text` is not of this form.
    """
    match = _LAST.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise ConfigError(f"--last {text}: not a period; write one such as 7d, 36h or 2w")
    return now - timedelta(**{_UNITS[match[2]]: int(match[1])}), now


def moment_of(text: str, now: datetime, option: str) -> datetime:
    """The beginning of `2026-11-01` in UTC, or what `7d`, `36h` and `2w` are before now.

    Raises ConfigError naming the option if `text` is not of this form.
    """
    match = _LAST.fullmatch(text)
    if match is not None:
        return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as error:
        raise ConfigError(f"{option} {text}: neither a day nor a period; write 2026-11-01 or 7d") from error


def latest_cut_off(now: datetime, *, day: str | None, at: time, zone: tzinfo) -> datetime:
    """The last moment, not after now, at which an issue was due: weekly on a day, or (None) daily.

    A local time that a clock change skips or repeats is taken as its first occurrence (PEP 495, fold 0).
    """
    local = now.astimezone(zone)
    every = 7 if day else 1
    back = (local.weekday() - WEEKDAYS.index(day)) % 7 if day else 0
    cut_off = datetime.combine(local.date() - timedelta(days=back), at, zone)
    if cut_off > now:
        cut_off = datetime.combine(cut_off.date() - timedelta(days=every), at, zone)
    return cut_off


def day_of(moment: datetime, zone: tzinfo) -> str:
    """The name of the daily issue with this cut-off, such as 2026-11-22: the day on which it goes out."""
    return moment.astimezone(zone).date().isoformat()


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
