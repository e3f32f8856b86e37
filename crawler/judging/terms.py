"""What the words and names of the rules stand for in a topic. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from crawler.entities import Names
from crawler.judging.matching import Lexicon
from storage.model import Entity, Side, Topic

RIVAL = "rival"  # sides of no topic: another country, another subject, a name that only duals know
OTHER = "other"
NAMED = "named"
CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Term:
    """What a phrase stands for in a topic."""

    side: str
    phrase: str
    weight: float
    exact: bool = False
    alone: bool = True
    why: str = ""
    role: str = ""
    country: str = ""
    entity: str = ""
    suppressed: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The rules of a topic, ready for matching."""

    names: Names
    lexicon: Lexicon[Term]
    entities: Mapping[str, tuple[Term, ...]]  # id -> what naming it means
    met: frozenset[str]  # what duals call their names

    def meanings(self, entity: str, day: date | None) -> Iterator[Term]:
        """What naming the entity means on a day: by itself, by the offices it holds, and in duals."""
        for each in (entity, *self.names.offices(entity, day)):
            yield from (replace(term, entity=entity) for term in self.entities[each])
        if not self.entities[entity] and not self.met.isdisjoint(self.names.called(entity, day)):
            yield Term(NAMED, "", 1.0, entity=entity)


@lru_cache(maxsize=16)
def known_of(topic: Topic, names: Names, language: str = "") -> Known:
    """The rules of a topic for texts of a language, made ready once."""
    entities = names.entities.values()
    phrases = [
        *_topic_terms(topic, language),
        *(term for entity in entities for term in _adjectives(entity, topic)),
    ]
    meant = {entity.id: tuple(meanings(entity, topic)) for entity in entities}
    met = frozenset(name for dual in topic.duals for group in dual.all for name in group)
    return Known(names, Lexicon((term.phrase, term) for term in phrases), meant, met)


def _topic_terms(topic: Topic, language: str) -> Iterator[Term]:
    sides = [(side.id, group) for side in topic.sides for group in side.words]
    contexts = [(CONTEXT, group) for group in topic.contexts]
    others = [(OTHER, group) for group in topic.others]
    for side, group in (*sides, *contexts, *others):
        for phrase in group.read_in(language):
            yield Term(side, phrase, group.weight, group.exact, group.alone, group.why, group.role)


def _adjectives(entity: Entity, topic: Topic) -> Iterator[Term]:
    for side in topic.sides:
        if side.country == entity.country:
            weight = side.kinds.get("adjective", 0.0)
            yield from (Term(side.id, word, weight, entity=entity.id) for word in entity.adjectives)
    if entity.country in topic.rivals:
        yield from (Term(RIVAL, word, 1.0, country=entity.country) for word in entity.adjectives)


def meanings(entity: Entity, topic: Topic) -> Iterator[Term]:
    """What naming the entity means to the topic."""
    for side in topic.sides:
        weight = _weight(entity, side)
        if weight:
            yield Term(side.id, "", weight, entity=entity.id)
    if entity.country in topic.rivals:
        yield Term(RIVAL, "", 1.0, country=entity.country, entity=entity.id)


def _weight(entity: Entity, side: Side) -> float:
    own = side.kinds.get(entity.kind, 0.0) if side.country in ("", entity.country) else 0.0
    return side.entities.get(entity.id, own)
