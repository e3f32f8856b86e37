"""Search in SQLite: an FTS5 table of terms, cut at spaces only (`ascii` leaves every other letter alone)."""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, column, delete, insert, literal_column, select, table

from storage.search.stems import Sequence

_fts = table("article_fts", column("rowid"), column("title"), column("body"))


def index(connection: Connection, number: int, title: Iterable[str], body: Iterable[str]) -> None:
    """Keep the terms of an article."""
    row = {"rowid": number, "title": " ".join(title), "body": " ".join(body)}
    connection.execute(insert(_fts).values(row))


def forget(connection: Connection, number: int) -> None:
    """Keep the terms of an article no longer."""
    connection.execute(delete(_fts).where(_fts.c.rowid == number))


def matching(sequences: Iterable[Sequence], in_title: bool) -> Select[tuple[int]]:
    """The ids of the articles that hold one of the sequences of terms."""
    either = " OR ".join(f'"{" ".join(each)}"' for each in sequences)
    wanted = f"title : ({either})" if in_title else either
    return select(_fts.c.rowid).where(literal_column("article_fts").op("MATCH")(wanted))
