"""Who gets what: subscribers, issues, deliveries."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.columns import Moment, Value, Words
from storage.model import Edition
from storage.tables.metadata import Identity, metadata


def _wishes() -> tuple[Column[str], Column[str], Column[str], Column[float]]:
    """What a series is of, beside its id."""
    return (
        Column("topic", String, nullable=False, server_default=""),
        Column("schedule", String, nullable=False, server_default="weekly"),
        Column("query", Words, nullable=False, server_default=""),
        Column("minimum", Float, nullable=False, server_default="0"),
    )


subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("key", String, nullable=False),  # the address in one case, and the series: each once
    Column("address", String, nullable=False),
    Column("language", String, nullable=False),
    Column("added", Moment, nullable=False),
    Column("series", String, nullable=False, server_default=""),
    *_wishes(),
    Column("empty", Boolean, nullable=False, server_default=text("true")),
    Column("state", String, nullable=False, server_default="active"),
    Column("bounces", Integer, nullable=False, server_default="0"),
    Column("token", String, nullable=False, server_default=""),
    Column("asked", Moment),  # when a pending one is asked (again) whether it was them; null: they have been
    UniqueConstraint("key", name="uq_subscribers_address"),
    Index(None, "token", unique=True),
    sqlite_autoincrement=True,
)

issues = Table(
    "issues",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("series", String, nullable=False),
    Column("name", String, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("created", Moment, nullable=False),
    Column("stories", Integer, nullable=False),
    Column("editions", Value(tuple[Edition, ...]), nullable=False),
    *_wishes(),
    UniqueConstraint("series", "name", name="uq_issues_topic_name"),  # one of a period, whoever builds it
)

told = Table(
    "told",
    metadata,
    Column("issue", ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("story", Identity, primary_key=True),
    Column("weight", Float, nullable=False),  # its importance then
    Index(None, "story"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("issue", ForeignKey("issues.id"), nullable=False),
    Column("address", String, nullable=False),
    Column("language", String, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Words, nullable=False),
    Column("due", Moment, nullable=False),  # when it may be claimed (again): lease and back-off
    Column("sent", Moment),
    Column("subscriber", Identity),  # who may have left since
    Column("begun", Moment),
    UniqueConstraint("issue", "address", name="uq_deliveries_issue_email"),  # one mail per subscriber
    Index(None, "issue", "state", "id"),
    Index(None, "state", "due"),  # claiming the next one
)
