"""The names a query holds: whoever bears one is found in every script, under every spelling."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.model import Either, Every, Filter, Not, Part, Query, Term
from storage.search.stems import folded
from storage.tables import entities, entity_names

LONGEST = 8  # words of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """An entity that a name of the query means."""

    id: str
    names: tuple[str, ...] = ()  # all of them, folded


Names = Mapping[str, tuple[Bearer, ...]]
"""Folded name in the query -> who bears it."""


def known_names(connection: Connection, query: Query) -> Names:
    """The names of the query that the names files know."""
    sought = set(_candidates(query.asked))
    named = select(entity_names.c.name, entity_names.c.entity).where(entity_names.c.name.in_(sorted(sought)))
    found = connection.execute(named.order_by(entity_names.c.name, entity_names.c.entity)).all()
    bearers = _bearers(connection, {row.entity for row in found})
    known: dict[str, tuple[Bearer, ...]] = {}
    for row in found:
        known[row.name] = (*known.get(row.name, ()), bearers[row.entity])
    return known


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


def _bearers(connection: Connection, ids: set[str]) -> dict[str, Bearer]:
    """Those who bear names. A country by its one-word names alone: its phrases are half of all articles."""
    asked = select(entity_names.c.entity, entity_names.c.name, entities.c.definition)
    asked = asked.join(entities).where(entity_names.c.entity.in_(sorted(ids)))
    names: dict[str, list[str]] = {each: [] for each in sorted(ids)}
    for row in connection.execute(asked.order_by(entity_names.c.name)):
        if row.definition.kind != "country" or " " not in row.name:
            names[row.entity].append(row.name)
    return {each: Bearer(id=each, names=tuple(found)) for each, found in names.items()}
