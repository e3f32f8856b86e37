"""One event, one story: what hangs together, what an analyst says of it, cases, why an article is there."""

import sqlalchemy as sa
from alembic import op

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stories", sa.Column("component", IDENTITY))
    op.create_index(op.f("ix_stories_component"), "stories", ["component"])
    op.add_column("articles", sa.Column("placed", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "cases",
        sa.Column("article", IDENTITY, nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name=op.f("fk_cases_article_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "case", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_case"), "cases", ["case"])
    op.create_table(
        "ties",
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_ties")),
    )
    op.create_index(op.f("ix_ties_other"), "ties", ["other"])


def downgrade() -> None:
    op.drop_table("ties")
    op.drop_table("cases")
    op.drop_column("articles", "placed")
    op.drop_index(op.f("ix_stories_component"), "stories")
    op.drop_column("stories", "component")
