"""What judging anew needs: marks, quotes and doubts, when a page was decided on, which rules are in use."""

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
    op.add_column("pages", sa.Column("decided", MOMENT))
    op.create_index(op.f("ix_pages_outcome_decided"), "pages", ["outcome", "decided"])
    op.add_column("state", sa.Column("rules", sa.String()))
    op.add_column("state", sa.Column("rules_since", MOMENT))
    op.add_column("state", sa.Column("rejudged", MOMENT))


def downgrade() -> None:
    for column in ("rejudged", "rules_since", "rules"):
        op.drop_column("state", column)
    op.drop_index(op.f("ix_pages_outcome_decided"), "pages")
    op.drop_column("pages", "decided")
    for column in ("doubts", "quotes", "ruled"):
        op.drop_column("judgements", column)
    op.drop_table("marks")
