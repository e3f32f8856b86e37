"""message: an edition as the mail one subscriber gets (RFC 5322, 2369, 2919, 3834, 8058). Pure."""

import re
from dataclasses import replace
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from hashlib import blake2b
from html import escape
from typing import Any
from urllib.parse import quote

from reports.links import safe_link
from storage.address import email_address
from storage.errors import ConfigError, InputError, RecipientRefused
from storage.model import Edition

SENDER_NAME = "Rasid راصد"
_LINE = 78  # characters (RFC 5322 section 2.1.1)


class _Angled(BaseHeader):
    """A header of things in angle brackets: however long one is, it is not made an encoded word, which nobody
    could follow."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """What the library asks of a header."""
        UnstructuredHeader.parse(value, kwds)

    def fold(self, *, policy: "Policy[Any]") -> str:
        """As it is sent: in lines that break between two things only."""
        lines = [f"{self.name}:"]
        for each in str(self).split(", "):
            if len(lines[-1]) + len(each) < _LINE:
                lines[-1] += f" {each},"
            else:
                lines.append(f" {each},")
        return policy.linesep.join(lines).removesuffix(",") + policy.linesep


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    for name in ("list-id", "list-unsubscribe"):
        headers.map_to_type(name, _Angled)
    return SMTP.clone(header_factory=headers)


_POLICY = _policy()


def message(
    edition: Edition,
    *,
    sender: str,
    recipient: str,
    message_id: str,
    topic: str,
    date: datetime,
    unsubscribe: str = "",
    leave: str = "",
) -> EmailMessage:
    """The mail of an edition to one recipient, text and HTML; the same bytes for the same arguments.

    sender, recipient: plain addresses (`storage.address`). message_id: see `message_id`. topic: its id, which
    names the list. unsubscribe: the address that takes leave-taking mails, by default the sender's. leave:
    the reader's own page to leave at, which takes one click where it is https (RFC 8058); without one the
    links of the edition that lead there write such a mail instead.
    Raises RecipientRefused or ConfigError if an address is none; nothing given can add a header.
    """
    origin = sender_of(sender)
    by_mail = leave_by_mail(topic, unsubscribe or sender, "unsubscribe" if unsubscribe else "sender")
    page = safe_link(leave)
    mail = blank(origin, recipient, edition.subject, date, message_id)
    mail["List-Id"] = f"<{_label(topic)}.rasid.{origin.domain}>"
    one_click = page.startswith("https://")
    mail["List-Unsubscribe"] = ", ".join(f"<{each}>" for each in ((page,) * one_click + (by_mail,)))
    if one_click:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    fill(mail, addressed(edition, page or by_mail), message_id)
    return mail


def addressed(edition: Edition, leave: str) -> Edition:
    """The edition with a reader's own address to leave at, in its HTML and its text."""
    if not edition.leave:
        return edition
    return replace(
        edition,
        html=edition.html.replace(edition.leave, escape(leave)),
        text=edition.text.replace(edition.leave, leave),
        leave="",
    )


def leave_by_mail(topic: str, unsubscribe: str, key: str = "unsubscribe") -> str:
    """The link that writes a leave-taking mail. Raises ConfigError naming the key if the address is none."""
    to = sender_of(unsubscribe, key).addr_spec
    return f"mailto:{quote(to, safe='@+')}?subject=unsubscribe%20{_label(topic)}"


def blank(origin: Address, recipient: str, subject: str, date: datetime, message_id: str) -> EmailMessage:
    """A mail that says from whom, to whom, what and when, and that no person wrote it (RFC 3834)."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = origin
    mail["To"] = _recipient(recipient)
    mail["Subject"] = " ".join(_printable(subject).split())
    mail["Date"] = date
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def fill(mail: EmailMessage, edition: Edition, message_id: str) -> None:
    """Put text and HTML into a mail: only ASCII, in short lines."""
    mail.set_content(edition.text, cte="quoted-printable")
    mail.add_alternative(edition.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = edition.language  # after the parts: else it moves into the first
    mail.set_boundary(f"rasid-{blake2b(message_id.encode(), digest_size=16).hexdigest()}")


def message_id(topic: str, issue: str, recipient: str, sender: str) -> str:
    """The Message-ID of one issue to one subscriber: always the same, so that a repeated mail is seen as one.

    Raises RecipientRefused or ConfigError if an address is none.
    """
    origin, to = sender_of(sender), _recipient(recipient)
    named = blake2b("\n".join((topic, issue, to.addr_spec.casefold())).encode(), digest_size=16).hexdigest()
    return f"<{_label(issue)}.{named}@{origin.domain}>"


def sender_of(text: str, key: str = "sender") -> Address:
    """Whom the mails are from. Raises ConfigError naming the key if the address is none."""
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
