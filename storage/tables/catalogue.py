"""What Rasid knows before it reads anything: sources, topics, names."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from storage.columns import Value
from storage.model import Entity, Source, Topic
from storage.tables.metadata import metadata

sources = Table(
    "sources",
    metadata,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("country", String, nullable=False),
    Column("definition", Value(Source), nullable=False),
)

topics = Table(
    "topics",
    metadata,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("definition", Value(Topic), nullable=False),
)

entities = Table(
    "entities",
    metadata,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("definition", Value(Entity), nullable=False),
)

entity_names = Table(
    "entity_names",
    metadata,
    Column("name", String, primary_key=True),  # folded words, one space between
    Column("entity", ForeignKey("entities.id", ondelete="CASCADE"), primary_key=True),
)
