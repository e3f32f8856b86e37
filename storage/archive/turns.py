"""One crawl on a host at a time, and one scheduler of an archive, across processes and machines; whoever dies
gives way at once."""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import IO
from urllib.parse import quote

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

_LONGEST_NAME = 150  # characters in that of a file
_VANISHED = (  # half a minute after our machine has gone the server knows
    "SET tcp_keepalives_idle = 15",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
_TAKE = text("SELECT pg_try_advisory_lock(:n)")


@contextmanager
def held(engine: Engine, names: Iterable[str]) -> Iterator[Callable[[], bool] | None]:
    """Hold names of the archive alone until the block ends: a question whether all still are ours, or None
    where somebody else has one of them.

    PostgreSQL: an advisory lock of the session for each. SQLite: a lock on a file beside the database, which
    the system takes back when its process ends (flock(2)) and which is deleted with the block. Raises OSError
    where that file cannot be made.
    """
    if engine.dialect.name == "postgresql":
        yield from _advisory(engine, names)
    else:
        yield from _files(Path(engine.url.database or ""), names)


def _advisory(engine: Engine, names: Iterable[str]) -> Iterator[Callable[[], bool] | None]:
    with _session(engine) as connection:
        mine = all(connection.scalar(_TAKE, {"n": _number(name)}) for name in names)
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


def _files(database: Path, names: Iterable[str]) -> Iterator[Callable[[], bool] | None]:
    paths = [_lock_file(database, name) for name in names]
    with ExitStack() as stack:
        files = dict[Path, IO[str]]()
        for path in paths:
            file = stack.enter_context(_file(path))
            if file is None:
                yield None
                return
            files[path] = file
        yield lambda: all(_is_there(file, path) for path, file in files.items())


def _lock_file(database: Path, name: str) -> Path:
    return database.with_name(f"{database.name}.{quote(name, safe='')[-_LONGEST_NAME:]}.lock")


@contextmanager
def _file(path: Path) -> Iterator[IO[str] | None]:
    """The file, if the lock is ours; then it is deleted at the end, by nobody else."""
    file = _locked(path)
    try:
        yield file
    finally:
        if file is not None:
            if _is_there(file, path):  # else it is that of somebody after us
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
