"""Deliveries: each issue is handed once to each who is to get it, by mail or to a webhook.

A delivery is claimed with a lease: whoever dies leaves nothing behind that another cannot finish. The one
window left is between the server's 250 and our commit; a mail repeated there carries the same Message-ID,
a post the same webhook-id.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from reports import hook
from reports.mail import Post
from reports.message import leave_by_mail
from reports.outbox import write_outbox
from scheduler.mailing import letter as letter
from scheduler.mailing import mail_server as mail_server
from scheduler.mailing import site
from scheduler.pace import Pace
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import MailError, NotFound, RecipientRefused, Unanswered
from storage.model import Delivery, Edition, Issue, Story

TRIES = 3  # of an address that is refused for good: servers say so in error, too
LEASE = timedelta(minutes=10)  # longer than one mail takes, however slow each reply is
LONGEST_WAIT = LEASE / 4  # for a turn; the rest is enough for the slowest server
GIVE_UP = timedelta(hours=48)  # after the first of several tries
PAUSE = timedelta(minutes=15)  # while the server cannot be used


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a delivery round came to."""

    sent: int = 0
    failed: tuple[str, ...] = ()  # one line each
    outbox: Path | None = None  # where the mails are, if no server is set


def deliver(
    archive: Archive,
    settings: Settings,
    clock: Callable[[], datetime],
    issue: tuple[str, str] | None = None,
    pace: Pace | None = None,
    *,
    lease: timedelta = LEASE,
) -> Sent:
    """Send what waits and is due, the oldest issue first, or of one issue (id of its series, name): mails by
    the mail server, or into the outbox while none is set; then what webhooks get.

    lease: how long each delivery is left to us alone. A refused recipient does not stop the others. Raises
    MailError if the server cannot be used; what has not been sent waits.
    """
    turns = pace or Pace(settings.mail.a_minute)
    try:
        mails = deliver_mails(archive, settings, clock, issue, turns, lease=lease)
    finally:
        posts = deliver_hooks(archive, settings, clock, issue, turns, lease=lease)
    return Sent(sent=mails.sent + posts.sent, failed=mails.failed + posts.failed, outbox=mails.outbox)


def deliver_mails(
    archive: Archive,
    settings: Settings,
    clock: Callable[[], datetime],
    issue: tuple[str, str] | None = None,
    pace: Pace | None = None,
    *,
    lease: timedelta = LEASE,
) -> Sent:
    """The mails of `deliver`, at the pace that is set; what is left when the pace is over waits."""
    server = mail_server(settings)
    turns = pace or Pace(settings.mail.a_minute)
    sent, failed = 0, list[str]()
    with Post(server) if server else nullcontext() as post:
        for delivery in _claimed(archive, clock, issue, turns, lease, webhooks=False):
            claimed = clock()
            with turns.turn() if post else nullcontext(True) as is_ours:
                if not is_ours:
                    archive.posting.give_back(delivery.id, delivery.error, clock())
                    break
                if clock() - claimed > lease / 4:
                    continue  # its lease may not last: it is due when that has run out
                said = _mail(archive, post, settings, delivery, clock)
            sent, failed = (sent, [*failed, said]) if said else (sent + 1, failed)
    outbox = None if server else settings.digest.outbox
    return Sent(sent=sent, failed=tuple(failed), outbox=outbox)


def deliver_hooks(
    archive: Archive,
    settings: Settings,
    clock: Callable[[], datetime],
    issue: tuple[str, str] | None = None,
    pace: Pace | None = None,
    *,
    lease: timedelta = LEASE,
) -> Sent:
    """The posts of `deliver`: one that fails stops no other."""
    sent, failed = 0, list[str]()
    for delivery in _claimed(archive, clock, issue, pace or Pace(), lease, webhooks=True):
        said = _hook(archive, settings, delivery, clock)
        sent, failed = (sent, [*failed, said]) if said else (sent + 1, failed)
    return Sent(sent=sent, failed=tuple(failed))


