"""Watching the sources: judge, note, tell the operator. What the service does every few minutes.

A notice is claimed before it goes out and marked after: of two services one tells it, and a crash between the
two repeats it once at most, under the same Message-ID.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from reports.mail import Post
from reports.notice import notice
from reports.outbox import write_outbox
from scheduler.delivering import mail_server
from scheduler.health.judging import judge_all
from scheduler.health.notices import LOST_AFTER, due_notices
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError
from storage.event import event
from storage.model import Source, Standing

LEASE = timedelta(minutes=10)  # far longer than one mail takes
_PAUSE = timedelta(minutes=15)  # after the mail server could not be used
KEPT = timedelta(days=90)  # crawls
log = logging.getLogger(__name__)


def watch(archive: Archive, settings: Settings, sources: Iterable[Source], now: datetime) -> None:
    """Judge the enabled sources, note it, and tell the operator what there is to tell, in one mail.

    Raises MailError or ConfigError if nothing can be sent; it is due again after 15 minutes.
    """
    known = {each.source: each for each in archive.watching.standings()}
    enabled = (each for each in sources if each.enabled)
    standings = judge_all(enabled, archive.health(), known.values(), now)
    archive.watching.note(standings)
    wanted = {each.source: each for each in due_notices(standings, known, settings.health.after)}
    claimed = archive.watching.begin_notice(wanted, now, LEASE) if wanted else ()
    for each in claimed:
        if each.begun > LOST_AFTER:
            log.error(event("notice given up", source=each.source, error="it was cut off twice"))
    _tell(archive, settings, tuple(wanted[each.source] for each in claimed if each.begun <= LOST_AFTER), now)
    archive.watching.end_notice(wanted[each.source] for each in claimed)


def forget_crawls(archive: Archive, now: datetime) -> int:
    """Forget the crawls of more than 90 days ago; how many there were."""
    return archive.watching.forget_crawls(now - KEPT)


def _tell(archive: Archive, settings: Settings, standings: tuple[Standing, ...], now: datetime) -> None:
    for each in standings:
        level = logging.ERROR if each.state.is_bad else logging.WARNING
        said = {"state": each.state, "since": each.since, "why": each.why or None}
        log.log(level, event("source stands", source=each.source, **said))
    if not (standings and settings.mail.operator):
        return
    names = {each.id: each.name for each in archive.sources()}
    mail = notice(standings, names, sender=settings.mail.sender, operator=settings.mail.operator, now=now)
    try:
        server = mail_server(settings)
        if server is None:
            write_outbox(settings.digest.outbox, mail, f"notice {mail['Message-ID'].strip('<>')}")
            return
        with Post(server) as post:
            post.send(mail, settings.mail.operator)
    except RasidError:
        archive.watching.put_off_notice(standings, now + _PAUSE)
        raise
