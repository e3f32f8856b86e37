"""readiness: whether the database, its schema, a scheduler and the mail server are there; for /readyz."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from reports.mail import Post
from reports.readiness import Check, Checks
from scheduler.hiding import hiding
from scheduler.leading import AT_WORK, ROLE
from scheduler.mailing import mail_server
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError

MAIL_SEEN = timedelta(minutes=1)  # what the mail server said is remembered so long
DATABASE_SEEN = timedelta(seconds=1)  # what waits for it once need not wait three times
SECONDS = 3.0  # to wait for each reply of the mail server: who asks for /readyz does not wait long
Clock = Callable[[], datetime]
Look = Callable[[], Check]


def checks(settings: Settings, archive: Archive, clock: Clock = lambda: datetime.now(UTC)) -> Checks:
    """What is looked at, by name. None of it raises, changes anything or says a secret."""
    hide = hiding(settings.log.secrets)
    database = Remembered(_told(lambda: _database(archive), hide), clock, DATABASE_SEEN).look
    mail = Remembered(_told(lambda: _mail(settings), hide), clock, MAIL_SEEN).look
    return {
        "database": database,
        "migrations": _told(lambda: _once(database, lambda: _migrations(archive)), hide),
        "scheduler": _told(lambda: _once(database, lambda: _scheduler(archive, clock())), hide),
        "mail": mail,
    }


@dataclass(slots=True)
class Remembered:
    """A look that is taken once in a while, whoever asks and however often."""

    _look: Look
    _clock: Clock
    _span: timedelta
    _one: threading.Lock = field(default_factory=threading.Lock)
    _seen: tuple[datetime, Check] | None = None

    def look(self) -> Check:
        """What was seen lately, else what is seen now."""
        with self._one:
            if self._seen is None or not timedelta() <= self._clock() - self._seen[0] < self._span:
                seen = self._look()
                self._seen = (self._clock(), seen)
            return self._seen[1]


def _told(look: Look, hide: Callable[[str], str]) -> Look:
    def told() -> Check:
        try:
            return look()
        except RasidError as error:
            return Check(False, hide(str(error)))

    return told


def _once(database: Look, look: Look) -> Check:
    return look() if database().ready else Check(False, "not known while the database does not answer")


def _database(archive: Archive) -> Check:
    archive.running.greet()
    return Check(True, "answers")


def _migrations(archive: Archive) -> Check:
    archive.check()
    return Check(True, "of this version")


def _scheduler(archive: Archive, now: datetime) -> Check:
    seen = archive.running.heartbeat(ROLE)
    if seen is None:
        return Check(False, "none was ever at work here; start: rasid service")
    if now - seen.beat >= AT_WORK:
        since = f"{seen.beat:%Y-%m-%d %H:%M:%S} UTC"
        return Check(False, f"no sign of life of {seen.who} since {since}; see its log, start: rasid service")
    return Check(True, f"{seen.who} is at work")


def _mail(settings: Settings) -> Check:
    server = mail_server(settings)
    if server is None:
        return Check(True, f"[mail] host is not set: mails are written to {settings.digest.outbox}")
    with Post(replace(server, timeout=SECONDS)) as post:
        post.greet()
    return Check(True, f"{server} answers")
