"""notify: what systemd is told of a service, where it asks for it (sd_notify(3)).

A datagram to the socket that NOTIFY_SOCKET names: a path, or with "@" one of the abstract namespace. It goes
out whatever becomes of it: a service does not fail because nobody listens.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"
_LONG = 3600  # seconds: to make an older archive one of this version, and to let what runs end


def notify(*said: str) -> None:
    """Tell systemd, as STATUS=... and the like; nothing where it does not ask."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    name = f"\0{address[1:]}" if address[0] == "@" else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(1)
        sender.sendto("\n".join(said).encode(), name)


@contextmanager
def unwatched() -> Iterator[None]:
    """Be no more than an hour without a sign of life in the block, if systemd waits for such."""
    usual = os.environ.get("WATCHDOG_USEC", "")
    if not usual:
        yield
        return
    notify(f"WATCHDOG_USEC={_LONG * 1_000_000}")
    try:
        yield
    finally:
        notify(f"WATCHDOG_USEC={usual}", ALIVE)
