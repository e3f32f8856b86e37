"""Series: what goes out weekly, daily or at once, of a topic or of a search in it.

Keys of SQLite cannot be changed in place, so that they keep their names.
"""

import secrets

import sqlalchemy as sa
from alembic import op

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
_TOPIC = "morocco-france-security"  # whose digest subscribers got


def upgrade() -> None:
    op.execute("ALTER TABLE issues RENAME COLUMN topic TO series")
    op.execute("ALTER TABLE subscribers RENAME COLUMN address TO key")
    op.execute("ALTER TABLE subscribers RENAME COLUMN email TO address")
    op.execute("ALTER TABLE deliveries RENAME COLUMN email TO address")
    for table in ("issues", "subscribers"):
        op.add_column(table, sa.Column("topic", sa.String(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("schedule", sa.String(), nullable=False, server_default="weekly"))
        op.add_column(table, sa.Column("query", sa.Text(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("minimum", sa.Float(), nullable=False, server_default="0"))
    op.execute("UPDATE issues SET topic = series")
    _add_to_subscribers()
    op.add_column("deliveries", sa.Column("subscriber", IDENTITY))
    op.add_column("deliveries", sa.Column("begun", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE deliveries SET subscriber ="
        " (SELECT id FROM subscribers WHERE subscribers.address = deliveries.address)"
    )
    op.create_index(op.f("ix_deliveries_state_due"), "deliveries", ["state", "due"])
    op.create_table(
        "told",
        sa.Column("issue", IDENTITY, nullable=False),
        sa.Column("story", IDENTITY, nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue"], ["issues.id"], name=op.f("fk_told_issue_issues"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue", "story", name=op.f("pk_told")),
    )
    op.create_index(op.f("ix_told_story"), "told", ["story"])


def _add_to_subscribers() -> None:
    op.add_column("subscribers", sa.Column("series", sa.String(), nullable=False, server_default=""))
    op.add_column("subscribers", sa.Column("empty", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("subscribers", sa.Column("state", sa.String(), nullable=False, server_default="active"))
    op.add_column("subscribers", sa.Column("bounces", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("subscribers", sa.Column("token", sa.String(), nullable=False, server_default=""))
    op.add_column("subscribers", sa.Column("asked", sa.DateTime(timezone=True)))
    connection = op.get_bind()
    # the topic that issues were of, else the one that is set unless somebody has chosen another
    topic = connection.execute(sa.text("SELECT series FROM issues ORDER BY until DESC LIMIT 1")).scalar()
    named = {"topic": topic or _TOPIC}
    connection.execute(sa.text("UPDATE subscribers SET topic = :topic"), named)
    op.execute("UPDATE subscribers SET series = topic, key = key || ' ' || topic")
    for (number,) in connection.execute(sa.text("SELECT id FROM subscribers")).all():
        values = {"id": number, "token": secrets.token_urlsafe(24)}
        connection.execute(sa.text("UPDATE subscribers SET token = :token WHERE id = :id"), values)
    op.create_index(op.f("ix_subscribers_token"), "subscribers", ["token"], unique=True)


def downgrade() -> None:
    """What is not weekly and whole is lost."""
    op.drop_table("told")
    for statement in (
        "DELETE FROM deliveries WHERE issue IN (SELECT id FROM issues WHERE series <> topic)",
        "DELETE FROM issues WHERE series <> topic",
        "DELETE FROM subscribers WHERE state = 'pending' OR series <> topic OR id NOT IN"
        " (SELECT min(id) FROM subscribers WHERE series = topic GROUP BY lower(address))",
        "UPDATE subscribers SET key = lower(address)",
    ):
        op.execute(statement)
    op.drop_index(op.f("ix_deliveries_state_due"), "deliveries")
    for column in ("begun", "subscriber"):
        op.drop_column("deliveries", column)
    op.drop_index(op.f("ix_subscribers_token"), "subscribers")
    for column in ("asked", "token", "bounces", "state", "empty", "series"):
        op.drop_column("subscribers", column)
    for table in ("issues", "subscribers"):
        for column in ("minimum", "query", "schedule", "topic"):
            op.drop_column(table, column)
    op.execute("ALTER TABLE deliveries RENAME COLUMN address TO email")
    op.execute("ALTER TABLE subscribers RENAME COLUMN address TO email")
    op.execute("ALTER TABLE subscribers RENAME COLUMN key TO address")
    op.execute("ALTER TABLE issues RENAME COLUMN series TO topic")
