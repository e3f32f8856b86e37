"""What reading the web as it is needs: revisions, snapshots, health, politeness, tips, back-fill."""

import sqlalchemy as sa
from alembic import op

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_articles()
    _create_politeness()
    _create_watching()
    _create_revisions()
    _create_backfills()


def downgrade() -> None:
    for table in (
        "backfills",
        "snapshots",
        "revisits",
        "revisions",
        "crawl_days",
        "tips",
        "standings",
        "lines",
        "host_days",
        "robots",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_pages_published"), "pages")
    op.drop_column("pages", "backfilled")
    for column in ("removed", "revised", "rights", "genre", "backfilled"):
        op.drop_column("articles", column)


def _widen_articles() -> None:
    op.create_index(op.f("ix_pages_published"), "pages", ["published"])
    op.add_column("pages", sa.Column("backfilled", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("articles", sa.Column("backfilled", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("articles", sa.Column("genre", sa.Text(), nullable=False, server_default=""))
    op.add_column("articles", sa.Column("rights", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("articles", sa.Column("revised", MOMENT))
    op.add_column("articles", sa.Column("removed", MOMENT))


def _create_politeness() -> None:
    op.create_table(
        "robots",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("fetched", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_robots")),
    )
    op.create_table(
        "host_days",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", "day", name=op.f("pk_host_days")),
    )


def _create_watching() -> None:
    op.create_table(
        "lines",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "mark", name=op.f("pk_lines")),
    )
    op.create_table(
        "standings",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("due", MOMENT),
        sa.Column("lacks", sa.String(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_standings")),
    )
    op.create_table(
        "crawl_days",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day", name=op.f("pk_crawl_days")),
    )
    op.create_table(
        "tips",
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outlet", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("published", MOMENT),
        sa.Column("seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("service", "key", name=op.f("pk_tips")),
    )
    op.create_index(op.f("ix_tips_seen"), "tips", ["seen"])


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", IDENTITY, nullable=False),
        _article(),
        sa.Column("replaced", MOMENT, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("modified", MOMENT),
        sa.Column("modified_offset", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        _of_article("revisions"),
    )
    op.create_index(op.f("ix_revisions_article"), "revisions", ["article"])
    op.create_table(
        "revisits",
        _article(),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", MOMENT),
        sa.Column("missing", MOMENT),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_revisits")),
        _of_article("revisits"),
    )
    op.create_index(op.f("ix_revisits_source_due"), "revisits", ["source", "due"])
    op.create_table(
        "snapshots",
        sa.Column("id", IDENTITY, nullable=False),
        _article(),
        sa.Column("taken", MOMENT, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        _of_article("snapshots"),
    )
    op.create_index(op.f("ix_snapshots_article"), "snapshots", ["article"])
    op.create_index(op.f("ix_snapshots_file"), "snapshots", ["file"])


def _create_backfills() -> None:
    op.create_table(
        "backfills",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_backfills")),
    )


def _article() -> sa.Column[int]:
    return sa.Column("article", IDENTITY, nullable=False)


def _of_article(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_article_articles")
    return sa.ForeignKeyConstraint(["article"], ["articles.id"], name=name, ondelete="CASCADE")
