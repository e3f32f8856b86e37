"""Files of backups: written under another name until they are whole; which database one is of."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import ArchiveError, InputError

_SQLITE, _ZIP = b"SQLite format 3\0", b"PK\x03\x04"
_OTHER = "set [database] url to a database of that kind; to go to another kind: rasid db move"


@contextmanager
def new_file(file: Path) -> Iterator[Path]:
    """An empty file beside `file` to write to, for its owner's eyes only; at the end it is `file`.

    It is on the disk by then. Whatever breaks it off leaves nothing under the name of `file`. Raises
    InputError where that is there already, ArchiveError where it cannot be written.
    """
    if os.path.lexists(file):
        raise InputError(f"{file}: is there already; name another file, or move this one away")
    with part_of(file) as part:
        yield part
        put(part, file)


@contextmanager
def part_of(file: Path) -> Iterator[Path]:
    """An empty file beside `file`, for its owner's eyes only; what is left of it at the end goes."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
    except OSError as error:
        raise ArchiveError(f"{file}: cannot be written: {error.strerror}") from error
    finally:
        for name in (part, *beside(part)):
            name.unlink(missing_ok=True)


def put(part: Path, file: Path) -> None:
    """Let `part` be `file`, whatever that was before; both are on the disk when this returns."""
    _sync(part)
    part.replace(file)
    _sync(file.parent)


def beside(database: Path) -> tuple[Path, ...]:
    """The files SQLite keeps beside a database while somebody has it open."""
    return tuple(database.with_name(f"{database.name}-{end}") for end in ("wal", "shm", "journal"))


def require_kind(file: Path, dialect: str) -> None:
    """Raise InputError with the remedy unless `file` is a backup of this kind of database."""
    try:
        with file.open("rb") as stream:
            begin = stream.read(len(_SQLITE))
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from error
    kind = "sqlite" if begin == _SQLITE else "postgresql" if begin.startswith(_ZIP) else ""
    if not kind:
        raise not_ours(file)
    if kind != dialect:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise InputError(f"{file}: is a backup of {names[kind]}, the archive is {names[dialect]}; {_OTHER}")


def not_ours(file: Path) -> InputError:
    """What is said of a file that is no backup of ours."""
    return InputError(f"{file}: is no backup of Rasid; give a file that rasid db backup has written")


def damaged(file: Path, why: object) -> InputError:
    """What is said of a backup that is not whole."""
    return InputError(f"{file}: is damaged or not whole ({why}); use another backup")


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
