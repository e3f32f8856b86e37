"""message: an edition as the mail one subscriber gets (RFC 5322, RFC 2369, RFC 2919, RFC 3834). Pure."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import blake2b
from urllib.parse import quote

from storage.address import email_address
from storage.errors import ConfigError, InputError, RecipientRefused
from storage.model import Edition

SENDER_NAME = "Rasid راصد"


def message(
    edition: Edition,
    *,
    sender: str,
    recipient: str,
    message_id: str,
    topic: str,
    date: datetime,
    unsubscribe: str = "",
) -> EmailMessage:
    """The mail of an edition to one recipient, text and HTML; the same bytes for the same arguments.

    sender, recipient: plain addresses (`storage.address`). message_id: see `message_id`. topic: its id, which
    names the list. unsubscribe: the address that takes leave-taking mails, by default the sender's.
    Raises RecipientRefused or ConfigError if an address is none; nothing given can add a header.
    """
    origin = _sender(sender)
    leave = _sender(unsubscribe, "unsubscribe") if unsubscribe else origin
    mail = EmailMessage(policy=SMTP)
    mail["From"] = origin
    mail["To"] = _recipient(recipient)
    mail["Subject"] = " ".join(_printable(edition.subject).split())
    mail["Date"] = date
    mail["Message-ID"] = message_id
    mail["List-Id"] = f"<{_label(topic)}.rasid.{origin.domain}>"
    mail["List-Unsubscribe"] = (
        f"<mailto:{quote(leave.addr_spec, safe='@+')}?subject=unsubscribe%20{_label(topic)}>"
    )
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(edition.text, cte="quoted-printable")
    mail.add_alternative(edition.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = edition.language  # after the parts: else it moves into the first
    mail.set_boundary(f"rasid-{blake2b(message_id.encode(), digest_size=16).hexdigest()}")
    return mail


def message_id(topic: str, issue: str, recipient: str, sender: str) -> str:
    """The Message-ID of one issue to one subscriber: always the same, so that a repeated mail is seen as one.

    Raises RecipientRefused or ConfigError if an address is none.
    """
    origin, to = _sender(sender), _recipient(recipient)
    named = blake2b("\n".join((topic, issue, to.addr_spec.casefold())).encode(), digest_size=16).hexdigest()
    return f"<{_label(issue)}.{named}@{origin.domain}>"


def _sender(text: str, key: str = "sender") -> Address:
    try:
        local, _, domain = email_address(text).rpartition("@")
    except InputError as error:
        raise ConfigError(f"[mail] {key}: {error}") from error
    return Address(SENDER_NAME, local, domain)


def _recipient(text: str) -> Address:
    try:
        local, _, domain = email_address(text).rpartition("@")
    except InputError as error:
        raise RecipientRefused(str(error), permanent=True) from error
    return Address(username=local, domain=domain)


def _label(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-") or "issue"


def _printable(text: str) -> str:
    return "".join(
        each if each.isprintable() or each in "\u2066\u2067\u2068\u2069\u200e\u200f" else " " for each in text
    )
