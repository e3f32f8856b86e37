"""Backups by the service: one every few days, of which the newest are kept, and one before each upgrade."""

import logging
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler.aside import aside
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import ArchiveError, RasidError
from storage.event import event
from storage.model import Backup, Portrait

log = logging.getLogger(__name__)
ROOM = 1.2  # times the archive's own size that have to be free
PATIENCE = 30.0  # seconds for who is at work on an older archive to end
_PAUSE = 0.5
_LONGEST = 6 * 3600.0  # seconds of a backup
_ENDINGS = {"SQLite": "sqlite", "PostgreSQL": "zip"}
_OURS = re.compile(r"rasid-\d{8}T\d{6}Z\.(sqlite|zip)")
_BROKEN_OFF = re.compile(r"\.rasid-[\w-]+\.(sqlite|zip)\.\d+\.part(-wal|-shm|-journal)?")
_LONG_AGO = timedelta(days=1)


def back_up(settings: Settings, archive: Archive, now: datetime) -> Backup:
    """Write the whole archive to [backups] directory, then delete the oldest backups beyond `keep`.

    Those made before an upgrade, and files of any other name, are left alone. Raises ArchiveError with the
    remedy where the directory cannot be written or has not the room; then nothing is deleted.
    """
    told = _write(settings, archive, now, "rasid")
    for old in made(settings.backups.directory)[settings.backups.keep :]:
        old.unlink(missing_ok=True)
    return told


def back_up_aside(settings: Settings, now: datetime, stopping: Callable[[], bool]) -> Backup:
    """The same as `back_up`, in a process of its own. Raises as it and as `aside`."""
    return aside(
        _open_and_back_up,
        settings,
        now,
        name="backup",
        seconds=_LONGEST,
        log=settings.log,
        stopping=stopping,
    )


def _open_and_back_up(settings: Settings, now: datetime) -> Backup:
    with Archive(settings.database.url) as archive:
        return back_up(settings, archive, now)


def upgrade(settings: Settings, archive: Archive, now: datetime, *, backup: bool = True) -> Backup | None:
    """Bring the archive to this version, whose older schema is backed up first if it holds anything.

    For who leads the archive. Raises ArchiveError where the backup cannot be made; then nothing is migrated.
    """
    told = None
    before = archive.keeping.portrait()
    if backup and archive.keeping.older():
        log.info(event("upgrade begins", schema=before.schema, to=before.newest))
        try:
            told = _write(settings, archive, now, f"rasid-before-{before.newest}")
        except RasidError as error:
            why = "nothing is upgraded without a backup; or make one yourself: rasid db upgrade --no-backup"
            raise ArchiveError(f"{error}; {why}") from error
        tell(told)
    archive.upgrade()
    return told


@contextmanager
def alone_if_older(archive: Archive) -> Iterator[None]:
    """Nobody else is at work within the block on an archive that is to be upgraded. Raises ArchiveError."""
    before = archive.keeping.portrait()
    with alone(archive) if before.schema not in (None, before.newest) else nullcontext():
        yield


@contextmanager
def alone(archive: Archive, patience: float = PATIENCE) -> Iterator[None]:
    """Nobody else is at work on the archive within the block. Raises ArchiveError if somebody stays."""
    end = time.monotonic() + patience
    while True:
        with archive.running.lead() as holds:
            if holds is not None:
                yield
                return
        if time.monotonic() >= end:
            raise ArchiveError("a service is at work on this archive; stop it, and try again")
        time.sleep(_PAUSE)


def made(directory: Path) -> list[Path]:
    """The backups of the service that there are, the newest first."""
    try:
        found = [each for each in directory.iterdir() if _OURS.fullmatch(each.name)]
        return sorted((each for each in found if each.is_file() and not each.is_symlink()), reverse=True)
    except OSError:
        return []


def needed(portrait: Portrait) -> int:
    """How many bytes have to be free for a backup."""
    return round(portrait.bytes * ROOM)


def free(directory: Path) -> int:
    """How many bytes we may write to a directory, or where it would be made. Raises OSError."""
    there = next(each for each in (directory, *directory.parents) if each.exists())
    return shutil.disk_usage(there).free


def _write(settings: Settings, archive: Archive, now: datetime, name: str) -> Backup:
    directory, portrait = settings.backups.directory, archive.keeping.portrait()
    with _writable(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(directory, now)
        require_room(directory, portrait)
    ending = _ENDINGS[portrait.kind]
    return archive.keeping.backup(directory / f"{name}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.{ending}", now)


@contextmanager
def _writable(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = "let rasid write there, or change [backups] directory"
        raise ArchiveError(f"{directory}: cannot be written: {error.strerror}; {remedy}") from error


def require_room(directory: Path, portrait: Portrait) -> None:
    """Raise ArchiveError with the remedy unless a backup of such an archive fits there."""
    there, wanted = free(directory), needed(portrait)
    if there < wanted:
        said = f"{megabytes(there)} are free, a backup needs {megabytes(wanted)}"
        raise ArchiveError(f"{directory}: {said}; free some space, or change [backups] directory")


def megabytes(number: float) -> str:
    """Bytes as people say them."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.1f} MB"


def _sweep(directory: Path, now: datetime) -> None:
    """Delete what a process that was killed has left of a backup long ago."""
    for each in directory.iterdir():
        if _BROKEN_OFF.fullmatch(each.name) and each.stat().st_mtime < (now - _LONG_AGO).timestamp():
            each.unlink(missing_ok=True)


def tell(told: Backup) -> None:
    """Say in the log what was backed up."""
    log.info(event("backed up", file=told.file, bytes=told.bytes))
