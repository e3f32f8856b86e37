"""A text as a Query: each piece is read once, from left to right. Pure.

    question  parts side by side: all of them must hold; OR joins the two beside it, closer than side by side
    part      word | "phrase" | field:value | ( question ) | field:( question ), each with - or NOT before it

What is not understood is named and passed over, as if it had not been typed.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from storage.model import Every, Filter, Part, Query, Term
from storage.query.parts import added, either, every, without
from storage.query.periods import period
from storage.query.pieces import Piece, Span, pieces
from storage.query.values import FILTERS, NAKED, PLACES, SETTINGS, values

LONGEST = 1000  # characters of a query that are read
MOST = 20  # words and phrases that are searched
DEEPEST = 10  # parentheses within each other


@dataclass(slots=True, kw_only=True)
class _Reading:
    now: datetime
    left: deque[Piece]
    terms: int = 0
    stories: list[int] = field(default_factory=list)
    settings: dict[str, tuple[str, Span]] = field(default_factory=dict)
    not_understood: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    """What stands between two parentheses, or in none."""

    name: str  # the field of all that names none itself: title:(one OR other)
    depth: int
    parts: list[tuple[Part, bool]] = field(default_factory=list)  # each with whether AND keeps it apart
    waiting: list[Piece] = field(default_factory=list)  # operators, for what follows
    after_setting: bool = False


def parse_query(text: str, *, now: datetime) -> Query:
    """What a person asks; days, weeks, months and years are those of the zone of `now`. Never raises.

    What is not understood is left out of the question and named in `not_understood`, as typed.
    """
    reading = _Reading(now=now, left=deque(pieces(text[:LONGEST])))
    asked = _question(reading) or Every()
    named = [text[start:end] for start, end in sorted(reading.not_understood)]
    since, until, sort = (reading.settings.get(name, ("",))[0] for name in ("since", "until", "sort"))
    earliest, latest = period(since, now), period(until, now)
    return Query(
        text=text,
        asked=asked if isinstance(asked, Every) else Every((asked,)),
        stories=tuple(dict.fromkeys(reading.stories)),
        since=earliest and earliest[0],
        until=latest and latest[1],
        sort=sort or "relevance",
        now=now,
        not_understood=tuple(filter(None, (*named, text[LONGEST:].strip()))),
    )


def _question(reading: _Reading, name: str = "", depth: int = 0) -> Part | None:
    """All up to the parenthesis that closes, or to the end; None if nothing of it asks for anything."""
    level = _Level(name, depth)
    while reading.left:
        piece = reading.left.popleft()
        if piece.closes and depth:
            break
        understood = (
            _operator(piece, level) or _setting(piece, level, reading) or _part(piece, level, reading)
        )
        if not understood:
            reading.not_understood.append(piece.span)
    reading.not_understood += [piece.span for piece in level.waiting]
    parts: tuple[Part, ...] = ()
    for part, apart in level.parts:
        parts = (*parts, part) if apart else added(parts, part)
    return every(parts) if parts else None


def _operator(piece: Piece, level: _Level) -> bool:
    follows = not level.waiting and (level.parts or level.after_setting)
    fits = {"NOT": True, "AND": follows, "OR": follows and not level.after_setting}
    if fits.get(piece.operator):
        level.waiting.append(piece)
        return True
    return False


def _setting(piece: Piece, level: _Level, reading: _Reading) -> bool:
    """Read what is of the whole question: it stands in no parentheses and has no OR or NOT before it."""
    operators = {each.operator for each in level.waiting}
    if piece.field not in SETTINGS or piece.opens or piece.without or level.depth or operators - {"AND"}:
        return False
    if not _set(piece, _values(piece, piece.field, reading), reading):
        return False
    level.waiting.clear()
    level.after_setting = True
    return True


def _set(piece: Piece, given: tuple[str, ...], reading: _Reading) -> bool:
    if piece.field == "story":
        reading.stories += map(int, given)
        return bool(given)
    if len(given) != 1 or (piece.field != "sort" and not period(given[0], reading.now)):
        return False
    if earlier := reading.settings.get(piece.field):
        reading.not_understood.append(earlier[1])
    reading.settings[piece.field] = given[0], piece.span
    return True


def _part(piece: Piece, level: _Level, reading: _Reading) -> bool:
    """Read what asks for something; a group of which nothing is understood has named all that is in it."""
    name = piece.field or level.name
    if piece.opens:
        if name not in PLACES | FILTERS or level.depth == DEEPEST or not _holds_something(reading):
            return _pass_over(piece, reading)
        part = _question(reading, name, level.depth + 1)
    elif piece.value.lower() in NAKED:
        return False
    elif name in FILTERS:
        part = _filter(piece, name, reading)
    else:
        part = _term(piece, name, reading)
    if part is not None:
        _add(without(part) if piece.without else part, level)
    return part is not None or piece.opens


def _holds_something(reading: _Reading) -> bool:
    return bool(reading.left) and not reading.left[0].closes


def _pass_over(piece: Piece, reading: _Reading) -> bool:
    """Name a whole group."""
    depth, end = 1, piece.span[1]
    while depth and reading.left:
        inner = reading.left.popleft()
        depth += inner.opens - inner.closes
        end = inner.span[1]
    reading.not_understood.append((piece.span[0], end))
    return True


def _filter(piece: Piece, name: str, reading: _Reading) -> Filter | None:
    given = _values(piece, name, reading)
    return Filter(field=name, values=given) if given else None


def _term(piece: Piece, name: str, reading: _Reading) -> Term | None:
    typed, (start, end) = piece.words()
    if not typed or name not in PLACES or reading.terms == MOST:
        return None
    reading.terms += 1
    return Term(words=typed, field=name, start=start, end=end)


def _values(piece: Piece, name: str, reading: _Reading) -> tuple[str, ...]:
    """The values that a field takes; those it does not take are named, if any other is left."""
    found = list(values(piece, name))
    given = dict.fromkeys(value for value, _ in found if value)
    if given:
        reading.not_understood += [span for value, span in found if not value]
    return tuple(given)


def _add(part: Part, level: _Level) -> None:
    operators = [each.operator for each in level.waiting]
    if operators.count("NOT") % 2:
        part = without(part)
    if "OR" in operators:
        one, apart = level.parts.pop()
        level.parts.append((either(one, part), apart))
    else:
        level.parts.append((part, "AND" in operators))
    level.waiting.clear()
    level.after_setting = False
