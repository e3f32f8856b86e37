"""What keeps the disk from filling: old snapshots go."""

from datetime import UTC, datetime, timedelta

from scheduler.settings import Settings
from storage.archive import Archive
from storage.warc import prune


def prune_snapshots(settings: Settings, archive: Archive, now: datetime) -> int:
    """Delete the snapshots of days longer ago than [snapshots] days; how many files.

    What a crash in between leaves are files of which nobody knows any more; they go the next time.
    """
    if not settings.snapshots.days:
        return 0
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    oldest = today - timedelta(days=settings.snapshots.days)
    archive.revisions.forget_snapshots(oldest)
    return prune(settings.snapshots.directory, oldest)
