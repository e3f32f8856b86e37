"""When an article was published and changed: the best of what its page, URL and entry say. Pure."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from crawler.cleaning.findings import Path
from crawler.dates import read_date

_URL_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)"
    r"(?:/(?P<month>[01]?\d)/(?P<day>[0-3]?\d)(?=/|$)"  # not /2023/12/16-new-officers…
    r"|-(?P<month_d>[01]\d)-(?P<day_d>[0-3]\d)(?!\d)|(?P<month_c>[01]\d)(?P<day_c>[0-3]\d)(?:\d{6})?(?!\d|\.\d))"
)
_URL_MONTH = re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>[01]?\d)/")
_NOON = time(12)
_EARLIEST = date(1900, 1, 1)  # what lies before is a placeholder, such as the year 1
_AHEAD = timedelta(days=1)  # clocks and zones differ; what lies further ahead is no publication
_MOST_READ = 12  # dates of one path
_APART = timedelta(days=3)  # an article's URL is made within days of its publication


class Clock(NamedTuple):
    """What reading a page's dates needs to know."""

    now: datetime  # when the page was fetched
    zone: tzinfo
    language: str
    url: str


def choose_moment(field: str, paths: tuple[Path, ...], clock: Clock) -> tuple[datetime | None, str]:
    """The moment a field tells, and the path it came by; None where no path tells one that can be true.

    A day without time is noon in the zone of `clock`, unless a later path gives the time of that day; so does
    midnight sharp give way to a time of its day. Where
    the URL names another day or month, the paths that agree with it come first.
    """
    latest = (clock.now + _AHEAD).date()
    read = [each for each in _readings(field, paths, clock) if _EARLIEST <= _day(each[0]) <= latest]
    agreeing = (each for each in read if each[1] != "url" and agrees_with(_day(each[0]), clock.url))
    first = next(agreeing, next(iter(read), None))
    if first is None:
        return None, ""
    timed = (each for each in read if _has_time(each[0]) and _day(each[0]) == _day(first[0]))
    found, path = first if _has_time(first[0]) else next(timed, first)
    return (found if isinstance(found, datetime) else datetime.combine(found, _NOON, clock.zone)), path


def _readings(field: str, paths: tuple[Path, ...], clock: Clock) -> Iterator[tuple[datetime | date, str]]:
    for path in paths:
        for text in path.found.get(field, ())[:_MOST_READ]:
            found = read_date(text, now=clock.now, zone=clock.zone, language=clock.language)
            if found is not None:
                yield found, path.name


def _has_time(found: datetime | date) -> bool:
    """Whether more than the day is told: midnight sharp is how systems write a day."""
    return isinstance(found, datetime) and found.time() != time()


def _day(found: datetime | date) -> date:
    return found.date() if isinstance(found, datetime) else found


def agrees_with(day: date, url: str) -> bool:
    """Whether a day can be that of a URL: within three days of the day it names, or of the month it names."""
    named = named_day(url)
    if named is not None:
        return abs(day - named) <= _APART
    match = _URL_MONTH.search(urlsplit(url).path)
    if match is None:
        return True
    return abs((day.year - int(match["year"])) * 12 + day.month - int(match["month"])) <= 1


def named_day(url: str) -> date | None:
    """The day a URL's path names (/2024/11/21/, /20241121-…), if it does."""
    match = _URL_DAY.search(unquote(urlsplit(url).path))
    if match is None:
        return None
    parts = match.groupdict()
    month = parts["month"] or parts["month_d"] or parts["month_c"]
    day = parts["day"] or parts["day_d"] or parts["day_c"]
    try:
        return date(int(parts["year"]), int(month), int(day))
    except ValueError:
        return None
