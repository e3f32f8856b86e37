"""Sending mail over SMTP (RFC 5321): the only module that knows smtplib."""

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from storage.errors import MailError, RecipientRefused, Unanswered

if TYPE_CHECKING:  # what costs memory only who signs
    from reports.signing import Signature

Security = Literal["starttls", "tls", "none"]
_TOO_LARGE = 552  # RFC 1870 section 6.1: this mail, whoever it is from
_CLOSING = 421  # RFC 5321 section 4.2.3: the server goes away; it says nothing of the recipient
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The server that takes our mail, and how to reach it."""

    host: str
    port: int = 587
    security: Security = "starttls"  # tls: from the first byte (port 465); none: only for a local relay
    username: str = ""  # empty: no login
    password: str = field(default="", repr=False)
    timeout: float = 30.0  # seconds to wait for each reply
    patience: float = 60.0  # seconds to wait within a mail: who hangs up too early mails it twice
    signature: "Signature | None" = None  # of every mail; None: the server signs, or nobody

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Post:
    """One connection to a mail server, opened at the first `send` and kept for the next ones.

    Use it as a context manager: `with Post(server) as post: post.send(message, "a@b.example")`. Not for use
    by several threads at once. `trust` replaces the system's certificate authorities; certificates and
    host names are always verified.
    """

    def __init__(self, server: MailServer, *, trust: ssl.SSLContext | None = None) -> None:
        self.server = server
        self._trust = trust
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand a message for one recipient (addr-spec) to the server, which has taken it when this returns:
        the bytes that were signed, and no other.

        Raises RecipientRefused (permanent for 5xx) if the server refuses this recipient or this message: the
        next recipient may be tried. Raises MailError if the server cannot be reached, trusted or used. A
        connection lost between two messages is opened again; one lost within a message is Unanswered:
        nobody can say whether the server took the message.
        """
        content = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        if self.server.signature is not None:
            content = self.server.signature.on(content)
        smtp = self._open()
        try:
            smtp.sendmail(message["From"].addresses[0].addr_spec, [recipient], content)
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refusal(recipient, *error.recipients[recipient]) from error
        except smtplib.SMTPDataError as error:
            raise self._refusal(recipient, error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:  # of the sender: nothing was handed over
            if error.smtp_code == _TOO_LARGE:
                raise self._refusal(recipient, error.smtp_code, error.smtp_error) from error
            raise self._unusable(MailError, error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise self._unusable(Unanswered, error) from error

    def greet(self) -> None:
        """Connect, and log in where a name is set, as for a mail. Raises MailError if that cannot be."""
        self._open()

    def close(self) -> None:
        """Take leave of the server, if there is a connection; the next `send` opens a new one."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):  # it may have left before us
                self._smtp.quit()
        self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def _open(self) -> smtplib.SMTP:
        try:
            return self._ready()
        except (smtplib.SMTPException, OSError, UnicodeError) as error:  # UnicodeError: a host like a..b
            raise self._unusable(MailError, error) from error

    def _ready(self) -> smtplib.SMTP:
        if self._smtp is not None and not self._is_there(self._smtp):
            self._drop()
        if self._smtp is None:
            self._smtp = self._connect()
            self._log_in(self._smtp)
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(self.server.patience)
        return self._smtp

    def _is_there(self, smtp: smtplib.SMTP) -> bool:
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.server.timeout)
            return smtp.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _connect(self) -> smtplib.SMTP:
        host, port, wait = self.server.host, self.server.port, self.server.timeout
        if self._trust is None and self.server.security != "none":
            self._trust = ssl.create_default_context()
        if self.server.security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=wait, context=self._trust)
        return smtplib.SMTP(host, port, timeout=wait)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        server = self.server
        if server.security == "starttls":
            smtp.starttls(context=self._trust)
        if not server.username:
            return
        if server.security == "none" and server.host not in _LOOPBACK:
            raise smtplib.SMTPNotSupportedError("a password is not sent without TLS")
        smtp.login(server.username, server.password)

    def _unusable(self, kind: type[MailError], error: Exception) -> MailError:
        self._drop()
        waited = self.server.patience if kind is Unanswered else self.server.timeout
        return kind(f"mail server {self.server}: {_why(error, self.server, waited)}")

    def _refusal(self, recipient: str, code: int, reply: bytes | str) -> MailError:
        said = f"mail server {self.server}: {recipient}: {code} {_text(reply)}"
        if code == _CLOSING:
            self._drop()
            return MailError(f"{said}; try again later")
        remedy = (
            "check address and [mail] settings; tried again later" if code >= 500 else "tried again later"
        )
        return RecipientRefused(f"{said}; {remedy}", permanent=code >= 500)


def _why(error: Exception, server: MailServer, waited: float) -> str:
    """One line: what happened, and the remedy."""
    match error:
        case smtplib.SMTPAuthenticationError():
            why = f"refuses the login of {server.username}: {error.smtp_code} {_text(error.smtp_error)}"
            return f"{why}; check [mail] username and password"
        case smtplib.SMTPSenderRefused():
            why = f"refuses the sender {error.sender}: {error.smtp_code} {_text(error.smtp_error)}"
            return f"{why}; check [mail] sender"
        case smtplib.SMTPNotSupportedError():
            return f"{error}; check [mail] security ({server.security})"
        case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
            return f"no answer within {waited:g} s; check [mail] host and port, and the network"
        case smtplib.SMTPServerDisconnected():
            return "hung up; try again later"
        case smtplib.SMTPResponseException():
            return f"{error.smtp_code} {_text(error.smtp_error)}; try again later"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted: {error.verify_message}; check [mail] host"
        case ssl.SSLError():
            return f"no TLS: {error.reason or error}; check [mail] port and security ({server.security})"
        case socket.gaierror() | UnicodeError():
            return "no such host; check [mail] host"
        case _:
            return f"{getattr(error, 'strerror', '') or error}; check [mail] host and port"


def _text(reply: bytes | str) -> str:
    said = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(said.split())
