"""The time of day as sites print it: 18h20, 6:20 pm, على الساعة 18:20, 18:20 GMT. Pure."""

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from crawler.dates.words import EVENING, MORNING, PLACES, UNKNOWN_ZONES, ZONES, any_of

_HALF = rf"(?:\s*(?:(?P<morning>{any_of(MORNING)})|(?P<evening>{any_of(EVENING)})|(?P<night>ليلا)(?!\w)))"
_BY = r"(?:ب?توقيت|heure\s+(?:de\s+|d'))"
_ZONE = (
    rf"(?:\s*[(,،]?\s*(?:(?:(?:{_BY}|heure)\s*)?(?P<zone>{any_of(ZONES)})"
    rf"|{_BY}\s*(?P<place>{any_of(PLACES)})))?"
    r"\s*(?P<offset>[+-]\d{2}:?\d{2}(?![\d:/.-])|(?<=gmt|utc)[+-]\d{1,2}(?!\d))?"
)
_OTHER_ZONE = re.compile(rf"\s*[(,،]?\s*(?:{_BY}|{any_of(UNKNOWN_ZONES)}(?!\s*\w))")
_CLOCK = re.compile(
    r"(?:(?P<before>gmt|utc)\s+)?(?<!\d)(?<!\d[:/.])"
    r"(?P<hour>\d{1,2})\s*(?::\s*(?P<minute>\d{2})(?:\s*:\s*(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"|h(?:eures?)?\s*(?P<minute_h>\d{2})?(?!\w|\s*(?:de\s+)?lecture)"
    rf"|\.(?P<minute_d>\d{{2}})(?=\s*(?:gmt|utc|bst|cest|cet|e[sd]t|[ap]\.?m)(?!\w)))(?!\d){_HALF}?{_ZONE}"
)
_OCLOCK = re.compile(
    rf"الساعه\s+(?P<hour>\d{{1,2}})(?![\d/.-])(?:\s*و\s*(?P<minute>\d{{1,2}})\s*(?:دقيقه|دقايق|د)(?!\w))?"
    rf"{_HALF}?{_ZONE}"
)
_HALF_DAY_HOUR = re.compile(rf"(?<!\d)(?<!\d[:./-])(?P<hour>\d{{1,2}}){_HALF}{_ZONE}")


def moment_on(day: date, text: str, zone: tzinfo) -> datetime | None:
    """The moment of `day` at the first time of day in a folded text; None if it has none.

    The offset is the one written beside the time, else that of `zone`. A time in an unknown zone
    is none.
    """
    match = _CLOCK.search(text) or _OCLOCK.search(text) or _HALF_DAY_HOUR.search(text)
    if match is None or _OTHER_ZONE.match(text, match.end()):
        return None
    parts = match.groupdict()
    hour = _hour(int(match["hour"]), parts)
    minute = int(parts.get("minute") or parts.get("minute_h") or parts.get("minute_d") or 0)
    second = int(parts.get("second") or 0)
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(parts) or zone)
    except ValueError:
        return None


def _hour(hour: int, parts: dict[str, str | None]) -> int:
    """The hour of 24; an hour over 12 already is one."""
    if hour > 12:
        return hour
    if parts["night"]:
        return (hour + 12) % 24 if hour >= 6 else hour
    if parts["evening"]:
        return hour % 12 + 12
    return hour % 12 if parts["morning"] else hour


def _zone(parts: dict[str, str | None]) -> tzinfo | None:
    offset, name = parts.get("offset"), parts.get("zone") or parts.get("before")
    if offset:
        digits = offset[1:].replace(":", "").rjust(2, "0").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return (
            timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes)) if minutes <= 840 else None
        )
    if parts.get("place"):
        return ZoneInfo(PLACES[" ".join(str(parts["place"]).split())])
    return timezone(timedelta(minutes=ZONES[" ".join(name.split())])) if name else None
