"""Search by serial: what the index has of an article is ordered by when it was told.

The newer index is made from the articles after the migration, by `Archive.upgrade`: no migration knows how
words are cut and stemmed. The older one is made from the newer, which holds all its terms.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SERIAL = {
    "sqlite": """
        UPDATE articles SET serial = (max(-17179869184, min(
            CAST(strftime('%s', moment) AS INTEGER), 17179869183)) << 28) | (id & 268435455)
    """,
    "postgresql": """
        UPDATE articles SET serial = (greatest(-17179869184, least(
            CAST(floor(extract(epoch FROM moment)) AS bigint), 17179869183)) << 28) | (id & 268435455)
    """,
}
_OLDER_TERMS = {
    "sqlite": """
        CREATE TABLE older AS SELECT articles.id, title_, body_ FROM articles JOIN (
            SELECT rowid AS number, title AS title_, lead || ' ' || body AS body_ FROM article_fts
        ) ON number = serial
    """,
    "postgresql": """
        CREATE TABLE older AS SELECT articles.id, ts_filter(terms, '{a,b,d}') AS terms_
        FROM articles JOIN article_fts ON article_fts.serial = articles.serial
    """,
}


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    op.add_column("articles", sa.Column("serial", sa.BigInteger()))
    op.execute(_SERIAL[dialect])
    op.create_index(op.f("ix_articles_serial"), "articles", ["serial"], unique=True)
    op.add_column("state", sa.Column("indexed", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "vocabulary",
        sa.Column("word", sa.String(), primary_key=True),
        sa.Column("spelling", sa.Text(), nullable=False),
    )
    op.drop_table("article_fts")
    if dialect == "sqlite":
        op.execute("""
            CREATE VIRTUAL TABLE article_fts USING fts5(
                title, lead, body, tags, tokenize = "ascii tokenchars '=%_-.~'", columnsize = 0
            )
        """)
    else:
        _create_vectors("serial")


def downgrade() -> None:
    dialect = op.get_context().dialect.name
    op.execute(_OLDER_TERMS[dialect])
    op.drop_table("article_fts")
    if dialect == "sqlite":
        op.execute("CREATE VIRTUAL TABLE article_fts USING fts5(title, body, tokenize = 'ascii')")
        op.execute("INSERT INTO article_fts (rowid, title, body) SELECT id, title_, body_ FROM older")
    else:
        _create_vectors("article")
        op.execute("INSERT INTO article_fts (article, terms) SELECT id, terms_ FROM older")
    op.drop_table("older")
    op.drop_table("vocabulary")
    op.drop_column("state", "indexed")
    op.drop_index(op.f("ix_articles_serial"), "articles")
    op.drop_column("articles", "serial")


def _create_vectors(key: str) -> None:
    """Without fastupdate, whose list of pending terms makes the planner read the whole table instead."""
    of = {"article": "articles.id", "serial": "articles.serial"}[key]
    op.create_table(
        "article_fts",
        sa.Column(key, sa.BigInteger(), sa.ForeignKey(of, ondelete="CASCADE"), primary_key=True),
        sa.Column("terms", postgresql.TSVECTOR(), nullable=False),
    )
    op.create_index(
        "ix_article_fts_terms",
        "article_fts",
        ["terms"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
