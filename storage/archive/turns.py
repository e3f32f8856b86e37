"""One crawl of a source at a time, across processes; whoever dies gives way at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Engine, text


@contextmanager
def turn(engine: Engine, source: str) -> Iterator[bool]:
    """Whether nobody else is crawling the source; if so, nobody else will until the block ends.

    PostgreSQL: an advisory lock of the session. SQLite: a lock on a file beside the database, which the
    system takes back when its process ends (flock(2)).
    """
    if engine.dialect.name == "postgresql":
        yield from _advisory(engine, source)
    else:
        yield from _file(Path(engine.url.database or ""), source)


def _advisory(engine: Engine, source: str) -> Iterator[bool]:
    number = int.from_bytes(blake2b(f"crawl {source}".encode(), digest_size=8).digest(), signed=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}))
        yield mine
        if mine:
            connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})


def _file(database: Path, source: str) -> Iterator[bool]:
    with database.with_name(f"{database.name}.{source}.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
