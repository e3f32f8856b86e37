"""What must occur in a text where a side of a topic is named. Pure.

The cost of a text depends on its distinct words, not on the number of names and rules.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from crawler.entities import Names
from crawler.judging.matching import GAP, phrase_words
from crawler.judging.readings import readings
from crawler.judging.terms import meanings
from storage.model import Entity, Side, Topic
from storage.text import fold, spellings, without_marks

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Trace:
    """Words that must all occur where `side` is named so; `written` is set where only this case counts."""

    side: tuple[str, str]  # topic, side
    words: frozenset[str]
    written: str = ""


class Traces:
    """The traces of every side of some topics, built once."""

    def __init__(self, topics: Iterable[Topic], names: Names) -> None:
        traces = {each for topic in topics for side in topic.sides for each in _of_side(side, topic, names)}
        common = Counter(word for each in traces for word in each.words)
        self._by_word: dict[str, list[_Trace]] = {}
        for each in traces:
            rarest = min(each.words, key=lambda word: (common[word], word))
            self._by_word.setdefault(rarest, []).append(each)
        self._words = frozenset(common)
        beginnings = sorted(word[:-1] for word in common if word.endswith("*"))
        self._beginnings: dict[str, tuple[str, ...]] = {
            first: tuple(each) for first, each in groupby(beginnings, lambda word: word[0])
        }
        self._terms = lru_cache(maxsize=100_000)(self._read)

    def terms(self, text: str) -> frozenset[str]:
        """The words of the rules, and their beginnings with `*`, that the words of a text may be."""
        return frozenset().union(*filter(None, map(self._terms, spellings(text))))

    def sides(self, terms: frozenset[str], text: str) -> frozenset[tuple[str, str]]:
        """The sides, each with its topic, that a text with these terms may name."""
        held = [each for term in terms for each in self._by_word.get(term, ()) if each.words <= terms]
        plain = frozenset(each.side for each in held if not each.written)
        exact = [each for each in held if each.written and each.side not in plain]
        letters = _letters(text) if exact else ""
        return plain | {each.side for each in exact if each.written in letters}

    def _read(self, spelling: str) -> frozenset[str]:
        """The words and beginnings of the rules that a word may be, as it is written."""
        read = readings(fold(spelling))
        found = [word for word in read if word in self._words]
        for word in read:
            beginnings = self._beginnings.get(word[:1], ())
            if word.startswith(beginnings):
                found += [f"{each}*" for each in beginnings if word.startswith(each)]
        return frozenset(found) if found else _NOTHING


def _letters(text: str) -> str:
    """A text as it is once cleaned, but for its spaces."""
    return unicodedata.normalize("NFC", without_marks(text))


def _of_side(side: Side, topic: Topic, names: Names) -> Iterator[_Trace]:
    own = {word for group in side.words for word in group.all}
    entities = (*_naming(side, topic, names), *_called(own, names))
    exact = {name for entity in entities for name in entity.exact}
    plain = {name for entity in entities for name in entity.names if name not in entity.exact}
    phrases = own | plain | {word for each in entities for word in each.adjectives}
    needed = {frozenset(_own_words(phrase)) for phrase in phrases} - {frozenset()}
    alone = {word for words in needed if len(words) == 1 for word in words}
    where = (topic.id, side.id)
    yield from (_Trace(where, words) for words in needed if len(words) == 1 or alone.isdisjoint(words))
    for name in exact:
        words = frozenset(phrase_words(name))
        yield _Trace(where, words, written=name if len(words) == 1 else "")


def _own_words(phrase: str) -> Iterator[str]:
    """The words of a phrase that a text must have; see `_called` for a phrase of names only."""
    return (step for step in phrase_words(phrase) if step[0] not in "<.")


def _called(phrases: Iterable[str], names: Names) -> Iterator[Entity]:
    """The entities that the first name in a phrase without words of its own may be."""
    bare = (phrase_words(phrase) for phrase in phrases if not any(_own_words(phrase)))
    firsts = {next((step[1:-1] for step in steps if step != GAP), GAP) for steps in bare}
    for entity in names.entities.values():
        if not firsts.isdisjoint((entity.country, *names.called(entity.id, None))):
            yield entity


def _naming(side: Side, topic: Topic, names: Names) -> Iterator[Entity]:
    """The entities that fill a side, by themselves, by an office they ever held, or in a dual."""
    meeting = {name for dual in topic.duals if dual.side == side.id for name in dual.all[0]}
    for entity in names.entities.values():
        held = [names.entities[each] for each in (entity.id, *names.offices(entity.id, None))]
        fills = any(term.side == side.id for each in held for term in meanings(each, topic))
        if fills or _is_of(entity, side) or not meeting.isdisjoint(names.called(entity.id, None)):
            yield entity


def _is_of(entity: Entity, side: Side) -> bool:
    return side.country == entity.country
