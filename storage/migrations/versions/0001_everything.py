"""The first schema: everything there was at the beginning."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "sources",
    "topics",
    "entities",
    "entity_names",
    "entries",
    "stories",
    "articles",
    "judgements",
    "article_entities",
    "bands",
    "pages",
    "state",
    "crawls",
    "pauses",
    "subscribers",
    "issues",
    "deliveries",
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_catalogue()
    _create_stories_and_articles()
    _create_look_ups()
    _create_crawls()
    _create_posting()
    if op.get_context().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE article_fts USING fts5(title, body, tokenize = 'ascii')")
    else:
        _create_postgresql_search()
    op.execute("INSERT INTO state (id, version) VALUES (1, 0)")


def downgrade() -> None:
    op.execute("DROP TABLE article_fts")
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_catalogue() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    op.create_table(
        "entities",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entities")),
    )
    op.create_table(
        "entity_names",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity"], ["entities.id"], name=op.f("fk_entity_names_entity"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", "entity", name=op.f("pk_entity_names")),
    )
    op.create_table(
        "entries",
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("fetched", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_entries")),
    )


def _create_stories_and_articles() -> None:
    op.create_table(
        "stories",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("became", IDENTITY, nullable=True),
        sa.ForeignKeyConstraint(["became"], ["stories.id"], name=op.f("fk_stories_became")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_stories_became"), "stories", ["became"])
    op.create_table(
        "articles",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_offset", sa.Integer(), nullable=True),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=True),
        sa.Column("modified_offset", sa.Integer(), nullable=True),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("audio", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("found_by", sa.JSON(), nullable=False),
        sa.Column("reposts", sa.Boolean(), nullable=False),
        sa.Column("story", IDENTITY, nullable=False),
        sa.Column("copy_of", IDENTITY, nullable=True),
        sa.ForeignKeyConstraint(["copy_of"], ["articles.id"], name=op.f("fk_articles_copy_of")),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name=op.f("fk_articles_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("key", name=op.f("uq_articles_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_articles_moment"), "articles", ["moment"])
    op.create_index(op.f("ix_articles_recorded"), "articles", ["recorded"])
    op.create_index(op.f("ix_articles_source_recorded"), "articles", ["source", "recorded"])
    op.create_index(op.f("ix_articles_story"), "articles", ["story"])
    op.create_table(
        "judgements",
        sa.Column("article", IDENTITY, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("relevance", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("matches", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name=op.f("fk_judgements_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "topic", name=op.f("pk_judgements")),
    )


def _create_look_ups() -> None:
    op.create_table(
        "article_entities",
        sa.Column("article", IDENTITY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name=op.f("fk_article_entities_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "position", name=op.f("pk_article_entities")),
    )
    op.create_index(op.f("ix_article_entities_entity_moment"), "article_entities", ["entity", "moment"])
    op.create_table(
        "bands",
        sa.Column("article", IDENTITY, nullable=False),
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name=op.f("fk_bands_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "band", name=op.f("pk_bands")),
    )
    op.create_index(op.f("ix_bands_band"), "bands", ["band"])
    op.create_table(
        "pages",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_offset", sa.Integer(), nullable=True),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("article", IDENTITY, nullable=True),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name=op.f("fk_pages_article"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pages")),
    )
    op.create_index(op.f("ix_pages_article"), "pages", ["article"])
    op.create_index(op.f("ix_pages_source_due"), "pages", ["source", "due"])
    op.create_table(
        "state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state")),
    )


def _create_crawls() -> None:
    op.create_table(
        "crawls",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawls")),
    )
    op.create_index(op.f("ix_crawls_source_finished"), "crawls", ["source", "finished"])
    op.create_table(
        "pauses",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_pauses")),
    )


def _create_posting() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address", name=op.f("uq_subscribers_address")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "issues",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("editions", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("topic", "name", name=op.f("uq_issues_topic_name")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("issue", IDENTITY, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name=op.f("fk_deliveries_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("issue", "email", name=op.f("uq_deliveries_issue_email")),
    )
    op.create_index(op.f("ix_deliveries_issue_state_id"), "deliveries", ["issue", "state", "id"])


def _create_postgresql_search() -> None:
    op.create_table(
        "article_fts",
        sa.Column(
            "article", sa.BigInteger(), sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("terms", postgresql.TSVECTOR(), nullable=False),
    )
    # search; without fastupdate, whose list of pending terms makes the planner read the whole table instead
    op.create_index(
        "ix_article_fts_terms",
        "article_fts",
        ["terms"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
