"""Backups of SQLite: a file of it again, made while others write, put back in one move."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, create_engine

from storage.archive import backups, holdings, indexing, schema
from storage.archive.engines import driver, open_engines, plain_errors, transaction
from storage.archive.seal import require_unbroken, seal
from storage.errors import ArchiveError, InputError
from storage.model import Backup

_PATIENCE = 5  # seconds for others to close the archive


def back_up(engine: Engine, file: Path) -> Backup:
    """The archive as it is now in one file, packed; others read and write meanwhile."""
    with transaction(engine) as connection:
        holdings.require_backed_up(connection, str(engine.url.database))
    with backups.new_file(file) as part:
        with driver(engine) as connection:
            try:
                connection.execute("VACUUM INTO ?", (str(part),))
            except sqlite3.OperationalError as error:
                raise ArchiveError(f"{file}: the backup was not made: {error}; try again") from error
        seal(part)
        return _told(part, file)


def restore(engine: Engine, file: Path, *, replace: bool) -> Backup:
    """Let the archive be what the file says: in one move, after everything is known to be well."""
    target = Path(engine.url.database or "")
    with plain_errors(engine.url), backups.part_of(target) as part:
        _require_room(engine, target, replace=replace)
        _copy(file, part)
        told = _told(part, file)
        require_unbroken(file)
        _upgrade(part)
        _require_room(engine, target, replace=replace)
        with _alone(engine, target):
            _inherit(part, target)
            backups.put(part, target)
    return told


def _copy(file: Path, part: Path) -> None:
    """The whole file, with what may still be beside it, if it is in order."""
    try:
        with closing(_read_only(file)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            said = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
    except sqlite3.DatabaseError as error:
        raise _of(error, file) from error
    if said != ["ok"]:
        raise backups.damaged(file, said[0])


def _told(part: Path, file: Path) -> Backup:
    """What the database `part` holds, which is the backup `file`."""
    engine = create_engine("sqlite://", creator=lambda: _read_only(part))
    try:
        with engine.connect() as connection:
            revision = schema.revision(connection)
            if revision is None:
                raise backups.not_ours(file)
            rows = holdings.count(connection, holdings.tables(connection))
    except ArchiveError as error:
        raise InputError(f"{file}: {error}") from error
    finally:
        engine.dispose()
    source = file if file.exists() else part
    made = datetime.fromtimestamp(source.stat().st_mtime, UTC)
    return Backup(file=file, bytes=source.stat().st_size, schema=revision, made=made, rows=rows)


def _upgrade(part: Path) -> None:
    writer, reader = open_engines(f"sqlite:///{part}")
    try:
        with transaction(writer) as connection:
            indexing.upgrade(connection)
        with driver(writer) as raw:
            raw.execute("PRAGMA journal_mode = DELETE")  # nothing of it is left beside it
    finally:
        writer.dispose()
        reader.dispose()


def _require_room(engine: Engine, target: Path, *, replace: bool) -> None:
    if not target.exists():
        return
    try:
        with transaction(engine) as connection:
            holdings.require_room(connection, str(target), replace=replace)
    except ArchiveError as error:
        if not (replace and "damaged" in str(error)):
            raise


@contextmanager
def _alone(engine: Engine, target: Path) -> Iterator[None]:
    """Nobody else has the archive open, and nothing of it is left beside it that the next one would read."""
    engine.dispose()
    if not target.exists():
        for name in backups.beside(target):
            name.unlink(missing_ok=True)
        yield
        return
    with closing(sqlite3.connect(target, timeout=_PATIENCE, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else has it open
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"{target}: is in use; stop the service and every other rasid") from error
        except sqlite3.DatabaseError:  # it is damaged
            for name in backups.beside(target):
                name.unlink(missing_ok=True)
        yield


def _inherit(part: Path, target: Path) -> None:
    """Let the same people read and write it as before."""
    if target.exists():
        shutil.copymode(target, part)
        with suppress(PermissionError):
            os.chown(part, target.stat().st_uid, target.stat().st_gid)


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)


def _of(error: sqlite3.DatabaseError, file: Path) -> Exception:
    said = str(error)
    if "full" in said:
        return ArchiveError(f"{file}: cannot be restored: the disk is full; free some space")
    return backups.damaged(file, said)
