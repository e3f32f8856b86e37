"""Issues: build the digest of a period, store it, then deliver it once to each subscriber.

`rasid digest` and the timetable call the same functions. An issue is stored with its deliveries before the
first mail goes out, and each delivery is claimed with a lease: whoever dies leaves nothing behind that
another cannot finish. The one window left is between the server's 250 and our commit; a mail repeated
there carries the same Message-ID.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from reports.contents import Digest, Period
from reports.digest import build_digest
from reports.mail import MailServer, Post
from reports.message import message, message_id
from reports.outbox import write_outbox
from reports.render import render
from scheduler.health import judge_all
from scheduler.periods import latest_cut_off, week_bounds, week_of
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import ConfigError, MailError, NotFound, RecipientRefused
from storage.model import Delivery, DeliveryState, Edition, Issue, Relevance

log = logging.getLogger(__name__)
LANGUAGES = ("ar", "fr", "en")
WEEK = timedelta(days=7)
FRESH = timedelta(days=8)  # older articles are back-filled: they are in the archive, not in a digest
TRIES = 3  # of an address that is refused for good: servers say so in error, too
LEASE = timedelta(minutes=10)  # far longer than one mail takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a delivery round came to."""

    issue: str
    sent: int = 0
    failed: tuple[str, ...] = ()  # one line each
    outbox: Path | None = None  # where the mails are, if no server is set


def next_period(archive: Archive, settings: Settings, now: datetime) -> Period:
    """What an issue would cover if it went out now."""
    since = archive.posting.last_cut_off(settings.digest.topic) or now - WEEK
    return Period(name=week_of(now, ZoneInfo(settings.digest.timezone)), since=since, until=now)


def week_period(archive: Archive, settings: Settings, name: str, now: datetime) -> Period:
    """What the issue of a week covered, or would: all recorded in that week so far.

    Raises ConfigError if `name` is no ISO week, or one that has not begun.
    """
    since, until = week_bounds(name, ZoneInfo(settings.digest.timezone))
    if since > now:
        raise ConfigError(f"--week {name}: it has not begun; it does on {since.date()}")
    try:
        issue = archive.posting.issue(settings.digest.topic, name)
    except NotFound:
        return Period(name=name, since=since, until=min(until, now))
    return Period(name=name, since=issue.since, until=issue.until)


def build(archive: Archive, settings: Settings, period: Period) -> Digest:
    """The digest of a period, as the archive stands."""
    chosen = settings.digest
    fresh = min(period.until - FRESH, period.since - (FRESH - WEEK))  # a long period loses nothing
    found = {
        relevance: archive.stories_between(
            period.since, period.until, published_after=fresh, relevance=relevance, topic=chosen.topic
        )
        for relevance in (Relevance.RELEVANT, Relevance.BORDERLINE)
    }
    topics = {topic.id: topic for topic in archive.topics()}
    if chosen.topic not in topics:
        raise ConfigError(f"[digest] topic: {chosen.topic}: no such topic; see `rasid topics list`")
    sources = archive.sources()
    watched = tuple(source for source in sources if source.enabled)
    ids = {source.id for source in watched}
    health = tuple(each for each in archive.health() if each.source in ids)
    return build_digest(
        found[Relevance.RELEVANT],
        found[Relevance.BORDERLINE],
        topic=topics[chosen.topic],
        period=period,
        zone=ZoneInfo(chosen.timezone),
        entities=archive.entities(),
        sources=sources,
        health=health,
        standings=judge_all(watched, health, archive.watching.standings(), period.until),
        top=chosen.top,
        sentences=chosen.sentences,
    )


def publish(archive: Archive, settings: Settings, period: Period, now: datetime) -> bool:
    """Build and store the issue of a period with its deliveries; False if it had been stored before.

    One sent by hand in the middle of a week takes the place of that week's; the next one goes on from there.
    """
    topic = settings.digest.topic
    if any((issue.topic, issue.name) == (topic, period.name) for issue in archive.posting.issues()):
        return False
    archive.seal(period.until)
    digest = build(archive, settings, period)
    issue = Issue(
        topic=topic,
        name=period.name,
        since=period.since,
        until=period.until,
        created=now,
        stories=digest.stories,
        editions=tuple(render(digest, language) for language in LANGUAGES),
    )
    return archive.posting.store_issue(issue)


