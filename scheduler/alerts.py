"""Alerts: a story that is important enough is told at once, to those who asked for that.

An alert is an issue of one story. A series tells at most so many a day, and no story twice unless it
develops: it has become half as important again as when it was told last.
"""

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from reports.contents import Period
from reports.importance import weigh
from scheduler.issues import FRESH, answering, build_alert, store
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError
from storage.model import Relevance, Schedule, Series, Story

log = logging.getLogger(__name__)
NEWS = timedelta(days=1)  # what was recorded longer ago is no alert
DEVELOPED = 1.5  # times the importance a story had when it was told


def publish_alerts(archive: Archive, settings: Settings, now: datetime) -> tuple[str, ...]:
    """Store the alerts that are due; which, by series and name. One that cannot be told stops no other."""
    published = []
    for series in archive.subscribing.series():
        if series.schedule is not Schedule.INSTANT:
            continue
        try:
            published += [f"{series.id} {name}" for name in _publish(archive, settings, now, series)]
        except RasidError as error:
            log.error("%s: no alerts: %s", series.id, error)
    return tuple(published)


def _publish(archive: Archive, settings: Settings, now: datetime, series: Series) -> list[str]:
    """The names of the alerts stored now, the most important story first."""
    names: list[str] = []
    left = settings.digest.alerts_a_day - _told_today(archive, settings, now, series)
    for weight, story in _candidates(archive, settings, now, series) if left > 0 else ():
        before = archive.posting.told(series.id, story.id)
        if before and weight < DEVELOPED * before[-1]:
            continue
        name = f"story-{story.id}" + (f"-{len(before) + 1}" if before else "")
        period = Period(name=name, since=min(story.first, now), until=now)
        if store(archive, settings, build_alert(archive, settings, period, series, story), series, now):
            names.append(name)
        if len(names) == left:
            break
    return names


def _candidates(
    archive: Archive, settings: Settings, now: datetime, series: Series
) -> list[tuple[float, Story]]:
    """Stories of the last day with all their accounts, the most important first."""
    relevant = archive.stories_between(
        now - NEWS,
        now + timedelta(seconds=1),
        published_after=now - FRESH,
        relevance=Relevance.RELEVANT,
        topic=series.topic,
    )
    minimum = series.minimum or settings.digest.alert_minimum
    sources = {each.id: each for each in archive.sources()}
    zone = ZoneInfo(settings.digest.timezone)
    whole = [
        archive.story(each.id) for each in answering(archive, series.query, relevant, now.astimezone(zone))
    ]
    weighed = [(weigh(each, now=now, topic=series.topic, sources=sources).weight, each) for each in whole]
    found = [(weight, each) for weight, each in weighed if weight >= minimum]
    return sorted(found, key=lambda each: (-each[0], each[1].id))


def _told_today(archive: Archive, settings: Settings, now: datetime, series: Series) -> int:
    zone = ZoneInfo(settings.digest.timezone)
    today = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return sum(issue.created >= today for issue in archive.posting.issues(series.id))
