"""What keeps the archive quick and the disk from filling: forgetting what is old, tidying the database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scheduler.health.watching import forget_crawls
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError
from storage.warc import prune


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step came to, or why it could not be done."""

    name: str
    said: str
    failed: bool = False


def tidy(settings: Settings, archive: Archive, now: datetime) -> Iterator[Step]:
    """Forget what is no longer wanted and tidy the database, a step at a time.

    A step that fails stops no other, and is done the next time.
    """
    yield _step("crawls", lambda: f"{forget_crawls(archive, now):,} old ones forgotten")
    yield _step("rejected pages", lambda: f"{_forget_rejected(settings, archive, now):,} old ones forgotten")
    yield _step("snapshots", lambda: f"{prune_snapshots(settings, archive, now):,} old files deleted")
    yield _step("subscribers", lambda: f"{archive.subscribing.tidy(now):,} who never confirmed forgotten")
    try:
        chores = archive.keeping.chores()
    except RasidError as error:
        yield Step(name="database", said=str(error), failed=True)
        return
    for name, chore in chores.items():
        yield _step(name, chore)


def prune_snapshots(settings: Settings, archive: Archive, now: datetime) -> int:
    """Delete the snapshots of days longer ago than [archive] keep_snapshots_days; how many files.

    What a crash in between leaves are files of which nobody knows any more; they go the next time.
    """
    oldest = _begin(now, settings.archive.keep_snapshots_days)
    if oldest is None:
        return 0
    archive.revisions.forget_snapshots(oldest)
    return prune(settings.snapshots.directory, oldest)


def _forget_rejected(settings: Settings, archive: Archive, now: datetime) -> int:
    oldest = _begin(now, settings.archive.keep_rejected_days)
    return 0 if oldest is None else archive.keeping.forget_rejected(oldest)


def _begin(now: datetime, days: int) -> datetime | None:
    """The beginning of the first day (UTC) that is kept; None: all are."""
    if not days:
        return None
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days)


def _step(name: str, work: Callable[[], str]) -> Step:
    try:
        return Step(name=name, said=work())
    except RasidError as error:
        return Step(name=name, said=str(error), failed=True)
