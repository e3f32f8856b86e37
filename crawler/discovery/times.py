"""The times entries give: ISO 8601, RFC 822, unix seconds, or as people write them. Pure."""

from datetime import UTC, date, datetime, time, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from crawler.dates import read_date
from storage.model import Source

_LATEST_UNIX = 4_102_444_800  # the year 2100: a larger number counts milliseconds
_UTC_NAMES = ("GMT", "UTC", "UT", "Z")


def moment(text: str, source: Source, now: datetime, *, naive: tzinfo | None = None) -> datetime | None:
    """The aware time a text gives, with its own offset; None if it gives none.

    A time without offset is one of `naive`, by default of the source's zone; a day alone is its noon there.
    """
    zone = naive or ZoneInfo(source.timezone)
    text = " ".join(text.split())
    if not text:
        return None
    return _iso(text, zone) or _mail_time(text) or _written(text, source, now, zone)


def unix_moment(value: float) -> datetime | None:
    """The time `value` seconds (or milliseconds) after 1970; None for a number that is no time."""
    seconds = value / 1000 if abs(value) > _LATEST_UNIX else value
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, OSError, ValueError):
        return None


def noon(day: date, zone: tzinfo) -> datetime:
    """What stands for a day without time."""
    return datetime.combine(day, time(12), zone)


def _iso(text: str, zone: tzinfo) -> datetime | None:
    try:
        if len(text) == len("2026-11-16"):
            return noon(date.fromisoformat(text), zone)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _mail_time(text: str) -> datetime | None:
    """RFC 822 with a numeric offset or universal time; other zone names are not trusted to the library."""
    zone = text.rpartition(" ")[2]
    if not (zone.upper() in _UTC_NAMES or (zone[:1] in "+-" and zone[1:].isdigit())):
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _written(text: str, source: Source, now: datetime, zone: tzinfo) -> datetime | None:
    """As people write it, also RFC 822 with "CET", which feedparser takes for universal time."""
    found = read_date(text, now=now, zone=zone, language=source.language)
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return noon(found, zone) if found else None
