"""Dates as Arabic, French, English and Spanish sites print them. Pure.

A date is read or it is not: no day from a month or a year alone, no time that is not written, no order of
day and month that could be the other one. `docs/adr/0006-dates-of-our-own.md` says why this is ours.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from hijridate import Hijri

from crawler.dates.clock import moment_on
from crawler.dates.words import (
    COUNTS,
    DAY,
    DAYS_BACK,
    DUALS,
    HIJRI_MONTHS,
    HOUR,
    MINUTE,
    MONTH,
    MONTHS,
    NOW,
    SINGLE,
    UNITS,
    WEEK,
    WEEKDAYS,
    any_of,
    plain,
)

_LONGEST = 300  # characters: a longer text is no date line
_SOONEST, _LATEST = 1900, 2100  # years

_ALONE = r"(?<!\d)(?<!\d[:./-])"
_DAY = r"(?<!\d)(?<!\d[:./])(?P<day>\d{1,2})(?:er|st|nd|rd|th|º|°)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_MONTH = rf"(?<!\w)(?P<month>{any_of(MONTHS)})\.?(?:\s*[/(|-]\s*(?P<twin>{any_of(MONTHS)})\s*\)?)?"
_GAP = r"[\s,.،/-]*(?:(?:de|del|of|من|عام|سنه|لعام|لسنه)\s+)?"
_WEEKDAY = rf"(?:{any_of(WEEKDAYS)}\s*[\s,،]\s*)"
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY}{_GAP}{_MONTH}{_GAP}{_YEAR}",
        rf"{_DAY}([-/]){_MONTH}\2(?P<short>\d{{2}})(?!\d)",
        rf"{_DAY}{_GAP}{_MONTH}\s+'(?P<short>\d{{2}})(?!\d)",
        rf"{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}(?!\s*[:h])",
        rf"{_ALONE}{_YEAR}[\s,-]+{_WEEKDAY}?{_DAY}\s+{_MONTH}",  # "2024 الخميس ,21 تشرين الثاني"
        rf"{_ALONE}{_YEAR}[\s,-]+{_MONTH}[\s,-]+{_DAY}(?![\d:])",
    )
)
_YEAR_FIRST = re.compile(
    rf"{_ALONE}(?P<year>\d{{4}})\s*([/.-])\s*(?P<month>\d{{1,2}})\s*\2\s*(?P<day>\d{{1,2}})(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)t(?P<time>\d{4}(?:\d\d)?)(?!\d)")
_YEAR_LAST = re.compile(
    rf"{_ALONE}(?P<first>\d{{1,2}})\s*([/.-])\s*(?P<second>\d{{1,2}})\s*\2\s*(?P<year>\d{{4}}|\d{{2}})(?!\d|\2\d)"
)
_HIJRI_NAMED = re.compile(rf"{_DAY}{_GAP}(?P<month>{any_of(HIJRI_MONTHS)}){_GAP}(?P<year>1[345]\d\d)(?!\d)")
_HIJRI_NUMERIC = re.compile(
    rf"{_ALONE}(?P<day>\d{{1,2}})\s*([/.-])\s*(?P<month>\d{{1,2}})\s*\2\s*(?P<year>1[345]\d\d)(?!\d)"
)
_FIRST_OF = re.compile(rf"(?<!\w)(?:يوم\s+)?فاتح\s+(?={any_of(MONTHS)})")  # Morocco: the first of the month
_PUBLISHED = re.compile(r"publi|posted|نشر|تاريخ النشر|مضاف|اضيف")
_CHANGED = re.compile(r"modifi|mise? a jour|actualis|updated|modified|actualizado|تحديث|تعديل|عدل")
_AGO = re.compile(r"(?<!\w)(?:منذ|قبل|il y a|hace|depuis)(?!\w)|(?<!\w)ago(?!\w)")
_AMOUNT = (
    rf"(?:(?P<number>\d{{1,4}})(?!\d)\s*(?P<unit>{any_of(UNITS)})"
    rf"|(?P<word>{any_of(COUNTS)})\s+(?P<counted>{any_of(UNITS)})|(?P<single>{any_of((*SINGLE, *DUALS))}))"
)
_ONE_AMOUNT = re.compile(_AMOUNT)
_NAMELESS = re.sub(r"\?P<\w+>", "?:", _AMOUNT)
_ABOUT = r"(?:(?:environ|about|around|approximately|حوالي|نحو|unas|unos)\s+)?"
_AMOUNTS = rf"{_ABOUT}{_NAMELESS}(?:\s*(?:[,،]|و|et\s|and\s|y\s)?\s*{_NAMELESS})*"
_AFTER_AGO = re.compile(rf"\s*(?P<all>{_AMOUNTS})(?!\s*(?:و(?!احد)|et\b|and\b|y\b|\d))")
_BEFORE_AGO = re.compile(
    r"(?:.*[|:·,•—–(]\s*)?(?:(?:posted|published|updated|modified|last|on|edited)\s+)*"
    rf"(?P<all>{_AMOUNTS})\s*"
)
_BACK = re.compile(  # a line of its own: "Aujourd'hui le Maroc" and "أخبار اليوم" are names
    rf"(?:.*:\s*|\W+)?(?:(?:publiee?s?|ee?s?|posted|published|updated|modifiee?|mise? a jour|le|on|نشرت?|ت|في"
    rf"|اخر تحديث|{any_of(WEEKDAYS)})\W+)*(?P<back>{any_of(DAYS_BACK)})"
    r"(?=\W*$|\W*(?:(?:a|at|a\s+las|vers|على|علي|عند|في)\s+)*(?:الساعه\W*\d|\d{1,2}\s*(?:[:h]|[ap]\.?m|صباحا|مساء)))"
)
_RANGE = re.compile(r"(?<!\d)(?<!\d[:./-])(?P<from>\d{1,2})(?:er)?(?:[-–]|\s+(?:au|to|الى|al)\s+)$")
_INSTANT = re.compile(rf"(?<!\w)({any_of(NOW)})")


def read_date(text: str, *, now: datetime, zone: tzinfo, language: str = "") -> datetime | date | None:
    """The moment or day a line names: the publication's where it names several, None where none is read.

    A moment is aware, with the offset written in the text, else in `zone`. `now` is what relative forms
    count from. In `language` "en" a numeric date of which day and month can be swapped is unread, unless
    one of the two still lies ahead of `now`: American and British sites differ and both call it English.
    """
    line = _FIRST_OF.sub("1 ", plain(text)) if len(text) <= _LONGEST else ""
    published = _PUBLISHED.search(line)
    for part in (line[published.end() :] if published else "", line):
        for reading in (_absolute(part, now, zone, language), _relative(part, now, zone)):
            if reading is not None:
                return reading
    return None


def _absolute(line: str, now: datetime, zone: tzinfo, language: str) -> datetime | date | None:
    found = sorted(_days(line, now, language), key=lambda each: each[1])
    if not found:
        return None
    day, start, end = found[0]
    compact = _COMPACT.match(line, start)
    if compact:
        clock = compact["time"]
        line = f"{line[:start]}{' ' * (end - start)} {clock[:2]}:{clock[2:4]}{line[compact.end() :]}"
    after = next((begin for _, begin, _ in found[1:] if begin >= end), len(line))
    tail, head = _own(line[end:after]), _own(line[:start])
    return moment_on(day, tail, zone) or moment_on(day, head, zone) or day


def _own(line: str) -> str:
    """What a line says before it turns to a change or to how long ago something was."""
    return _AGO.split(_CHANGED.split(line)[0])[0]


def _days(line: str, now: datetime, language: str) -> Iterator[tuple[date, int, int]]:
    """Every complete Gregorian day with where it stands; the Hijri ones where there is none."""
    matches = [match for pattern in (*_NAMED, _COMPACT, _YEAR_FIRST) for match in pattern.finditer(line)]
    days = [(_day(match), *match.span()) for match in matches]
    days += [(_numeric(match, now, language), *match.span()) for match in _YEAR_LAST.finditer(line)]
    known = [(day, start, end) for day, start, end in days if day is not None]
    single = [each for each in known if not _RANGE.search(line[: each[1]])]
    return iter(single) if known else _hijri_days(line)


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    month = _month_number(parts["month"])
    if parts.get("twin") and _month_number(parts["twin"]) != month:
        return None
    year = int(parts["year"]) if parts.get("year") else 2000 + int(parts["short"])
    return _valid(year, month, int(parts["day"]))


def _month_number(name: str) -> int:
    return int(name) if name.isdigit() else MONTHS[" ".join(name.split())]


def _numeric(match: re.Match[str], now: datetime, language: str) -> date | None:
    """Day first; in American English month first; in English of no country only where it cannot be both."""
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    first, second = int(match["first"]), int(match["second"])
    day_first, month_first = _valid(year, second, first), _valid(year, first, second)
    language = language.lower().replace("_", "-")
    if language == "en-us":
        return month_first or day_first
    if language != "en" or None in (day_first, month_first):
        return day_first or month_first
    horizon = now.date() + timedelta(days=1)
    possible = {day for day in (day_first, month_first) if day is not None and day <= horizon}
    return possible.pop() if len(possible) == 1 else None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _SOONEST <= year <= _LATEST else None
    except ValueError:
        return None


def _hijri_days(line: str) -> Iterator[tuple[date, int, int]]:
    for match in (*_HIJRI_NAMED.finditer(line), *_HIJRI_NUMERIC.finditer(line)):
        name = " ".join(match["month"].split())
        month = int(name) if name.isdigit() else HIJRI_MONTHS[name]
        try:
            day = Hijri(int(match["year"]), month, int(match["day"])).to_gregorian()
        except (ValueError, OverflowError):
            continue
        yield date(day.year, day.month, day.day), *match.span()


def _relative(line: str, now: datetime, zone: tzinfo) -> datetime | date | None:
    here = now.astimezone(zone)
    ago = _AGO.search(line)
    if ago:
        return _before(here, line, ago)
    back = _BACK.match(line)
    if back:
        day = here.date() - timedelta(days=DAYS_BACK[" ".join(back["back"].split())])
        return moment_on(day, _CHANGED.split(line[back.end() :])[0], zone) or day
    return here.replace(microsecond=0) if _INSTANT.search(line) else None


def _before(here: datetime, line: str, ago: re.Match[str]) -> datetime | date | None:
    """That long before: to the minute if the line counts minutes or hours, else the day.

    Years are unread: "a year ago" names no day. So is an amount with a word we do not know.
    """
    after = ago[0] != "ago"
    found = _AFTER_AGO.match(line, ago.end()) if after else _BEFORE_AGO.fullmatch(line[: ago.start()])
    if found is None:
        return None
    amounts = [(_count(each), UNITS[_unit(each)]) for each in _ONE_AMOUNT.finditer(found["all"])]
    units = {unit for _, unit in amounts}
    if not units or units - {MINUTE, HOUR, DAY, WEEK, MONTH}:
        return None
    total = {unit: sum(number for number, each in amounts if each == unit) for unit in units}
    try:
        moment = _months_before(here, total.get(MONTH, 0)) - timedelta(
            weeks=total.get(WEEK, 0),
            days=total.get(DAY, 0),
            hours=total.get(HOUR, 0),
            minutes=total.get(MINUTE, 0),
        )
    except (OverflowError, ValueError):
        return None
    return moment.replace(microsecond=0) if units & {MINUTE, HOUR} else moment.date()


def _count(match: re.Match[str]) -> int:
    if match["number"]:
        return int(match["number"])
    return COUNTS[match["word"]] if match["word"] else 1 + (match["single"] in DUALS)


def _unit(match: re.Match[str]) -> str:
    return match["unit"] or match["counted"] or match["single"]


def _months_before(here: datetime, months: int) -> datetime:
    """The same day of an earlier month, or its last day."""
    year, month = divmod(here.year * 12 + here.month - 1 - months, 12)
    for day in range(here.day, 27, -1):
        if _valid(year, month + 1, day):
            return here.replace(year=year, month=month + 1, day=day)
    return here.replace(year=year, month=month + 1, day=min(here.day, 28))
