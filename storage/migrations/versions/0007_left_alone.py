"""What is known of the service itself: its jobs, who is at work, what all crawls came to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("begun", moment, nullable=False),
        sa.Column("ended", moment, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("good", moment),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_runs")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("beat", moment, nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "crawl_totals",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_crawl_totals")),
    )


def downgrade() -> None:
    op.drop_table("crawl_totals")
    op.drop_table("heartbeats")
    op.drop_table("job_runs")
