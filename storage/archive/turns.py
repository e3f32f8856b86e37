"""One crawl on a host at a time, across processes and machines; whoever dies gives way at once."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO
from urllib.parse import quote

from sqlalchemy import Engine, text

_LONGEST_NAME = 150  # characters of a host in a file's name
_VANISHED = "SET tcp_keepalives_idle = 60"  # seconds until the server asks whether our machine is still there


@contextmanager
def turn(engine: Engine, hosts: list[str]) -> Iterator[bool]:
    """Whether nobody else is crawling any of the hosts; if so, nobody else will until the block ends.

    PostgreSQL: an advisory lock of the session for each. SQLite: a lock on a file beside the database, which
    the system takes back when its process ends (flock(2)) and which is deleted at the end of the turn.
    """
    if engine.dialect.name == "postgresql":
        yield from _advisory(engine, hosts)
    else:
        yield from _files(Path(engine.url.database or ""), hosts)


def _advisory(engine: Engine, hosts: list[str]) -> Iterator[bool]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(_VANISHED))
        take = text("SELECT pg_try_advisory_lock(:n)")
        try:
            yield all(connection.scalar(take, {"n": _number(host)}) for host in hosts)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock_all()"))


def _number(host: str) -> int:
    return int.from_bytes(blake2b(f"host {host}".encode(), digest_size=8).digest(), signed=True)


def _files(database: Path, hosts: list[str]) -> Iterator[bool]:
    with ExitStack() as stack:
        yield all(stack.enter_context(_file(_lock_file(database, host))) for host in hosts)


def _lock_file(database: Path, host: str) -> Path:
    return database.with_name(f"{database.name}.{quote(host, safe='')[-_LONGEST_NAME:]}.lock")


@contextmanager
def _file(path: Path) -> Iterator[bool]:
    """Whether the lock is ours; then the file is deleted at the end, by nobody else."""
    file = _locked(path)
    try:
        yield file is not None
    finally:
        if file is not None:
            path.unlink(missing_ok=True)
            file.close()


def _locked(path: Path) -> IO[str] | None:
    """The file, locked, unless somebody else has it. A lock on a deleted file is none."""
    while True:
        file = path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        if _is_there(file, path):
            return file
        file.close()


def _is_there(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
