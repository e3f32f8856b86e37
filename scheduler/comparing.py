"""How much was told in the periods before an issue's own: eleven, each as long as it."""

from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from reports.contents import Period
from storage.archive import Archive
from storage.model import Figures, Schedule, Series, Span

BEFORE = 11  # periods
EVERY = {Schedule.WEEKLY: timedelta(days=7), Schedule.DAILY: timedelta(days=1)}
_SOME = timedelta(hours=2)  # a clock change, and a late cut-off
_LAST_DAY = {Schedule.WEEKLY: timedelta(days=1), Schedule.DAILY: timedelta(hours=12)}  # before the cut-off


def periods_before(
    archive: Archive, period: Period, series: Series, zone: tzinfo, fresh: timedelta
) -> tuple[tuple[date, Figures], ...]:
    """Last day and figures of each period before, the oldest first, as far as the archive reaches.

    fresh: how long before its end what a period counts may have been published at most. Nothing where
    figures would mislead: of a series that tells a choice, and of a period of unusual length.
    """
    every = EVERY.get(series.schedule)
    if every is None or series.query or series.minimum:
        return ()
    if abs(period.until - period.since - every) > _SOME:
        return ()
    ends = [_earlier(period.since, at * every, zone) for at in range(BEFORE, -1, -1)]
    spans = [Span(since=since, until=until, published_after=until - fresh) for since, until in pairwise(ends)]
    found = archive.past.figures(spans, series.topic)
    last = (each.until.astimezone(zone) - _LAST_DAY[series.schedule] for each in spans)
    return tuple((day.date(), each) for day, each in zip(last, found, strict=True) if each is not None)


def _earlier(moment: datetime, by: timedelta, zone: tzinfo) -> datetime:
    """So much earlier by the clock of the zone, whose days may have 23 or 25 hours."""
    return moment.astimezone(zone) - by
