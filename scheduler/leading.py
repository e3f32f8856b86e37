"""leading: of however many services of one archive one is at work; the others wait, and take over."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta

from scheduler.notify import ALIVE, READY, STOPPING, notify, unwatched
from storage.archive import Archive
from storage.errors import ArchiveError, RasidError, Stopped
from storage.event import event
from storage.model import Heartbeat

log = logging.getLogger(__name__)
ROLE = "scheduler"
BEAT = 5.0  # seconds between two signs of life, and between two tries to take over
AT_WORK = timedelta(minutes=1)  # since its last sign of life somebody is taken to be at work
Begin = Callable[[threading.Event], AbstractContextManager[None]]


def lead(archive: Archive, stop: threading.Event, begin: Begin, clock: Callable[[], datetime]) -> None:
    """Be at work whenever nobody else is, until `stop` is set.

    begin: what work is; the event it gets is set when it must end, and the end of its block waits for that.
    Raises RasidError if that is of no use at first; later it is tried again and again.
    """
    is_first = True
    while not stop.is_set():
        try:
            with archive.running.lead() as holds:
                if holds is not None:
                    _work(archive, stop, begin, holds, clock)
                else:
                    _stand_by(is_first)
        except Stopped:  # before it had begun
            break
        except ArchiveError as error:
            if is_first:
                raise
            log.error(event("archive out of reach", error=error))
            notify(ALIVE, f"STATUS=the archive is out of reach: {error}")
        except RasidError as error:
            if is_first:
                raise
            log.error(event("not at work", again=BEAT, error=error))
            notify(ALIVE, f"STATUS=not at work: {error}")
        is_first = False
        stop.wait(BEAT)
    notify(STOPPING)


def _stand_by(is_first: bool) -> None:
    notify(READY, ALIVE, "STATUS=standing by: another service is at work")
    if is_first:
        log.info(event("standing by", remedy="another service is at work; this one takes over when it ends"))


def _work(
    archive: Archive,
    stop: threading.Event,
    begin: Begin,
    holds: Callable[[], bool],
    clock: Callable[[], datetime],
) -> None:
    """Work until told to stop, or until it cannot be known that nobody else does."""
    over = threading.Event()
    with ExitStack() as begun:
        with unwatched():  # it may take long to make an older archive one of this version
            begun.enter_context(begin(over))
        try:
            _keep_on(archive, stop, holds, clock)
        finally:
            over.set()
            with unwatched():
                begun.close()


def _keep_on(
    archive: Archive, stop: threading.Event, holds: Callable[[], bool], clock: Callable[[], datetime]
) -> None:
    since = clock()
    while holds():
        _beat(archive, since, clock())
        notify(READY, ALIVE, "STATUS=at work")
        if stop.wait(BEAT):
            notify(STOPPING, "STATUS=ending what runs")
            return
    log.error(event("connection lost", remedy="the timetable rests until the archive is there again"))


def _beat(archive: Archive, since: datetime, now: datetime) -> None:
    who = f"{socket.gethostname()}:{os.getpid()}"
    try:
        archive.running.beat(Heartbeat(role=ROLE, who=who, since=since, beat=now))
    except ArchiveError as error:  # what matters is whether the lock holds
        log.error(event("sign of life not stored", error=error))
