"""The words of a text, and which of them are particular: numbers, days, places, people. Pure.

A number stands as one piece however it is written: 16 000, 16.000, seize, 23e and الثالث والعشرون.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from crawler.catalogue import load_sources
from crawler.dates.words import COUNTS
from crawler.entities import find_entities
from crawler.stories.commonplace import (
    common_words,
    first_names,
    halves,
    kind_of,
    known_words,
    personal_signs,
    saying,
    shipped_names,
    sited_signs,
)
from crawler.stories.facts import weekday_names
from crawler.stories.matters import find_matters
from crawler.stories.numerals import numerals
from storage.text import Word, is_arabic, words

_OPENING = 200  # words; what follows is background
_YEARS = range(1900, 2100)
_AGE = frozenset(("an", "ans", "سنه", "عاما", "year", "years", "ano", "anos"))
_DATELINE = re.compile(  # "Rabat (MAP) - ", "(H24 Info avec AFP) ", "Paris - "
    r"\A\s*(?:\([^)\n]{1,60}\)\s*|[^\n(]{0,40}\([^)\n]{2,30}\)\s*[-–—]\s|(?:[^\W\d]+[ ,/]*){1,3}\s[-–—]\s)"
)
_CREDIT = re.compile(r"\A[^\n.!?؟…]{1,40}\n|\n[^\n.!?؟…]{1,40}(?=\n|\Z)")  # a short line that is no sentence
_WHOLE = re.compile(r"[\s,.;:!?…)\]'’\"”»،؛؟/-]|$")  # what may follow a name that is no broken word
_CLOCK = re.compile(r"[:/h]")  # beside a number it is of an hour or a date in digits
_STOP = re.compile(r"[.!?؟…:\n«»\"“”]")
_SAID = 3  # words between one of saying and its weekday
_TITLE_CASE = 0.6  # of the longer words of a title; then a capital says nothing
_TWO_WORDS = frozenset(("بني", "سيدي", "اولاد", "عين", "ايت", "اهل", "راس"))


class Piece(NamedTuple):
    """A word, or a number of several; `kind` is empty where it is nothing particular."""

    text: str
    kind: str = ""  # number | age | year | edition | day | person | place | name | perhaps | country
    value: str = ""  # what it stands for, equal in every spelling


def told_in(text: str) -> str:
    """A text without dateline, credits and headings, which every outlet has of its own."""
    return _DATELINE.sub("", _CREDIT.sub("\n", text))


@lru_cache(maxsize=5_000)
def pieces(text: str) -> tuple[Piece, ...]:
    """The opening of a text in order."""
    told = words(text)[:_OPENING]
    numbers = _numbers(text, told)
    particular = _named(text, told) | _days(told)
    found, at = [], 0
    while at < len(told):
        piece, past = numbers.get(at, (None, at + 1))
        found.append(piece or particular.get(at) or Piece(told[at].text))
        at = past
    return tuple(found)


def _numbers(text: str, told: Sequence[Word]) -> Mapping[int, tuple[Piece, int]]:
    """First word -> the number there, and the word after it."""
    found = {each.first: (each.value, each.last, each.nth) for each in numerals(told)}
    pieces: dict[int, tuple[Piece, int]] = {}
    for at, word in enumerate(told):
        if at in found:
            value, past, nth = found[at]
            pieces[at] = (_number(str(value), told, past, nth=nth), past)
        elif word.text in COUNTS and COUNTS[word.text] > 1:
            pieces[at] = (_number(str(COUNTS[word.text]), told, at + 1), at + 1)
        elif word.text.isdecimal():
            value_, past = _grouped(text, told, at)
            timed = _CLOCK.match(text[word.start - 1 : word.start]) or _CLOCK.match(
                text[told[past - 1].end :]
            )
            pieces[at] = (Piece(value_) if timed else _number(value_, told, past), past)
    return pieces


def _grouped(text: str, told: Sequence[Word], at: int) -> tuple[str, int]:
    """The number that begins at a word, thousands joined and decimals after a point; the word after it."""
    value, past = told[at].text, at + 1
    while past < len(told) and told[past].text.isdecimal() and len(value) <= 9:
        between, digits = text[told[past - 1].end : told[past].start], told[past].text
        if len(digits) == 3 and re.fullmatch(r"[ .,\u00a0\u202f\u2009]", between) and len(told[at].text) <= 3:
            value += digits
        elif between in (".", ",") and past == at + 1:
            value += f".{digits}"
        else:
            break
        past += 1
    return value, past


def _number(value: str, told: Sequence[Word], past: int, *, nth: bool = False) -> Piece:
    after = told[past].text if past < len(told) else ""
    if nth:
        return Piece(f"{value}.", "edition", value)
    if value.isdecimal() and int(value) in _YEARS:
        return Piece(value, "year", value)
    return Piece(value, "age" if after in _AGE else "number", value)


def _days(told: Sequence[Word]) -> dict[int, Piece]:
    """The weekdays, but for those on which somebody said something."""
    known = weekday_names()
    return {
        at: Piece(word.text, "day", str(known[word.text]))
        for at, word in enumerate(told)
        if word.text in known and saying().isdisjoint(each.text for each in told[max(0, at - _SAID) : at])
    }


def _named(text: str, told: Sequence[Word]) -> dict[int, Piece]:
    """Places, people and countries that our files hold, and what looks like a name of none of them."""
    if not told:
        return {}
    opening = text[: told[-1].end]
    found = {at: Piece(told[at].text, kind) for at, kind in (*_capitals(text, told), *_signed(told))}
    for told_matter in find_matters(opening):
        kind, value = told_matter.matter.kind, told_matter.matter.name
        if kind in ("country", "nation"):
            found[told_matter.place] = Piece(told[told_matter.place].text, "country", value)
    found |= {
        at: Piece(each.text, "country", halves()[each.text])
        for at, each in enumerate(told)
        if each.text in halves()
    }
    starts = {word.start: at for at, word in enumerate(told)}
    for mention in find_entities(opening, shipped_names()):
        kind = kind_of(mention.entity)
        at = starts.get(mention.start, len(told))
        while at < len(told) and told[at].start < mention.end:
            particular = kind in ("person", "place")
            found[at] = Piece(told[at].text, *((kind, mention.entity) if particular else ()))
            at += 1
    return found


def _capitals(text: str, told: Sequence[Word]) -> Iterator[tuple[int, str]]:
    """The words with a capital, of no name we know; at the start of a sentence only if another follows."""
    longer = [word for word in told if len(word.text) > 3]
    capitals = sum(text[word.start].isupper() for word in longer)
    if capitals > _TITLE_CASE * len(longer) and len(longer) > 3:
        return
    for at, word in enumerate(told):
        written = text[word.start : word.end]
        if not written[0].isupper() or not _WHOLE.match(text, word.end):
            continue
        if len(written) == 1:  # Yassine B.
            named = (
                at and text[told[at - 1].start].isupper() and text[told[at - 1].end : word.start].isspace()
            )
            if named and text[word.end : word.end + 1] != "'":
                yield at, "name"
        elif not (written.isupper() and len(written) <= 5) and not _says_nothing(
            word.text
        ):  # an acronym may stand for what it abbreviates
            begins = at == 0 or _STOP.search(text, told[at - 1].end, word.start)
            followed = at + 1 < len(told) and text[told[at + 1].start].isupper()
            if not begins or (followed and text[word.end : told[at + 1].start].isspace()):
                yield at, "name"


def _signed(told: Sequence[Word]) -> Iterator[tuple[int, str]]:
    """Arabic has no capitals: a name is a first name and what follows it, or what follows a sign of one.

    Any other Arabic word that we do not know is one perhaps.
    """
    reach: dict[int, str] = {}
    for at, word in enumerate(told):
        if not is_arabic(word.text):
            continue
        bare = word.text.removeprefix("ب") if word.text[1:] in sited_signs() else word.text
        if word.text in first_names():
            reach |= {at: "name", at + 1: "name"}
        elif word.text in personal_signs():
            reach |= {at + 1: "name", at + 2: "name"}
        elif bare in sited_signs():
            two = at + 1 < len(told) and told[at + 1].text in _TWO_WORDS
            reach |= {at + 1: "name"} | ({at + 2: "name"} if two else {})
    for at, word in enumerate(told):
        if is_arabic(word.text) and word.text not in known_words() and not _says_nothing(word.text):
            yield at, reach.get(at, "perhaps")


def _says_nothing(word: str) -> bool:
    return word in common_words() or word in _outlets() or word in COUNTS


@lru_cache(maxsize=1)
def _outlets() -> frozenset[str]:
    """The words of the names of all outlets: who copies puts the own name in place of the other's."""
    sources = load_sources()
    return frozenset(word.text for each in sources for name in (each.name, each.id) for word in words(name))
