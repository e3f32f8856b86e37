"""A mail server with moods: real SMTP; at random it is slow, refuses, or takes a mail and hangs up."""

import asyncio
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
REFUSES, LATER, HANGS, CUTS = 0.02, 0.01, 0.01, 0.01  # of all recipients, and of all messages
SLOW = 3.0  # seconds at most


class Moody:
    """What was taken, for whom, by Message-ID."""

    def __init__(self, seed: int) -> None:
        self.port = 0
        self.taken: dict[str, list[str]] = defaultdict(list)
        self._chance = random.Random(seed)

    async def handle_RCPT(  # noqa: N802 the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or not now."""
        if self._chance.random() < REFUSES:
            return "451 busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message: at once, late, without saying so, or not now."""
        mood = self._chance.random()
        if mood < LATER:
            return "451 not now"
        named = _ID.search(bytes(envelope.original_content or b""))
        self.taken[named[1].decode() if named else ""] += envelope.rcpt_tos
        if mood < LATER + HANGS:
            await asyncio.sleep(self._chance.uniform(0.2, SLOW))
        elif mood < LATER + HANGS + CUTS and server.transport is not None:
            server.transport.close()
        return "250 kept"


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        self.port = cast(asyncio.Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def open_moody(seed: int) -> Iterator[Moody]:
    """Serve on 127.0.0.1 until the block ends."""
    moody = Moody(seed)
    controller = _AnyPort(moody, hostname="127.0.0.1", port=0)
    controller.start()
    moody.port = controller.port
    try:
        yield moody
    finally:
        controller.stop()