def _claimed(
    archive: Archive,
    clock: Callable[[], datetime],
    issue: tuple[str, str] | None,
    pace: Pace,
    lease: timedelta,
    *,
    webhooks: bool,
) -> Iterator[Delivery]:
    """One delivery after the other that is due; none to who has left."""
    while not pace.is_over:
        delivery = archive.posting.claim_delivery(clock(), lease, issue, webhooks=webhooks)
        if delivery is None:
            return
        if delivery.token:
            yield delivery
        else:
            archive.posting.mark_failed(delivery.id, "unsubscribed")


def _mail(
    archive: Archive,
    post: Post | None,
    settings: Settings,
    delivery: Delivery,
    clock: Callable[[], datetime],
) -> str:
    """Why the recipient did not get it; empty: they did. Raises MailError if the server cannot be used."""
    try:
        _send(archive, post, settings, delivery)
    except RecipientRefused as error:
        _refused(archive, delivery, str(error), clock(), is_permanent=error.permanent)
        return str(error)
    except Unanswered as error:  # it may have been taken: not again and again
        _refused(archive, delivery, str(error), clock(), is_permanent=False)
        raise
    except MailError as error:  # which is not the reader's fault
        archive.posting.give_back(delivery.id, str(error), clock() + PAUSE)
        raise
    archive.posting.mark_sent(delivery.id, clock())
    return ""


def _send(archive: Archive, post: Post | None, settings: Settings, delivery: Delivery) -> None:
    issue, edition = _edition(archive, delivery)
    mail = letter(
        settings,
        edition,
        series=delivery.series,
        name=issue.name,
        to=delivery.address,
        now=issue.created,
        token=delivery.token,
    )
    if post is None:
        write_outbox(settings.digest.outbox, mail, f"{delivery.series} {issue.name} {delivery.address}")
    else:
        post.send(mail, delivery.address)


def _hook(archive: Archive, settings: Settings, delivery: Delivery, clock: Callable[[], datetime]) -> str:
    """Why the webhook did not get it; empty: it did."""
    issue, edition = _edition(archive, delivery)
    body = hook.written(
        hook.payload(
            issue,
            edition,
            _stories(archive, issue),
            site=site(settings),
            names={each.id: each.name for each in archive.sources()},
            leave=leave_by_mail(delivery.series, settings.mail.unsubscribe or settings.mail.sender),
        )
    )
    name = hook.hook_id(delivery.series, delivery.issue, delivery.address)
    headers = hook.signed(body, name=name, key=delivery.token, now=clock())
    answer = hook.post(delivery.address, body, headers, now=clock())
    if answer.is_taken:
        archive.posting.mark_sent(delivery.id, clock())
        return ""
    if answer.is_gone:
        archive.posting.mark_failed(delivery.id, answer.said, bounced=True)
    else:
        _refused(archive, delivery, answer.said, clock(), is_permanent=answer.is_permanent, least=answer.wait)
    return answer.said


def _refused(
    archive: Archive,
    delivery: Delivery,
    said: str,
    now: datetime,
    *,
    is_permanent: bool,
    least: timedelta = timedelta(),
) -> None:
    """Refused for good at every try, or not taken for two days: given up; else it waits."""
    if is_permanent and delivery.tries >= TRIES:
        archive.posting.mark_failed(delivery.id, said, bounced=True)
    elif delivery.tries >= TRIES and delivery.begun and now - delivery.begun >= GIVE_UP:
        archive.posting.mark_failed(delivery.id, said)
    else:
        archive.posting.put_off(delivery.id, said, now, least)


def _edition(archive: Archive, delivery: Delivery) -> tuple[Issue, Edition]:
    issue = archive.posting.issue(delivery.series, delivery.issue)
    return issue, next(each for each in issue.editions if each.language == delivery.language)


def _stories(archive: Archive, issue: Issue) -> dict[int, Story]:
    """What an issue tells, as it stands, by the number it told it by; without what is not there any more."""
    found: dict[int, Story] = {}
    for number in sorted(issue.told, key=lambda each: -issue.told[each])[: hook.MOST]:
        try:
            story = archive.story(number)
        except NotFound:
            continue
        if story.id not in {each.id for each in found.values()}:
            found[number] = story
    return found
