"""Rounds of deliveries: what is due of mails, webhooks and questions is handed over by whoever's turn it is.

How a round went is remembered as a job of its own. A round in which nothing was due is none: it does not say
that something could have been sent.
"""

from datetime import datetime

from crawler.clock import Clock
from scheduler.asking import ask_pending
from scheduler.delivering import Sent, deliver_hooks, deliver_mails
from scheduler.pace import Pace
from scheduler.settings import Settings
from scheduler.telling import tell_sent
from storage.archive import Archive
from storage.errors import RasidError

PARTS = ("mails", "webhooks", "questions")


def is_due(archive: Archive, settings: Settings, part: str, now: datetime) -> bool:
    """Whether one of PARTS has something to be delivered by now."""
    if part == "questions":
        return bool(settings.web.base_url) and archive.subscribing.has_question(now)
    return archive.posting.is_due(now, webhooks=part == "webhooks")


def deliver_due(archive: Archive, settings: Settings, part: str, clock: Clock, pace: Pace) -> None:
    """Deliver what of one of PARTS is due, if anything is, and remember how it went.

    Raises RasidError where it did not go well; what was not delivered waits. A round that had to stop before
    anything was tried, or left all to others, is none.
    """
    begun = clock()
    if pace.is_over or not is_due(archive, settings, part, begun):
        return
    error: str | None = "broke off"
    try:
        sent = _delivered(archive, settings, part, clock, pace)
        tell_sent(sent)
        error = "" if sent.sent or sent.failed else None
    except RasidError as failure:
        error = str(failure)
        raise
    finally:
        if error is not None:
            archive.running.record_job(job_of(part), begun, clock(), error)


def _delivered(archive: Archive, settings: Settings, part: str, clock: Clock, pace: Pace) -> Sent:
    if part == "questions":
        return ask_pending(archive, settings, clock, pace)
    deliver = deliver_hooks if part == "webhooks" else deliver_mails
    return deliver(archive, settings, clock, pace=pace)


def job_of(part: str) -> str:
    """The name under which rounds are remembered."""
    return f"deliver {part}"
