"""A few words of an article around what was asked for, and which of them answer it. Pure.

A snippet is the place of the text that answers most parts of a query, and of such places the one that says
them most often. A word is an answer where its stem is, as in the index, so what is marked was found.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from storage.search.stems import LONGEST, Sequence
from storage.text import each_word, term_in

LENGTH = 200  # characters
_BEFORE = 70
_READ = 20_000  # characters that are looked at together, further on only where they hold nothing
_MOST = 200_000
_ENOUGH = 500  # answers that are weighed against each other
_SPACE = re.compile(r"\s+")
_LETTER = re.compile(r"[^\W_]")


class Snippet(NamedTuple):
    """Some of a text in its own spelling, and the [start, end) of it that answer the query, in order."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


class _Found(NamedTuple):
    """A part of the query answered at [start, end) of the text."""

    start: int
    end: int
    part: int


def snippet(text: str, wanted: Iterable[Iterable[Sequence]], language: str) -> Snippet:
    """About 200 characters of a text, where it answers most of what is wanted, else from its beginning.

    `wanted` holds for each part of a query the sequences of stems that answer it. Whole words, one line, an
    ellipsis where text is left out. A phrase is one mark, and a mark is of whole words.
    """
    answers = _answers(text, _by_first(wanted), language)
    best = _densest(answers)
    frame = _frame(text, best)
    inside = (each for each in answers if frame.start <= each.start < frame.end)
    return _line(text, frame, _merged(inside))


_Ways = dict[str, list[tuple[Sequence, int]]]  # first term -> sequences that begin with it, and their part


def _by_first(wanted: Iterable[Iterable[Sequence]]) -> _Ways:
    ways: _Ways = {}
    for part, sequences in enumerate(wanted):
        for each in sequences:
            if each:
                ways.setdefault(each[0], []).append((each, part))
    return ways


def _answers(text: str, ways: _Ways, language: str) -> list[_Found]:
    """The answers in the first piece of the text that holds some, in order."""
    start = 0
    while ways and start < min(len(text), _MOST):
        end = _space(text, start + _READ, _MOST) or min(len(text), _MOST)
        found = _found(text[start:end], ways, language)
        if found:
            return [_Found(each.start + start, each.end + start, each.part) for each in found]
        start = end
    return []


def _found(text: str, ways: _Ways, language: str) -> list[_Found]:
    """The answers in a text, in order."""
    found: list[_Found] = []
    longest = max(len(sequence) for some in ways.values() for sequence, _ in some)
    term = term_in(language)
    for match in each_word(text):
        if term(match[0])[:LONGEST] in ways:
            found += _beginning_at(text, match.start(), ways, language, longest)
            if len(found) >= _ENOUGH:
                break
    return found


def _beginning_at(text: str, start: int, ways: _Ways, language: str, longest: int) -> Iterator[_Found]:
    """The answers that begin with a word."""
    term = term_in(language)
    read = ((term(match[0])[:LONGEST], match.end()) for match in each_word(text, start))
    row = tuple(islice((each for each in read if each[0]), longest))
    terms = tuple(each for each, _ in row)
    for sequence, part in ways[terms[0]]:
        if terms[: len(sequence)] == sequence:
            yield _Found(start, row[len(sequence) - 1][1], part)


def _densest(found: list[_Found]) -> tuple[int, int]:
    """Where the answers begin and end that are best shown together; nothing found: (0, 0)."""
    best, shown = (0, 0), (0, 0)
    first = 0
    for last, each in enumerate(found):
        while each.end - found[first].start > LENGTH and first < last:
            first += 1
        together = found[first : last + 1]
        worth = len({one.part for one in together}), len({one.start for one in together})
        if worth > best:
            best, shown = worth, (found[first].start, max(one.end for one in together))
    return shown


class _Frame(NamedTuple):
    start: int
    end: int
    goes_on: bool  # whether words follow


def _frame(text: str, best: tuple[int, int]) -> _Frame:
    """Where to cut: some of what stands before, and all that then fits. No word is cut but an endless one."""
    room = max(0, LENGTH - (best[1] - best[0]))
    start = _beginning(text, min(best[0] - min(_BEFORE, room), len(text) - LENGTH), best[0])
    full = start + LENGTH
    places = tuple(each_word(text, start, _space(text, full, full + LENGTH) or full + LENGTH))
    end = max((place.end() for place in places if place.end() <= full), default=full)
    goes_on = any(place.end() > end for place in places) or _LETTER.search(text, full) is not None
    return _Frame(start, end if goes_on else min(len(text), full), goes_on)


def _beginning(text: str, least: int, most: int) -> int:
    """Where the first whole word begins between two places; 0 where the text does."""
    if least <= 0:
        return 0
    space = _space(text, least - 1, most) or most
    return next(each_word(text, space, most + 1)).start()


def _space(text: str, start: int, end: int) -> int:
    """Where a space is between two places; 0: nowhere."""
    found = _SPACE.search(text, start, end)
    return found.start() if found else 0


def _merged(found: Iterable[_Found]) -> list[tuple[int, int]]:
    """The places of answers; what overlaps is one."""
    places: list[tuple[int, int]] = []
    for each in found:
        if places and each.start < places[-1][1]:
            places[-1] = places[-1][0], max(places[-1][1], each.end)
        else:
            places.append((each.start, each.end))
    return places


def _line(text: str, frame: _Frame, marked: Iterable[tuple[int, int]]) -> Snippet:
    """What is framed as one line, with the marks where they then are."""
    before = "… " if frame.start else ""

    def place(at: int) -> int:
        return len(before) + len(_as_line(text[frame.start : min(at, frame.end)].lstrip()))

    line = _as_line(text[frame.start : frame.end].strip())
    marks = tuple((place(start), place(end)) for start, end in marked)
    return Snippet(f"{before}{line}{' …' if frame.goes_on else ''}", marks)


def _as_line(text: str) -> str:
    return _SPACE.sub(" ", text)
