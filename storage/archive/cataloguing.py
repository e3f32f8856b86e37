"""The catalogue in tables: sources, topics, entities and their names."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from storage.model import Entity, Source, Topic
from storage.search.stems import folded
from storage.tables import entities as entity_table
from storage.tables import entity_names
from storage.tables import sources as source_table
from storage.tables import topics as topic_table


def load(
    connection: Connection, sources: Iterable[Source], topics: Iterable[Topic], entities: Iterable[Entity]
) -> None:
    """Replace the whole catalogue."""
    entities = tuple(entities)
    for table in (entity_names, entity_table, topic_table, source_table):
        connection.execute(delete(table))
    _insert(
        connection, source_table, [row | {"country": row["definition"].country} for row in _rows(sources)]
    )
    _insert(connection, topic_table, _rows(topics))
    _insert(connection, entity_table, _rows(entities))
    names = {(folded(name), each.id) for each in entities for name in _spellings(each)}
    rows = [{"name": name, "entity": entity} for name, entity in sorted(names) if name]
    _insert(connection, entity_names, rows)


def sources(connection: Connection) -> tuple[Source, ...]:
    """The sources as loaded."""
    return _all(connection, source_table)


def topics(connection: Connection) -> tuple[Topic, ...]:
    """The topics as loaded."""
    return _all(connection, topic_table)


def entities(connection: Connection) -> tuple[Entity, ...]:
    """The entities as loaded."""
    return _all(connection, entity_table)


def _spellings(entity: Entity) -> Iterable[str]:
    return (*entity.names, *entity.labels.values())


def _rows(values: Iterable[Source | Topic | Entity]) -> list[dict[str, Any]]:
    return [{"id": each.id, "position": at, "definition": each} for at, each in enumerate(values)]


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _all(connection: Connection, table: Table) -> tuple[Any, ...]:
    return tuple(connection.scalars(select(table.c.definition).order_by(table.c.position)))
