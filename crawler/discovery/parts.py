"""The parts of a sitemap index: which of them may hold something new. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

_PERIOD = re.compile(
    r"(?<!\d)(?P<year>20\d\d)[-_/.]?(?P<month>0[1-9]|1[0-2])(?:[-_/.]?(?P<day>0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_ZONES = timedelta(hours=14)  # a day begins so much earlier, and ends so much later, somewhere on Earth


@dataclass(frozen=True, slots=True)
class Part:
    """A sitemap that an index names."""

    url: str
    changed: datetime | None  # its `lastmod`


def worth_reading(parts: Iterable[Part], since: datetime | None) -> tuple[str, ...]:
    """The URLs of the parts, each once, newest first, without those that hold nothing newer than `since`.

    Of what says neither when it changed nor which month or day it is about, anything may be expected.
    """
    known = {part.url: newest(part) for part in parts}
    dated = {url: when for url, when in known.items() if when is not None}
    due = [url for url, when in dated.items() if since is None or when >= since]
    return (
        *sorted(due, key=lambda url: dated[url], reverse=True),
        *(url for url in known if url not in dated),
    )


def newest(part: Part) -> datetime | None:
    """The latest time that an article of a part can have; None if nothing says so.

    Both the change of a part and the end of the period in its name are bounds, so the earlier one counts.
    """
    bounds = [bound for bound in (part.changed, _end_of_period(part.url)) if bound]
    return min(bounds, default=None)


def _end_of_period(url: str) -> datetime | None:
    """The end of the month or day that the last such number in a path names: `contents_202611.xml`."""
    found = list(_PERIOD.finditer(urlsplit(url).path))
    if not found:
        return None
    year, month, day = (int(found[-1][name] or 0) for name in ("year", "month", "day"))
    try:
        last = (
            date(year, month, day) if day else date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        )
    except ValueError:
        return None
    return datetime.combine(last, time.max, UTC) + _ZONES
