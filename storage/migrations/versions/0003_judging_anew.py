"""What judging anew needs: marks, quotes and doubts, when and by which rules a page was decided on."""

import sqlalchemy as sa
from alembic import op

MOMENT = sa.DateTime(timezone=True)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("relevance", sa.String(), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "topic", name=op.f("pk_marks")),
    )
    op.add_column("judgements", sa.Column("ruled", sa.String()))
    op.add_column("judgements", sa.Column("quotes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("judgements", sa.Column("doubts", sa.JSON(), nullable=False, server_default="[]"))
    _widen_pages()
    op.add_column("state", sa.Column("rules", sa.String()))
    op.add_column("state", sa.Column("rules_since", MOMENT))
    op.add_column("state", sa.Column("rejudged", MOMENT))


def downgrade() -> None:
    for column in ("rejudged", "rules_since", "rules"):
        op.drop_column("state", column)
    for index in ("page", "outcome_decided"):
        op.drop_index(op.f(f"ix_pages_{index}"), "pages")
    for column in ("page", "rules", "decided"):
        op.drop_column("pages", column)
    op.execute("UPDATE judgements SET relevance = ruled WHERE ruled IS NOT NULL")
    for column in ("doubts", "quotes", "ruled"):
        op.drop_column("judgements", column)
    op.drop_table("marks")


def _widen_pages() -> None:
    """What was rejected under several keys has one address under all of them.

    PostgreSQL would join it badly until it next looks at the new column by itself.
    """
    op.add_column("pages", sa.Column("decided", MOMENT))
    op.add_column("pages", sa.Column("rules", sa.String(), nullable=False, server_default=""))
    op.add_column("pages", sa.Column("page", sa.Text()))
    op.create_index(op.f("ix_pages_outcome_decided"), "pages", ["outcome", "decided"])
    op.create_index(op.f("ix_pages_page"), "pages", ["page"])
    op.execute("""
        UPDATE pages SET page = same.first
        FROM (SELECT url, min(key) AS first FROM pages WHERE outcome = 'rejected' GROUP BY url) AS same
        WHERE pages.outcome = 'rejected' AND pages.url = same.url
    """)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ANALYZE pages")
