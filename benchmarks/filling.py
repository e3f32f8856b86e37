"""Archives to measure: filled by the product's own command, in SQLite and in PostgreSQL."""

import os
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import make_url

from benchmarks.bare import Engine, Fts5, Gin
from benchmarks.corpus import known_entities
from crawler.catalogue import load_sources
from crawler.rules import load_topics
from storage.archive import Archive

_topics = cache(load_topics)
RASID = Path(sys.executable).with_name("rasid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Bytes on disk: of everything, of titles and texts as they are, of the index of terms."""

    whole: int
    text: int
    index: int


class Database(Protocol):
    """Where an archive is made."""

    url: str

    def create(self) -> None:
        """Make it empty."""

    def sizes(self) -> Sizes:
        """How much room it takes."""

    def bare(self) -> Engine:
        """The engine with an index of its own, made where there is none."""

    def drop(self) -> None:
        """Remove it and the engine's own index."""


class Sqlite:
    """A file, with the bare engine's index in one beside it."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = folder / f"{name}.db"
        self.url = f"sqlite:///{self._file}"

    def create(self) -> None:
        """Make it empty."""
        self.drop()

    def sizes(self) -> Sizes:
        """How much room it takes."""
        connection = sqlite3.connect(self._file)
        ((text,),) = connection.execute(
            "SELECT sum(octet_length(title) + octet_length(text)) FROM articles"
            if sqlite3.sqlite_version_info >= (3, 43)
            else "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) FROM articles"
        )
        ((index,),) = connection.execute(
            "SELECT sum(pageno) * page_size FROM dbstat, pragma_page_size() "  # pgsize ends at 2 GB
            "WHERE aggregate = TRUE AND name LIKE 'article_fts%'"
        )
        connection.close()
        return Sizes(whole=self._file.stat().st_size, text=text or 0, index=index or 0)

    def bare(self) -> Engine:
        """The engine with an index of its own."""
        return Fts5(self._file)

    def drop(self) -> None:
        """Remove it and the engine's own index."""
        for file in self._file.parent.glob(f"{self._file.stem}.*"):
            if file.suffix in (".db", ".db-wal", ".db-shm", ".bare", ".bare-journal"):
                file.unlink()


class Postgresql:
    """A database of its own on a server, with the bare engine's index in a schema beside it."""

    def __init__(self, server: str, name: str) -> None:
        self._name = f"rasid_bench_{name}"
        self._server = server
        self.url = make_url(server).set(database=self._name).render_as_string(hide_password=False)

    def create(self) -> None:
        """Make it empty."""
        self.drop()
        self._tell(f'CREATE DATABASE "{self._name}" TEMPLATE template0')

    def sizes(self) -> Sizes:
        """How much room it takes."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute(
                "SELECT pg_database_size(current_database()), "
                "(SELECT sum(octet_length(title) + octet_length(text)) FROM articles), "
                "pg_total_relation_size('article_fts')"
            ).fetchone()
        whole, text, index = found or (0, 0, 0)
        return Sizes(whole=int(whole), text=int(text or 0), index=int(index))

    def bare(self) -> Engine:
        """The engine with an index of its own."""
        return Gin(self.url)

    def drop(self) -> None:
        """Remove it and the engine's own index."""
        self._tell(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _tell(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)


def fill(database: Database, file: Path) -> float:
    """Import a file into a new archive by `rasid import`; the seconds it took. Upkeep follows, as at night.

    Raises CalledProcessError with what the command said.
    """
    database.create()
    with Archive(database.url) as archive:
        archive.upgrade()
        archive.load_catalogue(load_sources(), _topics(), known_entities())
    began = time.perf_counter()
    subprocess.run(
        [str(RASID), "import", "--no-grouping", str(file)],
        cwd=file.parent,
        env={**os.environ, "RASID_DATABASE__URL": database.url},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    taken = time.perf_counter() - began
    with Archive(database.url) as archive:
        for chore in archive.keeping.chores().values():
            chore()
    return taken