def publish_due(archive: Archive, settings: Settings, now: datetime) -> bool:
    """Store the weekly issue that is due, if it is not there yet; True if it was stored now.

    A new archive has no issue for the weeks before it began.
    """
    chosen = settings.digest
    zone = ZoneInfo(chosen.timezone)
    until = latest_cut_off(now, day=chosen.day, at=time(chosen.hour, chosen.minute), zone=zone)
    since = archive.posting.last_cut_off(chosen.topic)
    if since is None and not archive.stories_between(
        until - WEEK, until, published_after=until - FRESH, relevance=Relevance.RELEVANT, topic=chosen.topic
    ):
        return False
    if since is not None and since >= until:
        return False
    period = Period(name=week_of(until, zone), since=since or until - WEEK, until=until)
    return publish(archive, settings, period, now)


def deliver(archive: Archive, settings: Settings, name: str, clock: Callable[[], datetime]) -> Sent:
    """Send what waits of an issue: by the mail server, or into the outbox while none is set.

    A refused recipient does not stop the others. Raises MailError if the server cannot be used; what has
    not been sent waits.
    """
    server = mail_server(settings)
    issue = archive.posting.issue(settings.digest.topic, name)
    sent, failed = 0, []
    with Post(server) if server else nullcontext() as post:
        while delivery := archive.posting.claim_delivery(issue.topic, issue.name, clock(), LEASE):
            try:
                _send(post, settings, issue, delivery)
            except RecipientRefused as error:
                given_up = error.permanent and delivery.tries >= TRIES
                state = DeliveryState.FAILED if given_up else DeliveryState.WAITING
                archive.posting.mark_delivery(delivery.id, state, str(error), clock())
                failed.append(str(error))
            except MailError as error:
                archive.posting.mark_delivery(delivery.id, DeliveryState.WAITING, str(error), clock())
                raise
            else:
                archive.posting.mark_delivery(delivery.id, DeliveryState.SENT, "", clock())
                sent += 1
    outbox = None if server else settings.digest.outbox
    return Sent(issue=name, sent=sent, failed=tuple(failed), outbox=outbox)


def deliver_all(archive: Archive, settings: Settings, clock: Callable[[], datetime]) -> tuple[Sent, ...]:
    """Send what waits of every issue of the topic, the oldest first. Raises MailError as `deliver`."""
    names = [issue.name for issue in archive.posting.issues() if issue.topic == settings.digest.topic]
    return tuple(deliver(archive, settings, name, clock) for name in reversed(names))


def mail_server(settings: Settings) -> MailServer | None:
    """The configured mail server; None while [mail] host is not set.

    Raises ConfigError if the password file cannot be read.
    """
    mail = settings.mail
    if not mail.host:
        return None
    password = mail.password.get_secret_value() if mail.password else ""
    if mail.password_file is not None:
        try:
            password = mail.password_file.read_text(encoding="utf-8").partition("\n")[0]
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"[mail] password_file: {mail.password_file}: cannot be read") from error
    return MailServer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        username=mail.username,
        password=password,
    )


def letter(
    settings: Settings, edition: Edition, *, topic: str, name: str, to: str, now: datetime
) -> EmailMessage:
    """An edition addressed to one person; the same issue and person always give the same Message-ID."""
    sender = settings.mail.sender
    return message(
        edition,
        sender=sender,
        recipient=to,
        message_id=message_id(topic, name, to, sender),
        date=now,
        topic=topic,
        unsubscribe=settings.mail.unsubscribe or sender,
    )


def _send(post: Post | None, settings: Settings, issue: Issue, delivery: Delivery) -> None:
    edition = next(each for each in issue.editions if each.language == delivery.language)
    mail = letter(settings, edition, topic=issue.topic, name=issue.name, to=delivery.email, now=issue.created)
    if post is None:
        write_outbox(settings.digest.outbox, mail, f"{issue.name} {delivery.email}")
    else:
        post.send(mail, delivery.email)
