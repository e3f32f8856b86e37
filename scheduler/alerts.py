"""Alerts: a story that is important enough is told at once, to those who asked for that.

An alert is an issue of one story. A series tells at most so many a day, and no story twice unless it
develops: it has become half as important again as when it was told last.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import chain, count
from zoneinfo import ZoneInfo

from reports.contents import Period
from reports.importance import weigh
from scheduler.answering import answering
from scheduler.issues import build_alert, to_issue
from scheduler.periods import FRESH
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import ConfigError, RasidError
from storage.event import event
from storage.model import Relevance, Schedule, Series, Story

log = logging.getLogger(__name__)
NEWS = timedelta(days=1)  # what was recorded longer ago is no alert
DEVELOPED = 1.5  # times the importance a story had when it was told


def publish_alerts(archive: Archive, settings: Settings, now: datetime) -> tuple[str, ...]:
    """Store the alerts that are due; which, by series and name. One that cannot be told stops no other."""
    published: list[str] = []
    for series in archive.subscribing.series():
        if series.schedule is not Schedule.INSTANT:
            continue
        try:
            published += (f"{series.id} {name}" for name in _publish(archive, settings, now, series))
        except RasidError as error:
            log.error(event("alert not stored", series=series.id, error=error))
    return tuple(published)


def are_wanted(archive: Archive) -> bool:
    """Whether anybody has asked for some."""
    return any(each.schedule is Schedule.INSTANT for each in archive.subscribing.series())


def _publish(archive: Archive, settings: Settings, now: datetime, series: Series) -> Iterator[str]:
    """The names of the alerts stored now, the most important story first."""
    if series.topic not in {topic.id for topic in archive.topics()}:
        raise ConfigError(f"{series.topic}: no such topic; see `rasid topics list`")
    today, most = _day(now, ZoneInfo(settings.digest.timezone)), settings.digest.alerts_a_day
    for weight, story in _candidates(archive, settings, now, series):
        if archive.posting.stored(series.id, today) >= most:
            return
        before = archive.posting.told(series.id, story.id)
        if before and weight < DEVELOPED * max(before):
            continue
        name = _free_name(archive, series, story, len(before))
        period = Period(name=name, since=min(story.first, now), until=now)
        alert = to_issue(
            settings,
            build_alert(archive, settings, period, series, story, developed=bool(before)),
            series,
            now,
        )
        if archive.posting.store_alert(alert, story.id, len(before), today, most):
            yield name


def _candidates(
    archive: Archive, settings: Settings, now: datetime, series: Series
) -> list[tuple[float, Story]]:
    """Stories of which something was recorded in the last day, and since somebody gets the series, with all
    their accounts, the most important first."""
    relevant = archive.stories_between(
        max(now - NEWS, archive.subscribing.first_added(series.id) or now),
        now + timedelta(seconds=1),
        published_after=now - FRESH,
        relevance=Relevance.RELEVANT,
        topic=series.topic,
    )
    minimum = series.minimum or settings.digest.alert_minimum
    sources = {each.id: each for each in archive.sources()}
    whole = {story.id: story for story in (archive.story(each.id) for each in relevant)}
    local = now.astimezone(ZoneInfo(settings.digest.timezone))
    asked = answering(archive, series.query, tuple(whole.values()), local)
    weighed = [(weigh(each, now=now, topic=series.topic, sources=sources).weight, each) for each in asked]
    found = [(weight, each) for weight, each in weighed if weight >= minimum]
    return sorted(found, key=lambda each: (-each[0], each[1].id))


def _free_name(archive: Archive, series: Series, story: Story, times: int) -> str:
    """`story-5`, and told again `story-5-2`: one that stories which were merged and parted have not taken."""
    again = (f"story-{story.id}-{number}" for number in count(max(times + 1, 2)))
    names = again if times else chain((f"story-{story.id}",), again)
    return next(name for name in names if not archive.posting.holds(series.id, name))


def _day(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The local day: from midnight to midnight."""
    day = now.astimezone(zone).date()
    begin, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)
