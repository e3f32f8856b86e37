"""How Rasid itself runs: jobs, processes at work, totals of crawls."""

from sqlalchemy import Column, Float, Integer, String, Table

from storage.columns import Moment, Value, Words
from storage.model import CrawlTotals
from storage.tables.metadata import metadata

job_runs = Table(
    "job_runs",
    metadata,
    Column("name", String, primary_key=True),
    Column("begun", Moment, nullable=False),  # of the last run
    Column("ended", Moment, nullable=False),
    Column("error", Words, nullable=False),
    Column("good", Moment),  # when the last run that went well had begun
    Column("runs", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("role", String, primary_key=True),
    Column("who", String, nullable=False),
    Column("since", Moment, nullable=False),
    Column("beat", Moment, nullable=False),
)

crawl_totals = Table(
    "crawl_totals",
    metadata,
    Column("source", String, primary_key=True),
    Column("totals", Value(CrawlTotals), nullable=False),
)
