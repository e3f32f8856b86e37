"""Find thousands of words and phrases in a text in one pass, in their inflected forms. Pure.

A lexicon is a tree of words: the cost of a text depends on its length, not on the number of phrases.
Words are compared folded (`storage.text`), a word of the text as it stands and only then in its plainer
readings. In a phrase, a final `*` stands for any ending, `...` for up to three words between, and
`<FR place>` for any name of that country and kind (`<FR>`: of that country) that the text is known to hold.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from crawler.judging.readings import readings
from storage.text import Word, is_arabic, words

T = TypeVar("T")
GAP = "..."
_REACH = 3  # words a gap may hold
_STEP = re.compile(r"<[A-Z]{2}(?: [a-z]+)?>|\.\.\.")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Words [first, last) of a text are a phrase that stands for `values`."""

    first: int
    last: int
    values: tuple[T, ...]


class Named(NamedTuple):
    """A name that ends before word `last`, and what it may be called in a phrase: FR, FR place."""

    last: int
    called: Set[str]


class Lexicon(Generic[T]):
    """Phrases and what they stand for, built once."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._root: _Node[T] = _Node()
        for phrase, value in phrases:
            self._root.add(phrase_words(phrase), value)

    def find(self, text: Sequence[Word], named: Mapping[int, Named] | None = None) -> tuple[Found[T], ...]:
        """Every phrase in the words of a text, in order; of two that begin together the longer first.

        `named`: the names the text holds, by their first word.
        """
        told = _Text(text, named or {})
        return tuple(found for first in range(len(text)) for found in self._found(told, first))

    def _found(self, text: "_Text", first: int) -> Iterator[Found[T]]:
        ends = self._root.walk(text, first)
        return (Found(first, last, tuple(values)) for last, values in ends)


class _Text(NamedTuple):
    words: Sequence[Word]
    named: Mapping[int, Named]


_Ends = list[tuple[int, list[T]]]  # where phrases end, and their values


@dataclass(slots=True)
class _Node(Generic[T]):
    """What may follow a word: `whole` words, `open` beginnings by their length, names, anything at all."""

    whole: dict[str, "_Node[T]"] = field(default_factory=dict)
    open: dict[int, dict[str, "_Node[T]"]] = field(default_factory=dict)
    names: dict[str, "_Node[T]"] = field(default_factory=dict)
    gap: "_Node[T] | None" = None
    values: list[T] = field(default_factory=list)

    def add(self, phrase: Sequence[str], value: T) -> None:
        """Make a way to `value`."""
        if not phrase:
            self.values.append(value)
        else:
            self._next(phrase[0]).add(phrase[1:], value)

    def _next(self, step: str) -> "_Node[T]":
        if step == GAP:
            self.gap = self.gap or _Node()
            return self.gap
        if step.startswith("<"):
            return self.names.setdefault(step[1:-1], _Node())
        if step.endswith("*"):
            return self.open.setdefault(len(step) - 1, {}).setdefault(step[:-1], _Node())
        return self.whole.setdefault(step, _Node())

    def walk(self, text: _Text, first: int) -> _Ends[T]:
        """The ends of phrases that begin at `first`, the longest first, with their values.

        An Arabic word is read with a prefix taken off only where it is nothing as it stands: وجدة is not جدة.
        """
        found: _Ends[T] = []
        for reading in readings(text.words[first].text):
            found += self._after(reading, text, first + 1)
            if found and is_arabic(reading):
                break
        found += self._after_name(text, first)
        return sorted(found, key=lambda end: -end[0])

    def ends(self, text: _Text, place: int) -> _Ends[T]:
        """The ends of phrases that have come as far as `place`."""
        found = [(place, self.values)] if self.values else []
        if place < len(text.words):
            if self.whole or self.open:
                for reading in readings(text.words[place].text):
                    found += self._after(reading, text, place + 1)
            found += self._after_name(text, place)
            found += self._after_gap(text, place)
        return found

    def _after(self, word: str, text: _Text, place: int) -> _Ends[T]:
        """The ends of the phrases that go on with `word` and then with the text from `place`."""
        found = self.whole[word].ends(text, place) if word in self.whole else []
        for length, branch in self.open.items():
            if word[:length] in branch:
                found += branch[word[:length]].ends(text, place)
        return found

    def _after_name(self, text: _Text, place: int) -> _Ends[T]:
        named = text.named.get(place) if self.names else None
        if named is None:
            return []
        called = (self.names[each] for each in self.names if each in named.called)
        return [end for node in called for end in node.ends(text, named.last)]

    def _after_gap(self, text: _Text, place: int) -> _Ends[T]:
        if self.gap is None:
            return []
        places = range(place, min(place + _REACH + 1, len(text.words)))
        ends = (end for each in places for end in self.gap.ends(text, each))
        return list({(last, id(values)): (last, values) for last, values in ends}.values())


@lru_cache(maxsize=20_000)  # rules are read twice: whether they are right, and for the matchers
def phrase_words(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase of a rule, `*` kept at the end of those that have it, `...` and names."""
    gaps = [0, *(place for step in _STEP.finditer(phrase) for place in step.span()), len(phrase)]
    plain = [_plain_words(phrase[start:end]) for start, end in zip(gaps[::2], gaps[1::2], strict=True)]
    steps = [(step,) for step in _STEP.findall(phrase)]
    return tuple(word for pair in zip(plain, [*steps, ()], strict=True) for part in pair for word in part)


def _plain_words(phrase: str) -> tuple[str, ...]:
    return tuple(word.text + "*" * phrase.startswith("*", word.end) for word in words(phrase))
