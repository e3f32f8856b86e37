"""Figures that tell one event from another: ages, days, weights. Pure."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale

from crawler.dates.words import COUNTS, MONTHS, any_of, plain
from crawler.stories.commonplace import nationalities, saying
from crawler.stories.numerals import in_digits
from storage.text import words

_OLDEST, _YOUNGEST = 90, 12
_AGES = (  # NATIONAL: whatever says that somebody is of a country
    r"(?:عمر(?:ه|ها)?|البالغه?|يبلغ|تبلغ|العمر)\s+(?:من العمر\s+)?(\d\d)\b",
    r"[،,(]\s*(\d\d)\s+(?:سنه|عاما)\s*[،,).]",
    r"في\s+(?:سن\s+)?(\d\d)\s+من\s+(?:ال)?عمر",
    r"(?:شاب|رجل|مواطن|شخص|NATIONAL)\s+(?:في ال|عمره\s+)?(\d\d)\s+(?:سنه|عاما)",
    r"\bage[es]{0,2} de (\d\d) ans\b",
    r"[,(]\s*(\d\d) an[so]s?\s*[,).]",
    r"\b(?:homme|femme|binational|(?:\w{4,8}-)?NATIONAL|ressortissant|suspect|trentenaire"
    r"|quadragenaire|quinquagenaire|sexagenaire|septuagenaire) (?:\w+ ){0,2}de (\d\d) ans\b",
    r"\b(\d\d)[- ]years?[- ]old\b",
    r"\baged (\d\d)\b",
    r"\b[a-z]+, (\d\d), ",
    r"\btiene (\d\d) anos\b",
    r"\bde (\d\d) anos(?: de edad)?\b(?! de (?:carcel|prision))",
)
_BORN = re.compile(
    r"\b(?:nee? (?:en|le \d\d? \w+)|born in|nacid[oa] en|(?:من )?مواليد(?: سنه| عام)?|المزداده? (?:سنه|عام))"
    r" (\d{4})\b"
)
_UNIT = r"(tonn?es?|tons?|toneladas?|t|kg|kilos?|kilogram\w*|طن\w*|اطنان|كيلو\w*|كلغ|كغ)\b"
_AMOUNT = rf"\d{{1,3}}(?:[.,\s]\d{{3}})+|\d+(?:[.,]\d+)?|{'|'.join(sorted(COUNTS))}"
_WEIGHT = re.compile(
    rf"(?<![\w.,])({_AMOUNT})(\s+and a half)?\s*{_UNIT}(\s+(?:et demie?|y media|and a half|ونصف))?"
)
_HALF = (
    (r"\bdemi-tonne|\bhalf a tonn?e?|\bmedia tonelada|نصف طن\b", "0.5 ton"),
    (r"\b(?:طنين|طنان)\b", "2 ton"),
    (r"\bطن ونصف", "1.5 ton"),
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+")  # 16,000 and 16 000 and 16.000
_FIGURE = re.compile(rf"(?<![\w.,])(?:{_GROUPED.pattern}|\d+(?:[.,]\d+)?)(?!\w)")
_LEAST = 3  # one and two are grammar
_SAID = 3  # words between one of saying and its weekday
_YEARS = range(1900, 2100)
_ROUNDING = 0.1
_MONTH = any_of(MONTHS)
_DAY_FIRST = re.compile(
    rf"\b(?:(\d\d?)\s*(?:و|et|and|y|-|au|to|al)\s*)?(\d\d?)(?:er|st|nd|rd|th)?\s+(?:من\s+|de\s+|of\s+)?({_MONTH})"
    r"(?:\s+(?:de\s+|عام\s+|سنه\s+)?(\d{4}))?"
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\s+(\d\d?)(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?")


def ages(text: str, published: date | None = None) -> frozenset[int]:
    """The ages of persons in a text, in years; of who was born in a year the two that he may be of."""
    spelled = _spelled(text)
    given = {int(next(filter(None, match.groups()))) for match in _age().finditer(spelled)}
    if published:
        since = {published.year - int(match[1]) for match in _BORN.finditer(spelled)}
        given |= since | {years - 1 for years in since}
    return frozenset(age for age in given if _YOUNGEST <= age <= _OLDEST)


def figures(text: str) -> frozenset[str]:
    """The figures from three on that a text gives, as `3400` or `3.4`; of words up to ten. No years."""
    spelled = _spelled(text)
    given = {_plain_figure(match[0]) for match in _FIGURE.finditer(spelled)}
    counted = {str(COUNTS[word.text]) for word in words(spelled) if word.text in COUNTS}
    return frozenset(
        each for each in given | counted if "." in each or (int(each) >= _LEAST and int(each) not in _YEARS)
    )


def is_telling(figure: str) -> bool:
    """Whether a figure hardly comes by chance: a decimal, or over 100 and not round."""
    return "." in figure or (int(figure) > 100 and len(figure.rstrip("0")) > 1)


def days(text: str, published: date | None) -> frozenset[date]:
    """The days a text names by day and month; without a year the one nearest to publication."""
    spelled = _spelled(text)
    found = set()
    for match in _DAY_FIRST.finditer(spelled):
        found |= {_day(day, match[3], match[4], published) for day in (match[1], match[2]) if day}
    for match in _MONTH_FIRST.finditer(spelled):
        found.add(_day(match[2], match[1], match[3], published))
    return frozenset(day for day in found if day)


def weekdays(text: str, published: date | None, *, of_saying: bool = True) -> frozenset[date]:
    """The weekdays a text names, each as the last one up to the day of publication.

    `of_saying`: also those on which somebody said it, "a source said on Thursday".
    """
    if published is None:
        return frozenset()
    told = [word.text for word in words(text)]
    numbers = {
        weekday_names()[word]
        for at, word in enumerate(told)
        if word in weekday_names() and (of_saying or saying().isdisjoint(told[max(0, at - _SAID) : at]))
    }
    return frozenset(published - timedelta(days=(published.weekday() - number) % 7) for number in numbers)


def hauls(text: str) -> frozenset[float]:
    """The weights a text names, in kilograms."""
    spelled = _spelled(text)
    for written, plainly in _HALF:
        spelled = re.sub(written, plainly, spelled)
    return frozenset(_kilograms(each) for each in _WEIGHT.finditer(spelled))


def hauls_differ(one: frozenset[float], other: frozenset[float]) -> bool:
    """Whether two seizures name weights and none of one is, as outlets round, one of the other."""
    return bool(one and other) and not any(_rounded_alike(a, b) for a in one for b in other)


def _plain_figure(written: str) -> str:
    if _GROUPED.fullmatch(written):
        return re.sub(r"\D", "", written)
    return written.replace(",", ".")


def _day(day: str, month: str, year: str | None, published: date | None) -> date | None:
    number = MONTHS[" ".join(month.split())]
    if year:
        return _date(int(year), number, int(day))
    if published is None:
        return None
    near = (_date(published.year + shift, number, int(day)) for shift in (-1, 0, 1))
    return min((each for each in near if each), key=lambda each: abs(each - published), default=None)


def _kilograms(weight: re.Match[str]) -> float:
    """Three digits after a point or comma are thousands of kilograms, not of tonnes: 7.200 kg, 1.250 t."""
    written, tonnes = weight[1], weight[3][0] in "tطا"
    if _GROUPED.fullmatch(written) and not (tonnes and re.fullmatch(r"\d+[.,]\d+", written)):
        amount = float(re.sub(r"\D", "", written))
    else:
        amount = COUNTS.get(written) or float(written.replace(",", "."))
    return (amount + (0.5 if weight[2] or weight[4] else 0)) * (1000 if tonnes else 1)


def _rounded_alike(one: float, other: float) -> bool:
    """Whether two weights may be one: near, or of as many whole tonnes."""
    near = abs(one - other) <= _ROUNDING * max(one, other)
    return near or one // 1000 == other // 1000 > 0


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _age() -> re.Pattern[str]:
    national = "|".join(sorted({plain(word) for word in nationalities()}, key=len, reverse=True))
    return re.compile("|".join(_AGES).replace("NATIONAL", f"(?:{national})(?:ne|e)?s?"))


@lru_cache(maxsize=4_000)
def _spelled(text: str) -> str:
    """A text in the spelling of the patterns, numbers in words as digits."""
    return in_digits(plain(text))


@lru_cache(maxsize=1)
def weekday_names() -> Mapping[str, int]:
    """Folded name, in Arabic with and without article -> number, Monday 0 (Unicode CLDR)."""
    tables = (Locale.parse(name).days["format"]["wide"] for name in ("ar", "fr", "en", "es"))
    full = {plain(name): number for table in tables for number, name in table.items()}
    return full | {name.removeprefix("ال"): number for name, number in full.items()}
