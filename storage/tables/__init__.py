"""The tables, one schema for SQLite and PostgreSQL; each index says whom it serves.

What full-text search reads, `article_fts`, differs between the two and lives in `storage.search`.
"""

from storage.tables.catalogue import entities, entity_names, sources, topics
from storage.tables.crawled import (
    backfills,
    entries,
    host_days,
    lines,
    pages,
    pauses,
    revisits,
    robots,
    state,
    tips,
)
from storage.tables.kept import (
    article_entities,
    articles,
    bands,
    cases,
    judgements,
    marks,
    revisions,
    snapshots,
    stories,
    ties,
    vocabulary,
)
from storage.tables.metadata import Identity, metadata
from storage.tables.running import crawl_totals, heartbeats, job_runs
from storage.tables.sent import deliveries, issues, subscribers, told
from storage.tables.watched import crawl_days, crawls, standings

__all__ = [
    "Identity",
    "article_entities",
    "articles",
    "backfills",
    "bands",
    "cases",
    "crawl_days",
    "crawl_totals",
    "crawls",
    "deliveries",
    "entities",
    "entity_names",
    "entries",
    "heartbeats",
    "host_days",
    "issues",
    "job_runs",
    "judgements",
    "lines",
    "marks",
    "metadata",
    "pages",
    "pauses",
    "revisions",
    "revisits",
    "robots",
    "snapshots",
    "sources",
    "standings",
    "state",
    "stories",
    "subscribers",
    "ties",
    "tips",
    "told",
    "topics",
    "vocabulary",
]
