"""Search in PostgreSQL: a tsvector of terms as we cut them, title terms with weight A.

The tsvector is written out by us, not by to_tsvector, whose parser cuts by the database's locale. The body
begins two positions after the title, so that no phrase spans both.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, cast, column, delete, insert, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from storage.search.stems import Sequence

_fts = table("article_fts", column("article"), column("terms", TSVECTOR))
_LAST = 16_383  # positions are not counted further


def index(connection: Connection, number: int, title: Iterable[str], body: Iterable[str]) -> None:
    """Keep the terms of an article."""
    places = [f"'{term}':{min(at, _LAST)}A" for at, term in enumerate(title, 1)]
    places += [f"'{term}':{min(at, _LAST)}" for at, term in enumerate(body, len(places) + 3)]
    connection.execute(insert(_fts).values(article=number, terms=cast(" ".join(places), TSVECTOR)))


def forget(connection: Connection, number: int) -> None:
    """Keep the terms of an article no longer."""
    connection.execute(delete(_fts).where(_fts.c.article == number))


def matching(sequences: Iterable[Sequence], in_title: bool) -> Select[tuple[int]]:
    """The ids of the articles that hold one of the sequences of terms."""
    weight = ":A" if in_title else ""
    either = " | ".join(" <-> ".join(f"'{term}'{weight}" for term in each) for each in sequences)
    return select(_fts.c.article).where(_fts.c.terms.op("@@")(cast(either, TSQUERY)))
