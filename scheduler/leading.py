"""leading: of however many services of one archive one is at work; the others wait, and take over."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from storage.archive import Archive
from storage.errors import ArchiveError
from storage.model import Heartbeat

log = logging.getLogger(__name__)
ROLE = "scheduler"
BEAT = 5.0  # seconds between two signs of life, and between two tries to take over
Begin = Callable[[threading.Event], AbstractContextManager[None]]


def lead(archive: Archive, stop: threading.Event, begin: Begin, clock: Callable[[], datetime]) -> None:
    """Be at work whenever nobody else is, until `stop` is set.

    begin: what work is; the event it gets is set when it must end, and the end of its block waits for that.
    Raises ArchiveError if the archive cannot be used at first; later it is tried again and again.
    """
    is_first = True
    while not stop.is_set():
        try:
            with archive.running.lead() as holds:
                if holds is not None:
                    _work(archive, stop, begin, holds, clock)
                elif is_first:
                    log.info("another service is at work; this one takes over when it ends")
        except ArchiveError as error:
            if is_first:
                raise
            log.error("%s", error)
        is_first = False
        stop.wait(BEAT)


def _work(
    archive: Archive,
    stop: threading.Event,
    begin: Begin,
    holds: Callable[[], bool],
    clock: Callable[[], datetime],
) -> None:
    """Work until told to stop, or until it cannot be known that nobody else does."""
    over, since = threading.Event(), clock()
    with begin(over):
        try:
            while holds():
                _beat(archive, since, clock())
                if stop.wait(BEAT):
                    return
            log.error("the connection to the archive was lost; the timetable rests until it is there again")
        finally:
            over.set()


def _beat(archive: Archive, since: datetime, now: datetime) -> None:
    who = f"{socket.gethostname()}:{os.getpid()}"
    try:
        archive.running.beat(Heartbeat(role=ROLE, who=who, since=since, beat=now))
    except ArchiveError as error:  # what matters is whether the lock holds
        log.error("%s", error)
