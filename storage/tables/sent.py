"""Who gets what: subscribers, issues, deliveries."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from storage.columns import Moment, Value, Words
from storage.model import Edition
from storage.tables.metadata import Identity, metadata

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("address", String, nullable=False, unique=True),  # the e-mail address in one case
    Column("email", String, nullable=False),
    Column("language", String, nullable=False),
    Column("added", Moment, nullable=False),
    sqlite_autoincrement=True,
)

issues = Table(
    "issues",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("topic", String, nullable=False),
    Column("name", String, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("created", Moment, nullable=False),
    Column("stories", Integer, nullable=False),
    Column("editions", Value(tuple[Edition, ...]), nullable=False),
    UniqueConstraint("topic", "name"),  # one issue of a period, whoever builds it
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("issue", ForeignKey("issues.id"), nullable=False),
    Column("email", String, nullable=False),
    Column("language", String, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Words, nullable=False),
    Column("due", Moment, nullable=False),  # when it may be claimed (again): lease and back-off
    Column("sent", Moment),
    UniqueConstraint("issue", "email"),  # one mail per subscriber
    Index(None, "issue", "state", "id"),  # claiming the next one
)
