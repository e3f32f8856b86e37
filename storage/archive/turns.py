"""One crawl on a host at a time, and one scheduler of an archive, across processes and machines; whoever dies
gives way at once."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import IO
from urllib.parse import quote

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

_LONGEST_NAME = 150  # characters of a host in a file's name
_VANISHED = (  # half a minute after our machine has gone the server knows
    "SET tcp_keepalives_idle = 15",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)


@contextmanager
def turn(engine: Engine, hosts: list[str]) -> Iterator[Callable[[], bool] | None]:
    """Be the only one who crawls these hosts until the block ends: a question whether that still holds, or
    None where somebody else is on one of them.

    PostgreSQL: an advisory lock of the session for each. SQLite: a lock on a file beside the database, which
    the system takes back when its process ends (flock(2)) and which is deleted at the end of the turn.
    """
    if engine.dialect.name == "postgresql":
        yield from _advisory(engine, hosts)
    else:
        yield from _files(Path(engine.url.database or ""), hosts)


@contextmanager
def held(engine: Engine, name: str) -> Iterator[Callable[[], bool] | None]:
    """Hold a name of the archive alone until the block ends: a question whether it still is ours, or None
    where somebody else has it. Raises OSError where SQLite's file could not be made."""
    if engine.dialect.name == "postgresql":
        with _session(engine) as connection:
            mine = connection.scalar(_TAKE, {"n": _number(name)})
            yield (lambda: _is_alive(connection)) if mine else None
        return
    database = Path(engine.url.database or "")
    path = database.with_name(f"{database.name}.{name}")
    with _file(path) as file:
        yield (lambda: _is_there(file, path)) if file else None


_TAKE = text("SELECT pg_try_advisory_lock(:n)")


def _advisory(engine: Engine, hosts: list[str]) -> Iterator[Callable[[], bool] | None]:
    with _session(engine) as connection:
        mine = all(connection.scalar(_TAKE, {"n": _number(f"host {host}")}) for host in hosts)
        yield (lambda: _is_alive(connection)) if mine else None


@contextmanager
def _session(engine: Engine) -> Iterator[Connection]:
    """A connection whose advisory locks end with the block, if not with it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in _VANISHED:
            connection.execute(text(setting))
        try:
            yield connection
        finally:
            with suppress(SQLAlchemyError):  # it is lost, and its locks with it
                connection.execute(text("SELECT pg_advisory_unlock_all()"))


def _is_alive(connection: Connection) -> bool:
    try:
        connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


def _files(database: Path, hosts: list[str]) -> Iterator[Callable[[], bool] | None]:
    with ExitStack() as stack:
        mine = all(stack.enter_context(_file(_lock_file(database, host))) is not None for host in hosts)
        yield (lambda: True) if mine else None  # the system keeps them as long as we live


def _lock_file(database: Path, host: str) -> Path:
    return database.with_name(f"{database.name}.{quote(host, safe='')[-_LONGEST_NAME:]}.lock")


@contextmanager
def _file(path: Path) -> Iterator[IO[str] | None]:
    """The file, if the lock is ours; then it is deleted at the end, by nobody else."""
    file = _locked(path)
    try:
        yield file
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
