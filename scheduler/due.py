"""When an issue is due, and where it begins."""

import logging
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.periods import FRESH, latest_cut_off
from scheduler.settings import Settings
from storage.archive import Archive
from storage.event import event
from storage.model import Relevance, Schedule, Series

log = logging.getLogger(__name__)
_DAY, _MONTH = timedelta(days=1), timedelta(days=32)
_TOO_EARLY = "the clock is behind now, or was ahead then"
_TOO_LATE = "it is more than a month after the last issue: nothing goes out before a day of crawls"


def believes(archive: Archive, now: datetime) -> bool:
    """Whether the clock may be right. One that is ahead would close periods which have not been: that more
    than a month has gone by without a crawl is believed when crawls have been told for a day."""
    last = archive.posting.last_cut_off()
    if last is None or last <= now <= last + _MONTH:
        return True
    if last > now:
        if last > now + _DAY:
            log.error(event("clock not believed", last=last, error=_TOO_EARLY))
        return True  # whose issue it was waits; others may go out
    days = (day for source in archive.health() for day in source.days)
    if any(now - _MONTH < day.first <= now - _DAY for day in days):
        return True
    log.error(event("clock not believed", now=now, last=last, error=_TOO_LATE))
    return False


def cut_off(settings: Settings, series: Series, now: datetime) -> datetime:
    """The last moment, not after now, at which an issue of a series was due."""
    chosen = settings.digest
    day = chosen.day if series.schedule is Schedule.WEEKLY else None
    zone = ZoneInfo(chosen.timezone)
    return latest_cut_off(now, day=day, at=time(chosen.hour, chosen.minute), zone=zone).astimezone(UTC)


def begin(
    archive: Archive, settings: Settings, series: Series, until: datetime, *, of_house: bool
) -> datetime | None:
    """Where a due issue begins: where the last one ended. A series that nobody got meanwhile begins again
    with whom it has now; the house's goes on for itself. None: it has not begun."""
    before = cut_off(settings, series, until - timedelta(seconds=1))
    last = archive.posting.last_cut_off(series.id)
    first = archive.subscribing.first_added(series.id)
    if last is None:
        waited_for = of_house or (first is not None and first < until)
        return before if waited_for and _had_begun(archive, series, before, until) else None
    if of_house or first is None or first <= last:
        return last
    return max(last, min(before, first))


def _had_begun(archive: Archive, series: Series, since: datetime, until: datetime) -> bool:
    """Whether the archive was there: it has an issue, or a story of the period, or a crawl ended by then."""
    last = archive.posting.last_cut_off()
    if last is not None and last <= until:
        return True
    if any(day.first < until for source in archive.health() for day in source.days):
        return True
    return bool(
        archive.stories_between(
            since, until, published_after=until - FRESH, relevance=Relevance.RELEVANT, topic=series.topic
        )
    )
