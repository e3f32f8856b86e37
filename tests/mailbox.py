"""A local mailbox: a real SMTP server that keeps what it gets, and refuses what it is told to refuse."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it arrived for one recipient."""

    to: str
    message: EmailMessage
    source: bytes


class Mailbox:
    """What has arrived, in order; may be told to refuse while it runs."""

    def __init__(self) -> None:
        self.host, self.port = "127.0.0.1", 0
        self.mails: list[Mail] = []
        self.connections = 0
        self._refused: dict[str, int] = {}
        self._refuses_data = 0

    def refuse(self, recipient: str, code: int) -> None:
        """From now on answer `code` to this recipient; 250 takes it back."""
        self._refused[recipient] = code

    def refuse_data(self, code: int) -> None:
        """From now on answer `code` to every message; 0 takes it back."""
        self._refuses_data = code

    # what the server calls, under the names it wants

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count the connection."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        code = self._refused.get(address, 250)
        if code != 250:
            return f"{code} no mail for {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a message, or refuse it."""
        if self._refuses_data:
            return f"{self._refuses_data} not this message"
        source = bytes(envelope.original_content or b"")
        message = message_from_bytes(source, policy=policy.default)
        self.mails.extend(Mail(to=to, message=message, source=source) for to in envelope.rcpt_tos)
        return "250 kept"


class _AnyPort(Controller):
    """A controller that takes the port the system gives it."""

    def _trigger_server(self) -> None:
        server = cast(asyncio.Server, self.server)
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def open_mailbox(
    *, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None, from_first_byte: bool = False
) -> Iterator[Mailbox]:
    """Serve a mailbox on 127.0.0.1 until the block ends.

    tls: offer STARTTLS, or TLS `from_first_byte`. login: the name and password that are needed to send.
    """
    mailbox = Mailbox()

    def right(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode())
        return AuthResult(success=given == login, handled=False)  # handled: it had answered itself

    controller = _AnyPort(
        mailbox,
        hostname=mailbox.host,
        port=0,
        ssl_context=tls if from_first_byte else None,
        tls_context=None if from_first_byte else tls,
        authenticator=right if login else None,
        auth_required=login is not None,
        auth_require_tls=False,
    )
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()
