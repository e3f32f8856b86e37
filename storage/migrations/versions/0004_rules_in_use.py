"""Which rules are in use, since when, and when everything was judged anew."""

import sqlalchemy as sa
from alembic import op

MOMENT = sa.DateTime(timezone=True)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("state", sa.Column("rules", sa.String()))
    op.add_column("state", sa.Column("rules_since", MOMENT))
    op.add_column("state", sa.Column("rejudged", MOMENT))


def downgrade() -> None:
    for column in ("rejudged", "rules_since", "rules"):
        op.drop_column("state", column)
