"""The query language: what a person types, as a Query. Pure.

Words and "phrases" must all occur; `-without`; `one OR other`; `title:word`. Filters: `source:` `lang:`
`country:` `entity:` `topic:` `story:` `verdict:` (several values: any of them), `since:` and `until:`
(`2026-11-20`, `7d`, `2026-W47`; the day or week named is included), `sort:date|relevance`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.model import Query, Relevance, Term
from storage.text import words

LONGEST = 1000  # characters of a query that are read
MOST = 20  # words and phrases that are searched
_PIECE = re.compile(
    r"""(?P<without>-)?
        (?:(?P<field>[A-Za-z]+):)?
        (?:["“”«](?P<phrase>[^"“”»]*)["“”»]?|(?P<word>\S+))""",
    re.VERBOSE,
)
_FILTERS = {"source", "lang", "country", "entity", "topic", "story", "verdict"}
_NAKED = {f"{name}:" for name in (*_FILTERS, "title", "since", "until", "sort")}
_VERDICTS = {each.value for each in Relevance}
_SORTS = ("date", "relevance")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_AGO = re.compile(r"(\d{1,6})d")


@dataclass(slots=True)
class _Parsed:
    now: datetime
    groups: list[list[Term]] = field(default_factory=list)
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    sort: str = "relevance"
    not_understood: list[str] = field(default_factory=list)
    joins: bool = False  # the next term is an alternative to the last one


def parse_query(text: str, *, now: datetime) -> Query:
    """What a person asks; days and weeks are those of the zone of `now`. Never raises.

    What cannot be understood is left out of the question and named in `not_understood`.
    """
    parsed = _Parsed(now)
    for piece in _PIECE.finditer(text[:LONGEST]):
        if not _read(piece, parsed):
            parsed.not_understood.append(piece[0])
    if text[LONGEST:].strip():
        parsed.not_understood.append(text[LONGEST:])
    if parsed.joins:
        parsed.not_understood.append("OR")
    return Query(
        text=text,
        groups=tuple(map(tuple, parsed.groups)),
        filters=parsed.filters,
        since=parsed.since,
        until=parsed.until,
        sort=parsed.sort,
        not_understood=tuple(parsed.not_understood),
    )


def _read(piece: re.Match[str], parsed: _Parsed) -> bool:
    if piece[0] == "OR":
        return _read_or(parsed)
    name = (piece["field"] or "").lower()
    value = piece["phrase"] if piece["phrase"] is not None else piece["word"]
    if name in {"", "title"}:
        return _read_term(value, name, bool(piece["without"]), parsed)
    return not piece["without"] and value.isprintable() and _read_setting(name, value.strip(), parsed)


def _read_or(parsed: _Parsed) -> bool:
    if not parsed.groups or parsed.joins:
        return False
    parsed.joins = True
    return True


def _read_term(value: str, name: str, without: bool, parsed: _Parsed) -> bool:
    typed = tuple(value[word.start : word.end] for word in words(value))
    if not typed or value.lower() in _NAKED or sum(map(len, parsed.groups)) == MOST:
        return False
    term = Term(words=typed, field=name, without=without)
    if parsed.joins:
        parsed.groups[-1].append(term)
    else:
        parsed.groups.append([term])
    parsed.joins = False
    return True


def _read_setting(name: str, value: str, parsed: _Parsed) -> bool:
    if name in _FILTERS:
        given = tuple(_filter_values(name, value))
        if given:
            parsed.filters[name] = parsed.filters.get(name, ()) + given
        return bool(given)
    if name == "sort" and value in _SORTS:
        parsed.sort = value
        return True
    return name in {"since", "until"} and _read_period(name, value, parsed)


def _filter_values(name: str, value: str) -> Iterator[str]:
    for each in filter(None, map(str.strip, value.split(","))):
        plain = {"country": each.upper(), "lang": each.lower(), "verdict": each.lower()}.get(name, each)
        if name == "verdict" and plain not in _VERDICTS:
            continue
        if name == "story" and not (plain.isdecimal() and len(plain) < 19):
            continue
        yield plain


def _read_period(name: str, value: str, parsed: _Parsed) -> bool:
    period = _period(value, parsed.now)
    if period is None:
        return False
    if name == "since":
        parsed.since = period[0]
    else:
        parsed.until = period[1]
    return True


def _period(value: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The time named, from its beginning to its end (exclusive)."""
    try:
        if found := _DAY.fullmatch(value):
            year, month, day = map(int, found.groups())
            return _days(datetime(year, month, day, tzinfo=now.tzinfo), 1)
        if found := _WEEK.fullmatch(value):
            monday = datetime.fromisocalendar(int(found[1]), int(found[2]), 1)
            return _days(monday.replace(tzinfo=now.tzinfo), 7)
        if found := _AGO.fullmatch(value):
            return _days(now - timedelta(days=int(found[1])), 0)
    except (ValueError, OverflowError):
        return None
    return None


def _days(start: datetime, count: int) -> tuple[datetime, datetime]:
    return start, start + timedelta(days=count)
