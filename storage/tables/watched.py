"""How sources do: crawls, days of them, standings."""

from sqlalchemy import Column, Float, Index, Integer, String, Table

from storage.columns import Moment, Value, Words
from storage.model import CrawlDay, CrawlReport
from storage.tables.metadata import Identity, metadata

crawls = Table(
    "crawls",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("source", String, nullable=False),
    Column("finished", Moment, nullable=False),
    Column("problems", Integer, nullable=False),
    Column("report", Value(CrawlReport), nullable=False),
    Index(None, "source", "finished"),  # health: the last crawls of a source
)

crawl_days = Table(  # what the crawls came to, a day (UTC) a row: a month of them is read at a glance
    "crawl_days",
    metadata,
    Column("source", String, primary_key=True),
    Column("day", String, primary_key=True),  # 2026-11-21
    Column("counts", Value(CrawlDay), nullable=False),
)

standings = Table(  # how a source stands, and what the operator has been told
    "standings",
    metadata,
    Column("source", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("since", Moment, nullable=False),
    Column("why", Words, nullable=False),
    Column("told", String, nullable=False),  # the state the operator knows of
    Column("begun", Integer, nullable=False),  # notices of which nobody knows whether they arrived
    Column("due", Moment),  # when the next notice may be begun: lease and back-off
    Column("lacks", String, nullable=False),
    Column("usual", Float, nullable=False),
)
