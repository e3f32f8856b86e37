"""Which people, offices, services, operations, places and countries a text names. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from crawler.judging.matching import Found, Lexicon
from storage.model import Entity, Mention, Tenure
from storage.text import Word, words

_PROPER = ("person", "place", "case", "country")  # kinds whose names are proper nouns
_BREAK = re.compile(r"\n|\w{4}[.!?؟…]\s")  # no name goes on in the next line or sentence
_NEAR = 6  # words between a weak name and the word that makes it certain


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One way to write an entity; `written` is set where only this case counts.

    A `proper` one is of a single word that begins with a capital: "séjourné" is no minister.
    """

    entity: str
    written: str = ""
    weak: bool = False
    proper: bool = False


@dataclass(frozen=True, slots=True)
class _Near:
    """A word that makes the weak names of an entity certain."""

    entity: str


class Names:
    """Every spelling of every entity, built once; `entities` by id."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        known = {entity.id: entity for entity in entities}
        self.entities = MappingProxyType(known)
        self.lexicon = Lexicon(each for entity in known.values() for each in _spellings(entity))

    def offices(self, entity: str, day: date | None) -> tuple[str, ...]:
        """The offices (ids) that a person holds on a day; None: those ever held."""
        tenures = self.entities[entity].tenures
        return tuple(dict.fromkeys(each.office for each in tenures if day is None or _covers(each, day)))

    def called(self, entity: str, day: date | None) -> tuple[str, ...]:
        """What rules may call a name: its id, its country and kind, and so the offices held on the day."""
        known = [self.entities[each] for each in (entity, *self.offices(entity, day))]
        return tuple(name for each in known for name in (each.id, f"{each.country} {each.kind}"))


def _covers(tenure: Tenure, day: date) -> bool:
    return (tenure.since or day) <= day <= (tenure.until or day)


def find_entities(text: str, names: Names) -> tuple[Mention, ...]:
    """The mentions in a text in order; where two overlap, the first and longest."""
    return mentions(text, words(text), names)


def mentions(text: str, tokens: Sequence[Word], names: Names) -> tuple[Mention, ...]:
    """As `find_entities`, of a text whose words are known."""
    found = names.lexicon.find(tokens)
    certain = _certain(found, text, tokens)
    kept: list[Mention] = []
    for each in found:
        start, end = tokens[each.first].start, tokens[each.last - 1].end
        if (kept and start < kept[-1].end) or _BREAK.search(text, start, end):
            continue
        entity = _entity(each, text[start:end], certain)
        if entity:
            kept.append(Mention(entity=entity, start=start, end=end, text=text[start:end]))
    return tuple(kept)


def _entity(found: Found[_Spelling | _Near], written: str, certain: "_Certain") -> str:
    """The entity that is meant here; empty if none is."""
    for value in found.values:
        if isinstance(value, _Near) or not _is_so_written(value, written):
            continue
        if not value.weak or certain.holds(value.entity, found.first):
            return value.entity
    return ""


def _is_so_written(value: _Spelling, written: str) -> bool:
    if value.proper and written[0].islower():
        return False
    return value.written in ("", written)


@dataclass(frozen=True, slots=True)
class _Certain:
    """Where a text makes weak names certain."""

    everywhere: frozenset[str]  # entities named in full
    near: dict[str, list[int]]  # entity -> places of its near words, ascending

    def holds(self, entity: str, place: int) -> bool:
        """Whether a weak name at this place is of the entity."""
        if entity in self.everywhere:
            return True
        places = self.near.get(entity, [])
        after = bisect_left(places, place - _NEAR)
        return after < len(places) and places[after] <= place + _NEAR


def _certain(found: Iterable[Found[_Spelling | _Near]], text: str, tokens: Sequence[Word]) -> _Certain:
    everywhere: set[str] = set()
    near: dict[str, list[int]] = {}
    for each in found:
        for value in each.values:
            if isinstance(value, _Near):
                near.setdefault(value.entity, []).append(each.first)
            elif not value.weak and _is_so_written(value, _written(each, text, tokens)):
                everywhere.add(value.entity)
    return _Certain(frozenset(everywhere), near)


def _written(found: Found[_Spelling | _Near], text: str, tokens: Sequence[Word]) -> str:
    return text[tokens[found.first].start : tokens[found.last - 1].end]


def _spellings(entity: Entity) -> Iterable[tuple[str, _Spelling | _Near]]:
    plain = set(entity.names) - set(entity.exact) - set(entity.weak)
    yield from ((name, _Spelling(entity.id, proper=_is_proper(name, entity))) for name in sorted(plain))
    yield from ((name, _Spelling(entity.id, written=name)) for name in entity.exact)
    weak = ((name, _is_proper(name, entity)) for name in entity.weak)
    yield from ((name, _Spelling(entity.id, weak=True, proper=proper)) for name, proper in weak)
    yield from ((word, _Near(entity.id)) for word in entity.near)


def _is_proper(name: str, entity: Entity) -> bool:
    return entity.kind in _PROPER and name[:1].isupper() and len(words(name)) == 1
