"""asking: who wants to subscribe is asked whether it was them, before anything else is sent to them."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from email.message import EmailMessage

from reports.letters import question
from reports.mail import Post
from reports.outbox import write_outbox
from scheduler.delivering import GIVE_UP, LEASE, LONGEST_WAIT, PAUSE, Sent
from scheduler.mailing import mail_server, site
from scheduler.pace import Pace
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import MailError, RecipientRefused
from storage.model import Subscriber, Topic

LONGEST = timedelta(hours=4)


def ask_pending(
    archive: Archive, settings: Settings, clock: Callable[[], datetime], pace: Pace | None = None
) -> Sent:
    """Ask each who is pending and was not asked yet; without [web] base_url nobody can be.

    An address that is refused for good is not asked again; one that is refused for now is, later and later,
    for two days. Raises MailError if the server cannot be used; who has not been asked waits.
    """
    if not settings.web.base_url:
        return Sent()
    turns = pace or Pace(settings.mail.a_minute)
    server = mail_server(settings)
    sent, failed = 0, list[str]()
    with Post(server) if server else nullcontext() as post:
        while not turns.is_over and (each := archive.subscribing.claim_question(clock(), LEASE)):
            claimed = clock()
            with turns.turn() if post else nullcontext(True) as is_ours:
                if not is_ours:
                    archive.subscribing.ask_later(each.id, clock())
                    break
                if clock() - claimed > LONGEST_WAIT:
                    continue
                said = _ask(archive, settings, post, each, clock)
            sent, failed = (sent, [*failed, said]) if said else (sent + 1, failed)
    return Sent(sent=sent, failed=tuple(failed), outbox=None if server else settings.digest.outbox)


def _ask(
    archive: Archive,
    settings: Settings,
    post: Post | None,
    subscriber: Subscriber,
    clock: Callable[[], datetime],
) -> str:
    """Why they could not be asked; empty: they were. Raises MailError if the server cannot be used."""
    try:
        mail = _mail(archive, settings, subscriber)
        if post is None:
            write_outbox(settings.digest.outbox, mail, f"question {subscriber.id} {subscriber.address}")
        else:
            post.send(mail, subscriber.address)
    except RecipientRefused as error:
        _refused(archive, subscriber, error, clock())
        return str(error)
    except MailError:
        archive.subscribing.ask_later(subscriber.id, clock() + PAUSE)
        raise
    archive.subscribing.mark_asked(subscriber.id)
    return ""


def _mail(archive: Archive, settings: Settings, subscriber: Subscriber) -> EmailMessage:
    wanted = subscriber.series.topic
    topics = {each.id: each for each in archive.topics()}
    return question(
        subscriber,
        topics.get(wanted, Topic(id=wanted, labels={})),
        link=site(settings).confirm(subscriber.token),
        sender=settings.mail.sender,
    )


def _refused(archive: Archive, subscriber: Subscriber, error: RecipientRefused, now: datetime) -> None:
    waited = now - subscriber.added
    if error.permanent or waited >= GIVE_UP:
        archive.subscribing.mark_asked(subscriber.id)  # forgotten in a week, unless they ask again
    else:
        archive.subscribing.ask_later(subscriber.id, now + min(max(waited, PAUSE), LONGEST))
