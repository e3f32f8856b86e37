"""The names a query holds: whoever bears one is found in every script, under every spelling.

What a name finds is what the names files say of it:

    a name of the entity        the entity, where the crawler was certain of it, and the entity's own names
    a name of what lies in it   that name and its translations: Anvers finds أنفرس, not Gand
    a name of many (weak)       as a name of the entity, if it is of a person or a case or how we write it;
                                else it is a by-word, "place Vendôme", that finds itself alone

In other articles than those where the crawler was certain, only such spellings are looked for as are one's
own in the index, which knows neither case nor the endings of Arabic words: see `_is_certain` and `_is_clear`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.model import Either, Entity, Every, Filter, Not, Part, Query, Term
from storage.search.stems import Sequence, folded, sequences
from storage.tables import entities, entity_names
from storage.text import is_arabic, stem

LONGEST = 8  # words of a name
_LEAST = 3  # letters that must remain of a word without its prefix
_CLEAR = 4  # letters of a stem that is seldom another word's
_ELIDED = ("l", "d")  # l'Élysée, d’Angers


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """An entity that a name of the query means."""

    id: str
    spellings: tuple[Sequence, ...] = ()  # as they stand in the index
    whole: bool = True  # the entity itself is meant; else something in it, or its name is a by-word


Names = Mapping[str, tuple[Bearer, ...]]
"""Folded name in the query -> who bears it."""


def known_names(connection: Connection, query: Query) -> Names:
    """The names of the query that the names files know.

    A word is read without its prefix (لدارمانان, l'Élysée) only where it is no name as it stands.
    """
    sought = {name: tuple(readings(name)) for name in _candidates(query.asked)}
    named = select(entity_names.c.name, entity_names.c.entity)
    named = named.where(
        entity_names.c.name.in_(sorted({each for found in sought.values() for each in found}))
    )
    bearing: dict[str, list[str]] = {}
    for row in connection.execute(named.order_by(entity_names.c.name, entity_names.c.entity)):
        bearing.setdefault(row.name, []).append(row.entity)
    known = _entities(connection, {each for ids in bearing.values() for each in ids})
    found = {name: next((each for each in plain if each in bearing), None) for name, plain in sought.items()}
    return {
        name: tuple(_bearer(known[each], plain) for each in bearing[plain])
        for name, plain in found.items()
        if plain is not None
    }


def runs(parts: tuple[Part, ...]) -> Iterator[tuple[Term, ...]]:
    """The beginnings of parts that could be one name typed without quotes."""
    run: tuple[Term, ...] = ()
    for part in parts[:LONGEST]:
        if not isinstance(part, Term) or part.field:
            return
        run = (*run, part)
        yield run


def name_of(run: Iterable[Term]) -> str:
    """A run of terms as names are compared."""
    return folded(" ".join(word for term in run for word in term.words))


def readings(name: str) -> Iterator[str]:
    """What a folded name may be: itself, then without what is written together with it."""
    yield name
    first, _, rest = name.partition(" ")
    if first in _ELIDED and rest:
        yield rest
    elif is_arabic(first):
        yield from (f"{plain} {rest}".strip() for plain in dict.fromkeys(_plainer(first)))


def spellings(names: Iterable[str]) -> tuple[Sequence, ...]:
    """Names as they stand in the index; none that holds another of them, which finds all it finds."""
    found = dict.fromkeys(each for name in names for each in sequences(folded(name).split()))
    kept: dict[str, Sequence] = {}
    for each in sorted(found, key=len):
        inside = f" {' '.join(each)} "
        if len(each) == 1 or not any(shorter in inside for shorter in kept):
            kept[inside] = each
    return tuple(kept.values())


def _candidates(part: Part) -> Iterator[str]:
    match part:
        case Term():
            yield name_of((part,))
        case Filter(field="entity", values=values):
            yield from map(folded, values)
        case Not(inner):
            yield from _candidates(inner)
        case Every(parts):
            yield from (name_of(run) for at in range(len(parts)) for run in runs(parts[at:]))
            yield from (name for each in parts for name in _candidates(each))
        case Either(parts):
            yield from (name for each in parts for name in _candidates(each))


def _plainer(word: str) -> Iterator[str]:
    """An Arabic word without و ف, then without ب ك ل; لل stands for ل and ال."""
    for bare in (word, word[1:]) if word.startswith(("و", "ف")) and len(word) > _LEAST else (word,):
        yield bare
        if bare.startswith("لل") and len(bare) > _LEAST:
            yield "ا" + bare[1:]
            yield bare[2:]
        elif bare.startswith(("ب", "ك", "ل")) and len(bare) > _LEAST:
            yield bare[1:]


def _entities(connection: Connection, ids: set[str]) -> dict[str, Entity]:
    asked = select(entities.c.id, entities.c.definition).where(entities.c.id.in_(sorted(ids)))
    return {row.id: row.definition for row in connection.execute(asked)}


def _bearer(entity: Entity, name: str) -> Bearer:
    for part in entity.parts:
        if name in map(folded, part):
            return Bearer(id=entity.id, spellings=spellings(filter(_is_clear, part)), whole=False)
    if _is_by_word(entity, name):
        return Bearer(id=entity.id, whole=False)
    return Bearer(id=entity.id, spellings=spellings(filter(_is_clear, _own_names(entity))))


def _is_by_word(entity: Entity, name: str) -> bool:
    """Whether it is a name of many that does not mean this entity where it stands alone."""
    if entity.kind in ("person", "case") or name in map(folded, entity.labels.values()):
        return False
    return name in map(folded, entity.weak)


def _own_names(entity: Entity) -> Iterator[str]:
    """The names that are the entity's alone; a country's phrases are half of all articles, but for labels."""
    within = {name for part in entity.parts for name in part}
    for name in dict.fromkeys((*entity.labels.values(), *entity.names)):
        short = entity.kind != "country" or " " not in folded(name) or name in entity.labels.values()
        if short and name not in within and _is_certain(name, entity):
            yield name


def _is_certain(name: str, entity: Entity) -> bool:
    """Whether it is no name of many, and none that only its case tells from a word: RAID."""
    return name not in entity.weak and (name not in entity.exact or is_arabic(name))


def _is_clear(name: str) -> bool:
    """Whether the index tells it from other words: وجدة is there as جد, سبتة as سبت, which is Saturday."""
    word = folded(name)
    if " " in word or not is_arabic(word):
        return True
    return len(stem(word, "ar")) >= _CLEAR or stem(word, "ar") == word.removeprefix("ال")
