"""Facets: what the articles that answer a query consist of, counted in the database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, func, literal, select, union_all

from storage.archive.asking import told, understood
from storage.model import Count, Facets, Query, Relevance
from storage.search.compiling import compiled
from storage.search.dialects import dialect
from storage.search.ranking import MOST
from storage.search.serial import first_of
from storage.search.weeks import begin, slot, weeks
from storage.tables import article_entities, articles, judgements, sources

ENTITIES = 50  # the most frequent ones
_KEPT = (Relevance.RELEVANT.value, Relevance.BORDERLINE.value)
_Counts = Mapping[str, int]


def facets(connection: Connection, query: Query, most: int = MOST) -> Facets:
    """What the articles that answer a query consist of."""
    zone = query.now.tzinfo or UTC
    serial, answers = _answers(connection, query)
    slots = _slots(connection, serial, answers, zone)
    total = sum(slots.values())
    newest = select(serial.label("serial")).where(*answers, serial >= _floor(slots, most))
    found = _found(connection, newest.order_by(serial.desc()).limit(most))
    published = _of("source", found)
    return Facets(
        query=query,
        total=total,
        counted=min(total, most),
        sources=_counts(published),
        languages=_counts(_of("language", found)),
        countries=_counts(_countries(connection, published)),
        entities=_counts(_of("entity", found))[:ENTITIES],
        topics=_counts(_of("topic", found)),
        weeks=weeks(slots, zone),
    )


def _answers(
    connection: Connection, query: Query
) -> tuple[ColumnElement[int], tuple[ColumnElement[bool], ...]]:
    """The serial of what answers a query, and what is true of it."""
    own, asked = dialect(connection), compiled(query.asked, understood(connection, query))
    serial = articles.c.serial if asked is None else own.serial
    return serial, (*([] if asked is None else [own.matches(asked)]), *told(serial, query))


def _slots(
    connection: Connection, serial: ColumnElement[int], answers: Sequence[ColumnElement[bool]], zone: tzinfo
) -> Mapping[datetime, int]:
    """How many articles were told from then on, up to the next such moment: by their serials alone."""
    week, part = slot(serial, zone)
    counted = select(week.label("week"), part.label("part"), func.count().label("articles")).where(*answers)
    rows = dialect(connection).by_index(connection, counted.group_by("week", "part"))
    return {begin(row.week, row.part, zone): row.articles for row in rows}


def _floor(slots: Mapping[datetime, int], most: int) -> int:
    """The serial above which there are as many as are looked at."""
    seen = 0
    for moment in sorted(slots, reverse=True):
        seen += slots[moment]
        if seen >= most:
            return first_of(moment)
    return first_of(datetime.min.replace(tzinfo=UTC))


def _found(connection: Connection, newest: Select[int]) -> Sequence[Row[Any]]:
    """How many of the newest articles share a value: rows of `facet`, `value`, `articles`.

    Outer joins, as SQLite keeps to their order: from these articles to what is known of them, never the
    other way through whole tables.
    """
    some, own, named, judged = newest.subquery(), articles.c, article_entities.c, judgements.c
    these = select(own.id, own.source, own.language).join(some, some.c.serial == own.serial).cte("these")
    kept = (judged.article == these.c.id) & judged.relevance.in_(_KEPT)
    asked = union_all(
        _by_value("source", these.c.source),
        _by_value("language", these.c.language),
        _by_value("entity", named.entity, these.outerjoin(article_entities, named.article == these.c.id)),
        _by_value("topic", judged.topic, these.outerjoin(judgements, kept)),
    )
    rows: Sequence[Row[Any]] = dialect(connection).by_index(connection, asked)
    return rows


def _by_value(
    facet: str, value: ColumnElement[str], where: FromClause | None = None
) -> Select[str, str, int]:
    counted = select(literal(facet).label("facet"), value.label("value"), func.count().label("articles"))
    return (counted if where is None else counted.select_from(where)).group_by(value)


def _countries(connection: Connection, published: _Counts) -> _Counts:
    """By the country of its source; an article of a source that is not in the catalogue has none."""
    found: Counter[str] = Counter()
    for row in connection.execute(select(sources.c.id, sources.c.country)):
        found[row.country] += published.get(row.id, 0)
    return found


def _of(facet: str, found: Iterable[Row[Any]]) -> _Counts:
    return {row.value: row.articles for row in found if row.facet == facet and row.value}


def _counts(found: _Counts) -> tuple[Count, ...]:
    """The most frequent value first, then by its letters."""
    counted = [each for each in found.items() if all(each)]
    ordered = sorted(counted, key=lambda each: (-each[1], each[0]))
    return tuple(Count(value=value, articles=number) for value, number in ordered)
