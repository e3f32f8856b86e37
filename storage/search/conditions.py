"""A Query as SQL: which articles answer it, and how well."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from types import ModuleType
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, not_, or_, select

from storage.model import Query, Relevance, Term
from storage.search import dialect
from storage.search.stems import folded, sequences
from storage.tables import article_entities, articles, entity_names, judgements, sources, stories

LONGEST_NAME = 8  # words


@dataclass(frozen=True, slots=True)
class Asked:
    """A Query with what the database adds to it."""

    query: Query
    names: Mapping[str, tuple[str, ...]]  # folded name in the query -> entity ids
    database: ModuleType


def ask(connection: Connection, query: Query) -> Asked:
    """The query with the entities its words name."""
    return Asked(query, _known_names(connection, _candidates(query)), dialect(connection))


def where(asked: Asked) -> list[ColumnElement[bool]]:
    """All that must hold of an article."""
    return [*_groups(asked), *_filters(asked)]


def score(asked: Asked) -> ColumnElement[float]:
    """The share of the groups asked for that the title answers, 0 to 1."""
    wanted = [group for group in asked.query.groups if not any(term.without for term in group)]
    if not wanted:
        return literal(0.0)
    share = 1.0 / len(wanted)
    return reduce(add, (case((_in_title(group, asked), share), else_=0.0) for group in wanted))


def named(asked: Asked) -> tuple[str, ...]:
    """The ids of the entities the query names."""
    return tuple(dict.fromkeys(entity for ids in asked.names.values() for entity in ids))


def _groups(asked: Asked) -> Iterator[ColumnElement[bool]]:
    groups = asked.query.groups
    at = 0
    while at < len(groups):
        size = _name_length(groups[at : at + LONGEST_NAME], asked)
        run = groups[at : at + size]
        condition = and_(*(or_(*(_term(term, asked) for term in group)) for group in run))
        if size > 1:
            condition = or_(condition, _names(asked.names[_typed(run)]))
        yield condition
        at += size


def _name_length(groups: tuple[tuple[Term, ...], ...], asked: Asked) -> int:
    """How many of the first groups make up the longest name; 1 if none does."""
    lengths = (len(run) for run in _runs(groups) if _typed(run) in asked.names)
    return max(lengths, default=1)


def _runs(groups: tuple[tuple[Term, ...], ...]) -> Iterator[tuple[tuple[Term, ...], ...]]:
    """The beginnings of a list of groups that could be one name typed without quotes."""
    for size, group in enumerate(groups, 1):
        if len(group) > 1 or group[0].without or group[0].field:
            return
        yield groups[:size]


def _typed(run: Iterable[tuple[Term, ...]]) -> str:
    return " ".join(_name(term) for group in run for term in group)


def _name(term: Term) -> str:
    return folded(" ".join(term.words))


def _term(term: Term, asked: Asked) -> ColumnElement[bool]:
    in_title = term.field == "title"
    found: ColumnElement[bool] = articles.c.id.in_(asked.database.matching(sequences(term.words), in_title))
    entities = asked.names.get(_name(term), ())
    if entities and not in_title:
        found = or_(found, _names(entities))
    return not_(found) if term.without else found


def _in_title(group: tuple[Term, ...], asked: Asked) -> ColumnElement[bool]:
    wanted = dict.fromkeys(each for term in group for each in sequences(term.words))
    return articles.c.id.in_(asked.database.matching(wanted, True))


def _names(entities: Iterable[str]) -> ColumnElement[bool]:
    naming = select(article_entities.c.article).where(article_entities.c.entity.in_(list(entities)))
    return articles.c.id.in_(naming)


def _filters(asked: Asked) -> Iterator[ColumnElement[bool]]:
    given = asked.query.filters
    if "source" in given:
        yield articles.c.source.in_(given["source"])
    if "lang" in given:
        yield articles.c.language.in_(given["lang"])
    if "country" in given:
        yield articles.c.source.in_(select(sources.c.id).where(sources.c.country.in_(given["country"])))
    if "entity" in given:
        ids = (each for value in given["entity"] for each in (value, *asked.names.get(folded(value), ())))
        yield _names(ids)
    if "story" in given:
        became = select(func.coalesce(stories.c.became, stories.c.id))
        yield articles.c.story.in_(became.where(stories.c.id.in_(map(int, given["story"]))))
    yield from _judged(given)
    yield from _told(asked.query)


def _judged(given: Mapping[str, tuple[str, ...]]) -> Iterator[ColumnElement[bool]]:
    if "topic" not in given and "verdict" not in given:
        return
    verdicts = given.get("verdict", (Relevance.RELEVANT.value, Relevance.BORDERLINE.value))
    judged = select(judgements.c.article).where(judgements.c.relevance.in_(verdicts))
    if "topic" in given:
        judged = judged.where(judgements.c.topic.in_(given["topic"]))
    yield articles.c.id.in_(judged)


def _told(query: Query) -> Iterator[ColumnElement[bool]]:
    if query.since is not None:
        yield articles.c.moment >= query.since
    if query.until is not None:
        yield articles.c.moment < query.until


def _candidates(query: Query) -> set[str]:
    terms = {_name(term) for group in query.groups for term in group}
    starts = range(len(query.groups))
    runs = (run for at in starts for run in _runs(query.groups[at : at + LONGEST_NAME]))
    entities = {folded(each) for each in query.filters.get("entity", ())}
    return terms | {_typed(run) for run in runs} | entities


def _known_names(connection: Connection, candidates: set[str]) -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    asked: Any = select(entity_names).where(entity_names.c.name.in_(sorted(candidates)))
    for row in connection.execute(asked.order_by(entity_names.c.entity)):
        known[row.name] = (*known.get(row.name, ()), row.entity)
    return known
