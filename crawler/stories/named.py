"""Whom and what an account names, and which names it has that no file of ours holds. Pure.

The latter are compared across scripts by their consonants: Arabic does not write short vowels, and outlets
spell foreign names by ear. Hambli and هامبلي both are `hmbl`. A hint only: other names may have the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from crawler.entities import find_entities
from crawler.judging.sentences import sentences
from crawler.stories.commonplace import (
    common_entities,
    frequent_people,
    holders,
    kind_of,
    known_words,
    shipped_names,
)
from storage.text import Word, is_arabic, words

_FIRST = 4  # entities of the user's own files that an account names first are its lead
_MAIN = ("person", "case", "operation", "")  # kinds; empty: of the user's own files

_LETTERS = 4  # of a name
_CONSONANTS = 4  # of a skeleton; of three, names and plain words meet by chance in one pair of twenty
_ARABIC = dict(zip("بتثجحخدذرزسشصضطظغفقكلمنه", "bttghhddrzsssdtzgfkklmnh", strict=True))
_PAIRS = (
    ("tch", "s"),
    ("sch", "s"),
    ("ph", "f"),
    ("ch", "s"),
    ("sh", "s"),
    ("th", "t"),
    ("kh", "h"),
    ("gh", "g"),
)
_LATIN = dict(zip("bcdfghjklmnpqrstvxz", "bkdfghgklmnbkrstfkz", strict=True))
_SOFT_C = re.compile(r"c(?=[eiy])")


@dataclass(frozen=True, slots=True)
class Named:
    """Ids of entities; what everybody names is in `all`, `known` and the people only."""

    all: frozenset[str]
    known: frozenset[str]  # and who holds an office that title or lead names
    entities: frozenset[str]
    seldom: frozenset[str]  # people, cases and operations not named every week
    leading: frozenset[str]  # entities in title and lead
    principals: frozenset[str]  # people, cases and operations there
    people: frozenset[str]  # people there
    titled: frozenset[str]  # people in the title


def read_named(title: str, head: str, day: date | None, entities: tuple[str, ...]) -> Named:
    """What an account names that has these entities in order; `head` is its title and lead."""
    leading = _found(head) | {each for each in entities[:_FIRST] if not kind_of(each)}
    uncommon = frozenset(entities) - common_entities()
    main = frozenset(each for each in entities if kind_of(each) in _MAIN)
    return Named(
        all=frozenset(entities),
        known=frozenset(entities) | {person for office in leading for person in holders(office, day)},
        entities=uncommon,
        seldom=(main & uncommon) - frequent_people(),
        leading=uncommon & leading,
        principals=main & leading,
        people=_people(leading),
        titled=_people(_found(title)),
    )


def proper_names(text: str) -> frozenset[str]:
    """The folded words with a capital inside a sentence, of no name we know; Arabic has no capitals."""
    found: set[str] = set()
    for start, end in sentences(text):
        later = words(text[start:end])[1:]
        found |= {each.text for each in later if text[start + each.start].isupper()}
    return frozenset(each for each in found if len(each) >= _LETTERS) - known_words()


def skeletons(names: frozenset[str], body: Iterable[Word]) -> frozenset[str]:
    """The consonants of these names, and of the Arabic words we do not know: any may be a name."""
    arabic = {each.text for each in body if is_arabic(each.text)} - known_words()
    return frozenset(skeleton(each) for each in names | arabic) - {""}


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """The consonants of a folded word, doubled ones once; empty where too few are left to tell."""
    bare = _of_arabic(word) if is_arabic(word) else _of_latin(word)
    single = re.sub(r"(.)\1+", r"\1", bare)
    return single if len(single) >= _CONSONANTS else ""


def _found(text: str) -> frozenset[str]:
    return frozenset(each.entity for each in find_entities(text, shipped_names()))


def _people(entities: Iterable[str]) -> frozenset[str]:
    return frozenset(each for each in entities if kind_of(each) == "person")


def _of_arabic(word: str) -> str:
    name = word.removeprefix("ال")
    return "".join(_ARABIC.get(letter, "") for letter in name)


def _of_latin(word: str) -> str:
    for written, sound in _PAIRS:
        word = word.replace(written, sound)
    return "".join(_LATIN.get(letter, "") for letter in _SOFT_C.sub("s", word))
