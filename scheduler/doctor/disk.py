"""Disks: whether what is written can be, and for how long."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from scheduler.backing_up import megabytes
from scheduler.doctor.finding import Finding, bad, good, note
from scheduler.doctor.installation import Installation

TIGHT, FULL = 2e9, 200e6  # bytes left
_FILES = 10_000  # that can still be made


def examine_disk(installation: Installation) -> Iterator[Finding]:
    """Each folder we write to."""
    for what, folder, remedy in _folders(installation):
        yield _folder(what, folder, remedy)


def _folders(installation: Installation) -> Iterator[tuple[str, Path, str]]:
    settings, file = installation.settings, installation.database_file
    if file:
        yield "database", file.parent, "[database] url"
    if settings.snapshots.keep:
        yield "snapshots", settings.snapshots.directory, "[snapshots] directory"
    yield "backups", settings.backups.directory, "[backups] directory"
    yield "outbox", settings.digest.outbox, "[digest] outbox"


def _folder(what: str, folder: Path, key: str) -> Finding:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        return bad(what, f"{there}: is no folder; move it away, or change {key}")
    if not os.access(there, os.W_OK | os.X_OK):
        return bad(what, f"{there}: cannot be written by user {os.geteuid()}; see who may, or change {key}")
    left, files = shutil.disk_usage(there).free, os.statvfs(there)
    said = f"{folder}: {megabytes(left)} free{'' if there == folder else ', not made yet'}"
    if left < FULL:
        return bad(what, f"{said}; free some space, or change {key}")
    if files.f_files and files.f_favail < _FILES:
        return bad(what, f"{said}, but only {files.f_favail:,} more files; delete some, or change {key}")
    if left < TIGHT:
        return note(what, f"{said}; see what fills it before it is full")
    return good(what, said)
