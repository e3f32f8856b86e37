"""Numbers in words, up to 99, in four languages, and what counts the editions of a thing. Pure.

The words stand in `numerals.toml`; Babel has none that can be read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from crawler.files import read_rules
from crawler.judging.matching import Lexicon
from storage.text import Word, words

_FILE = Path(__file__).with_name("numerals.toml")
_NTH = re.compile(r"(\d{1,3})(?:er|ere|re|e|eme|ieme|st|nd|rd|th|a|o)")  # 1er, 23e, 22nd; 25ª folds to 25a
_TEEN = 10  # up to here a number in words may be another word: neuf, six, sept., once


class Numeral(NamedTuple):
    """Words [first, last) of a text are a number."""

    first: int
    last: int
    value: int
    nth: bool  # it says which, not how many


def numerals(text: Sequence[Word]) -> tuple[Numeral, ...]:
    """The numbers in words and the ordinals of a text, the longest, in order."""
    kept: list[Numeral] = []
    for found in _lexicon().find(text):
        value, nth = found.values[0]
        if not kept or found.first >= kept[-1].last:
            kept.append(Numeral(found.first, found.last, value, nth))
    written = ((at, _NTH.fullmatch(word.text)) for at, word in enumerate(text) if word.text[0].isdigit())
    kept += (Numeral(at, at + 1, int(match[1]), nth=True) for at, match in written if match)
    return tuple(sorted(kept))


def in_digits(folded: str) -> str:
    """A folded text with the numbers in words from eleven on as digits; ordinals too in Arabic, which says
    an age by them."""
    told = words(folded)
    if not any(_is_large(word.text) for word in told):
        return folded
    for each in reversed(numerals(told)):
        start, end = told[each.first].start, told[each.last - 1].end
        spelled = not folded[start].isdigit() and not (each.nth and folded[start].isascii())
        if spelled and each.value > _TEEN:
            folded = f"{folded[:start]}{each.value}{folded[end:]}"
    return folded


@lru_cache(maxsize=100_000)
def _is_large(word: str) -> bool:
    """Whether a word may be of a number from eleven on: all such hold a ten, or are one word."""
    return bool(_tens().find(words(word)))


@lru_cache(maxsize=1)
def _tens() -> Lexicon[int]:
    made = [each for table in read_rules(_FILE).values() for each in _made(table)]
    return Lexicon((said, value) for said, (value, _) in made if value >= _TEEN and len(words(said)) == 1)


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon[tuple[int, bool]]:
    return Lexicon(each for table in read_rules(_FILE).values() for each in _made(table))


def _made(table: Mapping[str, Any]) -> Iterator[tuple[str, tuple[int, bool]]]:
    """Every number of a language, with what it is and whether it says which."""
    units, tens = _listed(table["units"], 1, 1), _listed(table["tens"], 20, 10)
    nth, nth_tens = _listed(table["nth"], 1, 1), _listed(table["nth_tens"], 20, 10)
    yield from ((said, (value, False)) for said, value in (*units[1:], *tens) if value > 1)
    yield from ((said, (value, True)) for said, value in (*nth, *nth_tens))
    for ending, is_nth in ((units, False), (nth, True)):
        heads = (*tens, *nth_tens) if is_nth else tens
        for (ten, base), (unit, more) in product(heads, ending):
            if more < 10 or ten in table["far"]:
                yield from ((said, (base + more, is_nth)) for said in _composed(ten, unit, table))


def _composed(ten: str, unit: str, table: Mapping[str, Any]) -> Iterator[str]:
    if table.get("unit_first"):
        yield f"{unit} {ten}"
        return
    yield from (f"{ten} {joiner} {unit}" for joiner in table["joiners"])
    yield f"{ten}{unit}"  # veinticinco, vigesimoquinta


def _listed(spellings: Sequence[str], start: int, step: int) -> list[tuple[str, int]]:
    """Each spelling with its number; a hyphen parts words."""
    return [
        (said.replace("-", " "), start + at * step)
        for at, each in enumerate(spellings)
        for said in each.split()
    ]
