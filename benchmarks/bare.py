# ruff: noqa: S608 - what varies in a statement is written here
"""The bare engines: what a person who knows them well asks by hand, over an index with their defaults.

The index holds the same terms of the same articles as the archive's own, in a file or schema beside it, so
that both find the same: FTS5 as it comes, with the sizes of documents that `rank` reads, and a tsvector of
words and positions under GIN, without the tags and marks that only our queries ask for. A question is asked
in two statements, as anybody would: the best 20 with their articles and a snippet, and how many there are.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg

from storage.archive.engines import CACHE_KIB

Terms = tuple[str, ...]
PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of the engine: one of each of `every`, none of `without`."""

    every: tuple[tuple[Terms, ...], ...]
    without: tuple[Terms, ...] = ()
    title: bool = False
    known: tuple[tuple[str, Any], ...] = ()  # column of articles -> value; moment: at least
    by_date: bool = False
    offset: int = 0


class Engine(Protocol):
    """An engine with its own index."""

    def ask(self, wanted: Wanted) -> int:
        """Read the best 20; how many answer."""

    def count(self, wanted: Wanted) -> int:
        """How many answer."""

    def close(self) -> None:
        """Let go of the database."""


class Fts5:
    """SQLite's own."""

    def __init__(self, archive: Path) -> None:
        """Open the index beside an archive; make it where there is none."""
        file = archive.with_suffix(".bare")
        new = not file.exists()
        self._connection = sqlite3.connect(file)
        self._connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._connection.execute("ATTACH ? AS archive", (str(archive),))
        if new:
            self._connection.execute(
                "CREATE VIRTUAL TABLE bare USING fts5(title, lead, body, tokenize = 'ascii')"
            )
            self._connection.execute(
                "INSERT INTO bare (rowid, title, lead, body) "
                "SELECT rowid, title, lead, body FROM archive.article_fts ORDER BY rowid"
            )
            self._connection.execute("INSERT INTO bare (bare) VALUES ('optimize')")
            self._connection.commit()

    def ask(self, wanted: Wanted) -> int:
        """Read the best 20; how many answer."""
        where, values = self._where(wanted)
        order = "bare.rowid DESC" if wanted.by_date else "rank"
        self._connection.execute(
            "SELECT a.*, snippet(bare, 2, '[', ']', '…', 30) "
            f"FROM bare JOIN archive.articles AS a ON a.serial = bare.rowid WHERE {where} "
            f"ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, PAGE, wanted.offset),
        ).fetchall()
        return self.count(wanted)

    def count(self, wanted: Wanted) -> int:
        """How many answer."""
        where, values = self._where(wanted)
        joined = "JOIN archive.articles AS a ON a.serial = bare.rowid" if wanted.known else ""
        found = self._connection.execute(f"SELECT count(*) FROM bare {joined} WHERE {where}", values)
        return int(found.fetchone()[0])

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    @staticmethod
    def _where(wanted: Wanted) -> tuple[str, list[Any]]:
        known = "".join(f" AND {_compared(name, '?')}" for name, _ in wanted.known)
        return f"bare MATCH ?{known}", [_match(wanted), *(_stored(value) for _, value in wanted.known)]


class Gin:
    """PostgreSQL's own."""

    def __init__(self, url: str) -> None:
        """Open the index beside an archive; make it where there is none."""
        self._connection = psycopg.connect(url, autocommit=True, options="-c jit=off")
        if self._connection.execute("SELECT to_regclass('bare.terms')").fetchone() == (None,):
            self._connection.execute("CREATE SCHEMA bare")
            self._connection.execute(
                "CREATE TABLE bare.terms AS "
                "SELECT serial, ts_filter(terms, '{a,b,d}') AS terms FROM article_fts ORDER BY serial"
            )
            self._connection.execute("ALTER TABLE bare.terms ADD PRIMARY KEY (serial)")
            self._connection.execute("CREATE INDEX ON bare.terms USING gin (terms)")
            self._connection.execute("VACUUM ANALYZE bare.terms")

    def ask(self, wanted: Wanted) -> int:
        """Read the best 20; how many answer."""
        where, values = self._where(wanted)
        order = "b.serial DESC" if wanted.by_date else "ts_rank(b.terms, q) DESC"
        self._connection.execute(
            "SELECT best.*, ts_headline('simple', best.text, best.q) FROM ("
            "SELECT a.*, q FROM bare.terms AS b JOIN articles AS a USING (serial), CAST(%s AS tsquery) AS q "
            f"WHERE {where} ORDER BY {order} LIMIT %s OFFSET %s) AS best",
            (*values, PAGE, wanted.offset),
        ).fetchall()
        return self.count(wanted)

    def count(self, wanted: Wanted) -> int:
        """How many answer."""
        where, values = self._where(wanted)
        joined = "JOIN articles AS a USING (serial)" if wanted.known else ""
        found = self._connection.execute(
            f"SELECT count(*) FROM bare.terms AS b {joined}, CAST(%s AS tsquery) AS q WHERE {where}",
            values,
        ).fetchone()
        return int(found[0]) if found else 0

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    @staticmethod
    def _where(wanted: Wanted) -> tuple[str, list[Any]]:
        known = "".join(f" AND {_compared(name, '%s')}" for name, _ in wanted.known)
        return f"b.terms @@ q{known}", [_tsquery(wanted), *(value for _, value in wanted.known)]


def _compared(column: str, value: str) -> str:
    return f"a.{column} {'>=' if column == 'moment' else '='} {value}"


def _stored(value: Any) -> Any:
    """A moment as SQLite has it."""
    return value if isinstance(value, str) else f"{value:%Y-%m-%d %H:%M:%S.%f}"


def _match(wanted: Wanted) -> str:
    """A question as FTS5 reads it."""
    every = " AND ".join(f"({_either(each)})" for each in wanted.every)
    asked = f"title : ({every})" if wanted.title else every
    return f"({asked}) NOT ({_either(wanted.without)})" if wanted.without else asked


def _either(some: Iterable[Terms]) -> str:
    return " OR ".join(f'"{" ".join(terms)}"' for terms in some)


def _tsquery(wanted: Wanted) -> str:
    """A question as PostgreSQL reads it."""
    weight = ":A" if wanted.title else ""
    every = " & ".join(f"({_any(each, weight)})" for each in wanted.every)
    return f"{every} & !({_any(wanted.without)})" if wanted.without else every


def _any(some: Iterable[Terms], weight: str = "") -> str:
    return " | ".join("(" + " <-> ".join(f"'{term}'{weight}" for term in terms) + ")" for terms in some)
