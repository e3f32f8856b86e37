"""Find thousands of words and phrases in a text in one pass, in their inflected forms. Pure.

A lexicon is a tree of words: the cost of a text depends on its length, not on the number of phrases.
Words are compared folded (`storage.text`). A word is tried as it stands and only then in its plainer
readings: Arabic without و ف, then ب ك ل س, then ال; French, English and Spanish without a final e, s, es, x.
A phrase word that ends in `*` stands for every word that begins so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

from storage.text import Word, is_arabic, words

T = TypeVar("T")
_LEAST = 3  # letters that must remain of a word without its prefix or ending


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Words [first, last) of a text are a phrase that stands for `values`."""

    first: int
    last: int
    values: tuple[T, ...]


class Lexicon(Generic[T]):
    """Phrases and what they stand for, built once."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._root: _Node[T] = _Node()
        for phrase, value in phrases:
            self._root.add(phrase_words(phrase), value)

    def find(self, text: Sequence[Word]) -> tuple[Found[T], ...]:
        """Every phrase in the words of a text, in order; of two that begin together the longer first."""
        return tuple(found for first in range(len(text)) for found in self._found(text, first))

    def _found(self, text: Sequence[Word], first: int) -> Iterator[Found[T]]:
        ends = self._root.walk(text, first)
        return (Found(first, last, tuple(values)) for last, values in ends)


@dataclass(slots=True)
class _Node(Generic[T]):
    """What may follow a word: `whole` words and `open` beginnings by their length."""

    whole: dict[str, "_Node[T]"] = field(default_factory=dict)
    open: dict[int, dict[str, "_Node[T]"]] = field(default_factory=dict)
    values: list[T] = field(default_factory=list)

    def add(self, phrase: Sequence[str], value: T) -> None:
        """Make a way to `value`."""
        if not phrase:
            self.values.append(value)
            return
        word = phrase[0]
        branch = self.open.setdefault(len(word) - 1, {}) if word.endswith("*") else self.whole
        branch.setdefault(word.removesuffix("*"), _Node()).add(phrase[1:], value)

    def walk(self, text: Sequence[Word], first: int) -> list[tuple[int, list[T]]]:
        """The ends of phrases that begin at `first`, the longest first, with their values.

        An Arabic word is read with a prefix taken off only where it is nothing as it stands: وجدة is not جدة.
        """
        found: list[tuple[int, list[T]]] = []
        for reading in readings(text[first].text):
            found += self.after(reading, text, first + 1)
            if found and is_arabic(reading):
                break
        return sorted(found, key=lambda end: -end[0])

    def after(self, word: str, text: Sequence[Word], place: int) -> list[tuple[int, list[T]]]:
        """The ends of the phrases that go on with `word` and then with the text from `place`."""
        return [end for node in self._after(word) for end in node.ends(text, place)]

    def ends(self, text: Sequence[Word], place: int) -> list[tuple[int, list[T]]]:
        """The ends of phrases that have come as far as `place`."""
        found = [(place, self.values)] if self.values else []
        if place < len(text) and (self.whole or self.open):
            for reading in readings(text[place].text):
                found += self.after(reading, text, place + 1)
        return found

    def _after(self, word: str) -> Iterator["_Node[T]"]:
        if word in self.whole:
            yield self.whole[word]
        for length, branch in self.open.items():
            if word[:length] in branch:
                yield branch[word[:length]]


def phrase_words(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase of a rule, `*` kept at the end of those that have it."""
    ends = {word.end for word in words(phrase)}
    starred = {end for end in ends if phrase[end : end + 1] == "*"}
    return tuple(word.text + "*" * (word.end in starred) for word in words(phrase))


@lru_cache(maxsize=200_000)
def readings(word: str) -> tuple[str, ...]:
    """What a folded word may be, itself first, then with less and less around it."""
    if word.isascii() and word[-1:] not in "esx":
        return (word,)
    plainer = _arabic_readings(word) if is_arabic(word) else _latin_readings(word)
    return tuple(dict.fromkeys((word, *plainer)))


def _arabic_readings(word: str) -> Iterator[str]:
    for bare in _without(word, ("و", "ف")):
        for plain in _without(bare, ("ب", "ك", "ل", "س")):
            yield plain
            if plain.startswith("ال") and len(plain) - 2 >= _LEAST:
                yield plain[2:]


def _without(word: str, prefixes: tuple[str, ...]) -> Iterator[str]:
    """The word, then without one of the prefixes; لل stands for ل and ال, س comes before verbs only."""
    yield word
    if not word.startswith(prefixes) or len(word) - 1 < _LEAST:
        return
    if word.startswith("لل"):
        yield "ا" + word[1:]
    elif not word.startswith("س") or word[1] in "يتنا":
        yield word[1:]


def _latin_readings(word: str) -> Iterator[str]:
    for ending in ("s", "x", "e", "es", "ees"):
        if word.endswith(ending) and len(word) - len(ending) > _LEAST:
            yield word.removesuffix(ending)
