"""The tables, one schema for SQLite and PostgreSQL; each index says whom it serves.

What full-text search reads, `article_fts`, differs between the two and lives in `storage.search`.
"""

from collections.abc import Mapping

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from storage.columns import Key, Moment, Value, Words
from storage.model import CrawlDay, CrawlReport, Edition, Entity, Match, Source, Topic

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Identity = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself on SQLite

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

entries = Table(
    "entries",
    metadata,
    Column("url", String, primary_key=True),
    Column("etag", Words, nullable=False),
    Column("last_modified", Words, nullable=False),
    Column("fetched", Moment),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("became", ForeignKey("stories.id")),  # a story without articles: which one it has become
    Index(None, "became"),  # record: redirects to a story that itself is merged move on
    sqlite_autoincrement=True,  # an id is never used again
)
articles = Table(
    "articles",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("url", Words, nullable=False),
    Column("source", String, nullable=False),
    Column("language", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("subtitle", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("authors", Value(tuple[str, ...]), nullable=False),
    Column("published", Moment),
    Column("published_offset", Integer),  # minutes east of UTC, as the page says
    Column("modified", Moment),
    Column("modified_offset", Integer),
    Column("moment", Moment, nullable=False),  # published, or recorded where the page does not say
    Column("recorded", Moment, nullable=False),
    Column("section", Words, nullable=False),
    Column("origin", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("audio", Boolean, nullable=False),
    Column("status", String, nullable=False),
    Column("aliases", Value(tuple[str, ...]), nullable=False),
    Column("found_by", Value(Mapping[str, str]), nullable=False),
    Column("reposts", Boolean, nullable=False),
    Column("backfilled", Boolean, nullable=False, server_default="0"),
    Column("genre", Words, nullable=False, server_default=""),
    Column("rights", Value(tuple[str, ...]), nullable=False, server_default="[]"),
    Column("revised", Moment),  # when its text changed last
    Column("removed", Moment),  # when its site first said that it is gone
    Column("story", ForeignKey("stories.id"), nullable=False),
    Column("copy_of", ForeignKey("articles.id")),
    Index(None, "story"),  # a story with its accounts; neighbours
    Index(None, "moment"),  # search by date, stories of a week
    Index(None, "source", "recorded"),  # health: the newest article of a source
    Index(None, "recorded"),  # the articles of a digest
    sqlite_autoincrement=True,
)
judgements = Table(
    "judgements",
    metadata,
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("topic", String, primary_key=True),
    Column("relevance", String, nullable=False),
    Column("score", Float, nullable=False),
    Column("matches", Value(tuple[Match, ...]), nullable=False),
    Column("missing", Value(tuple[str, ...]), nullable=False),
    Column("why", Words, nullable=False),
)
article_entities = Table(
    "article_entities",
    metadata,
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("entity", String, nullable=False),
    Column("moment", Moment, nullable=False),  # the article's
    Index(None, "entity", "moment"),  # neighbours: who names it around that day; search by entity
)
bands = Table(
    "bands",
    metadata,
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("band", BigInteger, primary_key=True),
    Index(None, "band"),  # neighbours: near-copies
)
pages = Table(
    "pages",
    metadata,
    Column("key", Key, primary_key=True),
    Column("url", Words, nullable=False),
    Column("source", String, nullable=False),
    Column("outcome", String, nullable=False),  # told | trying | accepted | rejected | unavailable
    Column("reason", Words, nullable=False),
    Column("title", Words, nullable=False),  # as its entry said
    Column("summary", Words, nullable=False),
    Column("published", Moment),
    Column("published_offset", Integer),
    Column("missing", Value(Mapping[str, tuple[str, ...]]), nullable=False),  # topic -> sides without a match
    Column("tries", Integer, nullable=False),
    Column("due", Moment),  # when to try again; None: never
    Column("backfilled", Boolean, nullable=False, server_default="0"),
    Column("article", ForeignKey("articles.id", ondelete="SET NULL")),
    Index(None, "article"),  # deleting an article
    Index(None, "source", "due"),  # the retries of a source
    Index(None, "published"),  # the audit of the last days
)
state = Table(
    "state",
    metadata,
    Column("id", Integer, primary_key=True),  # one row: 1
    Column("version", BigInteger, nullable=False),  # counts the changes of the stories
    Column("sealed", Moment),  # nothing is recorded before
)

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
pauses = Table(
    "pauses",
    metadata,
    Column("source", String, primary_key=True),
    Column("until", Moment, nullable=False),
)
robots = Table(
    "robots",
    metadata,
    Column("origin", String, primary_key=True),  # scheme://host
    Column("status", Integer, nullable=False),
    Column("body", Words, nullable=False),
    Column("fetched", Moment, nullable=False),
)
host_days = Table(
    "host_days",
    metadata,
    Column("host", String, primary_key=True),
    Column("day", String, primary_key=True),  # 2026-11-21, of UTC
    Column("pages", Integer, nullable=False),
)
lines = Table(  # what a source repeats on many pages is no article
    "lines",
    metadata,
    Column("source", String, primary_key=True),
    Column("mark", BigInteger, primary_key=True),  # of a folded line; 0 counts the pages themselves
    Column("pages", Integer, nullable=False),  # on how many of the last ones
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
crawl_days = Table(  # what the crawls came to, a day (UTC) a row: a month of them is read at a glance
    "crawl_days",
    metadata,
    Column("source", String, primary_key=True),
    Column("day", String, primary_key=True),  # 2026-11-21
    Column("counts", Value(CrawlDay), nullable=False),
)
tips = Table(
    "tips",
    metadata,
    Column("service", String, primary_key=True),
    Column("key", Key, primary_key=True),
    Column("url", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("outlet", String, nullable=False),
    Column("source", String, nullable=False),
    Column("published", Moment),
    Column("seen", Moment, nullable=False),
    Index(None, "seen"),  # the audit of the last days
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("replaced", Moment, nullable=False),
    Column("title", Words, nullable=False),
    Column("subtitle", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("modified", Moment),
    Column("modified_offset", Integer),
    Index(None, "article"),  # the revisions of an article
)
revisits = Table(
    "revisits",
    metadata,
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("source", String, nullable=False),
    Column("tries", Integer, nullable=False),  # of the visit in hand, without an outcome
    Column("due", Moment),  # None: never again
    Column("missing", Moment),  # since when the page is not there
    Column("etag", Words, nullable=False),
    Column("last_modified", Words, nullable=False),
    Index(None, "source", "due"),  # the revisits of a source
)
snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("taken", Moment, nullable=False),
    Column("file", Words, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", Integer, nullable=False),
    Index(None, "article"),  # the snapshots of an article
    Index(None, "file"),  # pruning
)
backfills = Table(
    "backfills",
    metadata,
    Column("name", Key, primary_key=True),  # source and entry, or WARC file
    Column("place", Words, nullable=False),  # how far it has come
    Column("pages", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("done", Boolean, nullable=False),
)

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
