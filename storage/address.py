"""Addresses of people and of programs. Pure."""

import re
from urllib.parse import urlsplit

from storage.errors import InputError

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN = re.compile(rf"(?=.{{1,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


def email_address(text: str) -> str:
    """The address as it is kept: trimmed, the domain in lower case and ASCII (RFC 5891).

    Raises InputError unless it is a Dot-string at a Domain (RFC 5321 section 4.1.2) within the limits of
    its section 4.5.3.1; quoted local parts, comments and display names are refused.
    """
    local, _, domain = text.strip().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode().lower()}"
    except UnicodeError:
        address = ""
    if not _PLAIN.fullmatch(address):
        raise InputError(f"{text!r}: not an e-mail address; write one such as name@example.org")
    return address


def webhook_url(text: str) -> bool:
    """Whether a text is an https URL without a login in it, or an http one to this machine."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if (
        parts.username is not None
        or parts.password is not None
        or not host
        or not text.isprintable()
        or " " in text
    ):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1"))
