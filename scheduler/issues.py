"""Issues: the digest of a period of a series is built and stored, with a delivery for each who is to get it.

`rasid digest` and the timetable call the same functions. Nothing is sent here (see `scheduler.delivering`):
an issue is stored with its deliveries before the first mail goes out.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from reports.contents import Digest, Period
from reports.digest import build_digest
from reports.links import Site
from reports.render import render
from scheduler import due
from scheduler.answering import answering
from scheduler.comparing import EVERY, periods_before
from scheduler.health import judge_all
from scheduler.periods import FRESH, day_of, week_bounds, week_of
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import ConfigError, NotFound, RasidError
from storage.event import event
from storage.model import Edition, Figures, Issue, Relevance, Schedule, Series, Story

log = logging.getLogger(__name__)
LANGUAGES = ("ar", "fr", "en")
WEEK = timedelta(days=7)


def house_series(settings: Settings) -> Series:
    """The weekly digest of the topic that is set: it is published whether somebody gets it or not."""
    return Series(topic=settings.digest.topic)


def next_period(archive: Archive, settings: Settings, now: datetime, series: Series | None = None) -> Period:
    """What an issue would cover if it went out now."""
    wanted = series or house_series(settings)
    since = archive.posting.last_cut_off(wanted.id) or now - EVERY.get(wanted.schedule, EVERY[Schedule.DAILY])
    return Period(name=_name(wanted, now, ZoneInfo(settings.digest.timezone)), since=since, until=now)


def week_period(
    archive: Archive, settings: Settings, name: str, now: datetime, series: Series | None = None
) -> Period:
    """What the issue of a week covered, or would: all recorded in that week so far.

    Raises ConfigError if `name` is no ISO week, or one that has not begun, or the series is not weekly.
    """
    wanted = series or house_series(settings)
    if wanted.schedule is not Schedule.WEEKLY:
        raise ConfigError(f"--week {name}: {wanted.id} is not weekly; use --last")
    since, until = week_bounds(name, ZoneInfo(settings.digest.timezone))
    if since > now:
        raise ConfigError(f"--week {name}: it has not begun; it does on {since.date()}")
    try:
        issue = archive.posting.issue(wanted.id, name)
    except NotFound:
        return Period(name=name, since=since, until=min(until, now))
    return Period(name=name, since=issue.since, until=issue.until)


def build(archive: Archive, settings: Settings, period: Period, series: Series | None = None) -> Digest:
    """The digest of a period, as the archive stands. Raises InputError for a query that is none."""
    wanted = series or house_series(settings)
    fresh = min(period.until - FRESH, period.since - (FRESH - WEEK))  # a long period loses nothing
    zone = ZoneInfo(settings.digest.timezone)
    found = {
        relevance: answering(
            archive,
            wanted.query,
            archive.stories_between(
                period.since, period.until, published_after=fresh, relevance=relevance, topic=wanted.topic
            ),
            period.until.astimezone(zone),
        )
        for relevance in (Relevance.RELEVANT, Relevance.BORDERLINE)
    }
    before = periods_before(archive, period, wanted, zone, FRESH)
    return _digest(
        archive,
        settings,
        period,
        wanted,
        found[Relevance.RELEVANT],
        found[Relevance.BORDERLINE],
        before=before,
    )


def build_alert(
    archive: Archive,
    settings: Settings,
    period: Period,
    series: Series,
    story: Story,
    *,
    developed: bool = False,
) -> Digest:
    """What is told of one story at once. developed: the series has told it before."""
    return _digest(archive, settings, period, series, (story,), developed=developed)


def publish(
    archive: Archive, settings: Settings, period: Period, now: datetime, series: Series | None = None
) -> bool:
    """Build and store the issue of a period with its deliveries; False if it had been stored before.

    One sent by hand in the middle of a week takes the place of that week's; the next one goes on from there.
    """
    return _publish(archive, settings, period, now, series or house_series(settings), follows=False)


def to_issue(settings: Settings, digest: Digest, series: Series, now: datetime) -> Issue:
    """A digest as it is stored."""
    return Issue(
        series=series,
        name=digest.period.name,
        since=digest.period.since,
        until=digest.period.until,
        created=now,
        stories=digest.stories,
        editions=tuple(edition(settings, digest, language) for language in LANGUAGES),
        told={each.story: each.importance.weight for each in digest.items()},
    )


def edition(settings: Settings, digest: Digest, language: str) -> Edition:
    """A digest in one language, as it is mailed."""
    locale = settings.digest.arabic_months if language == "ar" else ""
    return render(digest, language, locale=locale, site=site(settings))


def site(settings: Settings) -> Site:
    """Where readers reach our pages."""
    return Site(base_url=settings.web.base_url, snapshots=settings.web.snapshots)


def publish_due(archive: Archive, settings: Settings, now: datetime) -> tuple[str, ...]:
    """Store the issues that are due and not there yet; which, by series and name.

    Each begins where the last of its series ended, however long ago that is. A series that cannot be
    published, for its query or its topic, stops no other. While the clock cannot be right nothing is.
    """
    published: list[str] = []
    for series, period in _due(archive, settings, now):
        try:
            if _publish(archive, settings, period, now, series, follows=True):
                published.append(f"{series.id} {period.name}")
        except RasidError as error:
            log.error(event("issue not stored", series=series.id, error=error))
    return tuple(published)


def is_due(archive: Archive, settings: Settings, now: datetime) -> bool:
    """Whether `publish_due` has something to do."""
    return any(True for _ in _due(archive, settings, now))


def _due(archive: Archive, settings: Settings, now: datetime) -> Iterator[tuple[Series, Period]]:
    """The issues that are due and not there yet, each as soon as those before it are stored."""
    if not due.believes(archive, now):
        return
    house, zone = house_series(settings), ZoneInfo(settings.digest.timezone)
    for series in {each.id: each for each in (house, *archive.subscribing.series())}.values():
        if series.schedule is Schedule.INSTANT:
            continue
        until = due.cut_off(settings, series, now)
        since = due.begin(archive, settings, series, until, of_house=series.id == house.id)
        name = _name(series, until, zone)
        if since is not None and since < until and not archive.posting.holds(series.id, name):
            yield series, Period(name=name, since=since, until=until)


def _publish(
    archive: Archive, settings: Settings, period: Period, now: datetime, series: Series, *, follows: bool
) -> bool:
    if archive.posting.holds(series.id, period.name):
        return False
    archive.seal(period.until)
    digest = build(archive, settings, period, series)
    return archive.posting.store_issue(to_issue(settings, digest, series, now), follows=follows)


def _name(series: Series, until: datetime, zone: tzinfo) -> str:
    return week_of(until, zone) if series.schedule is Schedule.WEEKLY else day_of(until, zone)


def _digest(
    archive: Archive,
    settings: Settings,
    period: Period,
    series: Series,
    stories: tuple[Story, ...],
    borderline: tuple[Story, ...] = (),
    *,
    before: tuple[tuple[date, Figures], ...] = (),
    developed: bool = False,
) -> Digest:
    chosen = settings.digest
    topics = {topic.id: topic for topic in archive.topics()}
    if series.topic not in topics:
        raise ConfigError(f"{series.topic}: no such topic; see `rasid topics list`")
    sources = archive.sources()
    watched = tuple(source for source in sources if source.enabled)
    ids = {source.id for source in watched}
    health = tuple(each for each in archive.health() if each.source in ids)
    known = {each for story in (*stories, *borderline) for each in (story.id, *story.related)}
    return build_digest(
        stories,
        borderline,
        topic=topics[series.topic],
        period=period,
        zone=ZoneInfo(chosen.timezone),
        entities=archive.entities(),
        sources=sources,
        health=health,
        standings=judge_all(watched, health, archive.watching.standings(), period.until),
        earlier=archive.past.told(known, period.since, series.topic),
        before=before,
        top=chosen.top,
        sentences=chosen.sentences,
        stored=_stored(archive, (*stories, *borderline)) if settings.web.snapshots else frozenset(),
        series=series,
        developed=developed,
    )


def _stored(archive: Archive, stories: Iterable[Story]) -> frozenset[int]:
    """The articles of which a page is kept that may be shown."""
    told = (each for story in stories for each in story.articles)
    asked = (each.id for each in told if "noarchive" not in each.article.rights)
    return frozenset(each for each in asked if archive.revisions.snapshots(each))
