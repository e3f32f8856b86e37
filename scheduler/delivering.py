"""Deliveries: each issue is handed once to each who is to get it, by mail or to a webhook.

A delivery is claimed with a lease: whoever dies leaves nothing behind that another cannot finish. The one
window left is between the server's 250 and our commit; a mail repeated there carries the same Message-ID.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from reports.mail import MailServer, Post
from reports.message import message, message_id
from reports.outbox import write_outbox
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import ConfigError, MailError, RecipientRefused
from storage.model import Delivery, Edition, Issue

log = logging.getLogger(__name__)
TRIES = 3  # of an address that is refused for good: servers say so in error, too
LEASE = timedelta(minutes=10)  # far longer than one mail takes
GIVE_UP = timedelta(hours=48)  # after the first try


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
) -> Sent:
    """Send what waits and is due, the oldest issue first, or of one issue (id of its series, name): by the
    mail server, or into the outbox while none is set.

    A refused recipient does not stop the others. Raises MailError if the server cannot be used; what has
    not been sent waits.
    """
    server = mail_server(settings)
    sent, failed = 0, []
    with Post(server) if server else nullcontext() as post:
        while delivery := archive.posting.claim_delivery(clock(), LEASE, issue):
            try:
                _send(archive, post, settings, delivery)
            except RecipientRefused as error:
                failed.append(str(error))
                _refused(archive, delivery, error, clock())
            except MailError as error:
                archive.posting.put_off(delivery.id, str(error), clock())
                raise
            else:
                archive.posting.mark_sent(delivery.id, clock())
                sent += 1
    outbox = None if server else settings.digest.outbox
    return Sent(sent=sent, failed=tuple(failed), outbox=outbox)


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
    settings: Settings, edition: Edition, *, series: str, name: str, to: str, now: datetime
) -> EmailMessage:
    """An edition addressed to one person; the same issue and person always give the same Message-ID."""
    sender = settings.mail.sender
    return message(
        edition,
        sender=sender,
        recipient=to,
        message_id=message_id(series, name, to, sender),
        date=now,
        topic=series,
        unsubscribe=settings.mail.unsubscribe or sender,
    )


def _refused(archive: Archive, delivery: Delivery, error: RecipientRefused, now: datetime) -> None:
    """Refused for good at every try, or not taken for two days: given up; else it waits."""
    if error.permanent and delivery.tries >= TRIES:
        archive.posting.mark_failed(delivery.id, str(error), bounced=True)
    elif delivery.begun is not None and now - delivery.begun >= GIVE_UP:
        archive.posting.mark_failed(delivery.id, str(error))
    else:
        archive.posting.put_off(delivery.id, str(error), now)


def _send(archive: Archive, post: Post | None, settings: Settings, delivery: Delivery) -> None:
    issue: Issue = archive.posting.issue(delivery.series, delivery.issue)
    edition = next(each for each in issue.editions if each.language == delivery.language)
    mail = letter(
        settings, edition, series=delivery.series, name=issue.name, to=delivery.address, now=issue.created
    )
    if post is None:
        write_outbox(settings.digest.outbox, mail, f"{delivery.series} {issue.name} {delivery.address}")
    else:
        post.send(mail, delivery.address)
