"""What crawls must not forget: pages seen, entries, politeness, visits, back-fills."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table

from storage.columns import Key, Moment, Value, Words
from storage.tables.metadata import metadata

entries = Table(
    "entries",
    metadata,
    Column("url", String, primary_key=True),
    Column("etag", Words, nullable=False),
    Column("last_modified", Words, nullable=False),
    Column("fetched", Moment),
)

pages = Table(
    "pages",
    metadata,
    Column("key", Key, primary_key=True),
    Column("url", Words, nullable=False),
    Column("source", String, nullable=False),
    Column("outcome", String, nullable=False),  # told | trying | accepted | rejected | unavailable
    Column("reason", Words, nullable=False),
    Column("title", Words, nullable=False),  # as its entry said; of a rejected page else its own
    Column("summary", Words, nullable=False),
    Column("published", Moment),
    Column("published_offset", Integer),
    Column("missing", Value(Mapping[str, tuple[str, ...]]), nullable=False),  # topic -> sides without a match
    Column("tries", Integer, nullable=False),
    Column("decided", Moment),  # when the outcome was recorded
    Column("rules", String, nullable=False, server_default=""),  # fingerprint of those it was decided by
    Column("page", Key),  # the first of the keys it was recorded under: one page is rejected under several
    Column("due", Moment),  # when to try again; None: never
    Column("backfilled", Boolean, nullable=False, server_default="0"),
    Column("article", ForeignKey("articles.id", ondelete="SET NULL")),
    Index(None, "article"),  # deleting an article
    Index(None, "source", "due"),  # the retries of a source
    Index(None, "published"),  # the audit of the last days
    Index(None, "outcome", "decided"),  # what changed rules are applied to: the pages rejected lately
    Index(None, "page"),  # the other keys of a rejected page
)

state = Table(
    "state",
    metadata,
    Column("id", Integer, primary_key=True),  # one row: 1
    Column("version", BigInteger, nullable=False),  # counts the changes of the stories
    Column("sealed", Moment),  # nothing is recorded before
    Column("rules", String),  # fingerprint of the rules in use
    Column("rules_since", Moment),  # since when they are
    Column("rejudged", Moment),  # when everything was judged anew the last time
    Column("indexed", Integer, nullable=False, server_default="0"),  # version of the search index; 0: none
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

pauses = Table(
    "pauses",
    metadata,
    Column("source", String, primary_key=True),
    Column("until", Moment, nullable=False),
)

lines = Table(  # what a source repeats on many pages is no article
    "lines",
    metadata,
    Column("source", String, primary_key=True),
    Column("mark", BigInteger, primary_key=True),  # of a folded line; 0 counts the pages themselves
    Column("pages", Integer, nullable=False),  # on how many of the last ones
)
