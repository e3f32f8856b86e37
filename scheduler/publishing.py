"""Publishing: issues and alerts that are due are stored aside, for a week of stories takes much memory."""

from collections.abc import Callable
from datetime import datetime

from scheduler import alerts, issues
from scheduler.aside import aside
from scheduler.settings import Settings
from storage.archive import Archive

_SECONDS = 1800.0


def publish_aside(
    archive: Archive, settings: Settings, now: datetime, stopping: Callable[[], bool]
) -> tuple[str, ...]:
    """Store the issues and alerts that are due; which, by series and name. Raises as `aside`."""
    if issues.is_due(archive, settings, now) or alerts.are_wanted(archive):
        return aside(
            _publish,
            settings,
            now,
            name="publishing",
            seconds=_SECONDS,
            log=settings.log,
            stopping=stopping,
        )
    return ()


def _publish(settings: Settings, now: datetime) -> tuple[str, ...]:
    with Archive(settings.database.url) as archive:
        return (
            *issues.publish_due(archive, settings, now),
            *alerts.publish_alerts(archive, settings, now),
        )
