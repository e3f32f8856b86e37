"""Backups: whether there is a fresh one, and room for the next."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler import backing_up
from scheduler.doctor.finding import Finding, bad, good, note
from scheduler.doctor.installation import Installation
from storage.errors import ArchiveError
from storage.model import JobRun

_LATE = 1.5  # times [backups] days


def examine_backups(installation: Installation) -> Iterator[Finding]:
    """The last backup, and what the next one needs."""
    chosen = installation.settings.backups
    if not chosen.days:
        yield note(
            "made", "none but before an upgrade ([backups] days = 0); see that somebody else makes them"
        )
    else:
        yield _last(installation, timedelta(days=chosen.days))
    yield from _room(installation)
    yield from _place(installation)


def _last(installation: Installation, every: timedelta) -> Finding:
    run, directory = _run(installation), installation.settings.backups.directory
    if run and run.error:
        return bad("made", f"the last try, {run.begun:%Y-%m-%d %H:%M} UTC, failed: {run.error}")
    newest = next(iter(backing_up.made(directory)), None)
    if newest is None:
        verdict = bad if run else note
        often = "day" if every.days == 1 else f"{every.days} days"
        return verdict("made", f"{directory}: there is none; rasid service makes one every {often}")
    made = datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    said = f"{newest.name}, {backing_up.megabytes(newest.stat().st_size)}"
    if installation.clock() - made > every * _LATE:
        return bad("made", f"the last one is {said}: too long ago; see that rasid service runs")
    return good("made", said)


def _run(installation: Installation) -> JobRun | None:
    try:
        with installation.archive() as archive:
            return next((each for each in archive.running.job_runs() if each.name == "backup"), None)
    except ArchiveError:  # the subject database says it
        return None


def _room(installation: Installation) -> Iterator[Finding]:
    directory = installation.settings.backups.directory
    try:
        portrait = installation.portrait()
    except ArchiveError:
        return
    try:
        backing_up.require_room(directory, portrait)
    except ArchiveError as error:
        yield bad("room", str(error))
        return
    left = backing_up.free(directory) // max(1, backing_up.needed(portrait))
    yield good("room", f"for {min(left, 1000):,}{' and more' if left > 1000 else ''} of this size")


def _place(installation: Installation) -> Iterator[Finding]:
    file, directory = installation.database_file, installation.settings.backups.directory
    if file and _device(file.parent) == _device(directory):
        told = "backups are on the disk of the database, and are lost with it"
        yield note("place", f"{told}; copy them to another machine, or change [backups] directory")


def _device(path: Path) -> int:
    return next(each for each in (path, *path.parents) if each.exists()).stat().st_dev
