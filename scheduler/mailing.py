"""mailing: what mails need of the settings: server, signature, pages, the letter to one person."""

from datetime import datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING

from reports.links import Site
from reports.mail import MailServer
from reports.message import message, message_id
from scheduler.settings import Settings
from storage.errors import ConfigError
from storage.model import Edition

if TYPE_CHECKING:  # what costs memory only who signs
    from reports.signing import Signature


def mail_server(settings: Settings) -> MailServer | None:
    """The configured mail server; None while [mail] host is not set.

    Raises ConfigError if the password file or the key of signatures cannot be read.
    """
    mail = settings.mail
    if not mail.host:
        return None
    password = mail.password.get_secret_value() if mail.password else ""
    if mail.password_file is not None:
        try:
            password = mail.password_file.read_text(encoding="utf-8").partition("\n")[0]
        except (OSError, UnicodeDecodeError) as error:
            why = f"[mail] password_file: {mail.password_file}: cannot be read; check its path"
            raise ConfigError(why) from error
    return MailServer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        username=mail.username,
        password=password,
        signature=mail_signature(settings),
    )


def mail_signature(settings: Settings) -> "Signature | None":
    """What mails are signed with; None: [mail] dkim_key_file is not set.

    Raises ConfigError naming the key that is wrong, and the remedy.
    """
    file, selector = settings.mail.dkim_key_file, settings.mail.dkim_selector
    if file is None:
        return None
    if not selector:
        raise ConfigError(
            "[mail] dkim_selector is not set; name the one your key is published under, such as rasid"
        )
    try:
        key = file.read_bytes()
    except OSError as error:
        why = error.strerror or error
        raise ConfigError(f"[mail] dkim_key_file: {file}: cannot be read: {why}; check its path") from error
    from reports.signing import signature

    try:
        return signature(key, domain=settings.mail.sender.rpartition("@")[2], selector=selector)
    except ConfigError as error:
        raise ConfigError(f"[mail] dkim_key_file: {file}: {error}") from error


def letter(
    settings: Settings, edition: Edition, *, series: str, name: str, to: str, now: datetime, token: str = ""
) -> EmailMessage:
    """An edition addressed to one person; the same issue and person always give the same Message-ID.

    token: of the subscriber, whose own address to leave at it holds; without one it writes a mail instead.
    """
    sender = settings.mail.sender
    return message(
        edition,
        sender=sender,
        recipient=to,
        message_id=message_id(series, name, to, sender),
        date=now,
        topic=series,
        unsubscribe=settings.mail.unsubscribe or sender,
        leave=site(settings).leave(token) if token else "",
    )


def site(settings: Settings) -> Site:
    """Where readers reach our pages."""
    return Site(base_url=settings.web.base_url, snapshots=settings.web.snapshots)
