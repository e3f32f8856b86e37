"""What is kept of pages, and what is thought of it: articles, stories, judgements, revisions."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table

from storage.columns import Key, Moment, Reasons, Value, Words
from storage.model import Doubt, Match, Quote
from storage.tables.metadata import Identity, metadata

stories = Table(
    "stories",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("became", ForeignKey("stories.id")),  # a story without articles: which one it has become
    Column("component", Identity),  # the first story of those that hang together by a link; empty: alone
    Index(None, "component"),  # placing: all that a newcomer may join or part
    Index(None, "became"),  # record: redirects to a story that itself is merged move on
    sqlite_autoincrement=True,  # an id is never used again
)

vocabulary = Table(
    "vocabulary",
    metadata,
    Column("word", String, primary_key=True),  # folded
    Column("spelling", Words, nullable=False),  # as it stood in the first title
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
    Column("serial", BigInteger),  # orders them by moment, key of the search index
    Column("story", ForeignKey("stories.id"), nullable=False),
    Column("copy_of", ForeignKey("articles.id")),
    Column("placed", Value(Reasons), nullable=False, server_default="[]"),  # why it is in its story
    Index(None, "story"),  # a story with its accounts; neighbours
    Index(None, "serial", unique=True),  # the articles of a search, by date
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
    Column("ruled", String),  # what the rules say where a mark outweighs them
    Column("matches", Value(tuple[Match, ...]), nullable=False),
    Column("quotes", Value(tuple[Quote, ...]), nullable=False, server_default="[]"),
    Column("doubts", Value(tuple[Doubt, ...]), nullable=False, server_default="[]"),
    Column("missing", Value(tuple[str, ...]), nullable=False),
    Column("why", Words, nullable=False),
)

marks = Table(  # of articles and of pages that were rejected, by the page's key
    "marks",
    metadata,
    Column("key", Key, primary_key=True),
    Column("topic", String, primary_key=True),
    Column("relevance", String, nullable=False),
    Column("made", Moment, nullable=False),
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

cases = Table(  # what an article is of that goes on for months: somebody's case, an operation
    "cases",
    metadata,
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("case", String, primary_key=True),
    Index(None, "case"),  # related stories
)

ties = Table(  # what an analyst says of two articles, by their keys
    "ties",
    metadata,
    Column("one", Key, primary_key=True),  # the lesser of the two
    Column("other", Key, primary_key=True),
    Column("together", Boolean, nullable=False),  # of one event, or of two
    Column("made", Moment, nullable=False),
    Column("why", Words, nullable=False),
    Index(None, "other"),  # the ties of an article
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
