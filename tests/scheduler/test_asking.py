"""Asking: who is said to want our mails is asked once, and gets nothing else before they say so."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scheduler.asking import ask_pending
from scheduler.delivering import deliver
from scheduler.pace import Pace
from scheduler.settings import Database, Digest, Mail, Settings, Web
from storage.archive import Archive
from storage.errors import MailError
from storage.model import Series, SubscriberState
from tests import factories as make
from tests.mailbox import Mailbox, open_mailbox

SERIES = Series(topic=make.TOPIC)
AMAL, BRUNO = "amal@example.org", "bruno@example.org"
BASE = "https://rasid.example.org"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def settings(archive_url: str, mailbox: Mailbox, tmp_path: Path) -> Settings:
    mail = Mail(host="127.0.0.1", port=mailbox.port, security="none", sender="rasid@example.org")
    outbox = Digest(outbox=tmp_path / "outbox")
    return Settings(database=Database(url=archive_url), mail=mail, web=Web(base_url=BASE), digest=outbox)


def ask(archive: Archive, settings: Settings, now: datetime = make.NOW, **given: Any) -> Any:
    return ask_pending(archive, settings, lambda: now, **given)


def wants(archive: Archive, *addresses: str) -> None:
    archive.load_catalogue([make.source()], [make.topic()], [])
    for address in addresses:
        assert archive.subscribing.ask(address, SERIES, "fr", make.NOW)


def states(archive: Archive) -> dict[str, SubscriberState]:
    return {each.address: each.state for each in archive.subscribing.all()}


def test_who_is_pending_is_asked_once_and_subscribed_by_the_link(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    wants(archive, AMAL)
    assert ask(archive, settings).sent == 1
    assert ask(archive, settings, make.NOW + timedelta(days=2)).sent == 0
    (mail,) = mailbox.mails
    (subscriber,) = archive.subscribing.all()
    assert (mail.to, subscriber.state) == (AMAL, SubscriberState.PENDING)
    body = mail.message.get_body(("plain",))
    assert body is not None
    link = f"{BASE}/confirm/{subscriber.token}"
    assert link in body.get_content()
    assert archive.posting.store_issue(make.issue())
    assert deliver(archive, settings, lambda: make.NOW).sent == 0
    assert archive.subscribing.confirm(link.rpartition("/")[2]).state is SubscriberState.ACTIVE
    assert archive.posting.store_issue(make.issue("2026-W48"))
    assert deliver(archive, settings, lambda: make.NOW).sent == 1


def test_without_pages_nobody_is_asked(archive: Archive, settings: Settings, mailbox: Mailbox) -> None:
    wants(archive, AMAL)
    assert ask(archive, settings.model_copy(update={"web": Web()})).sent == 0
    assert not mailbox.mails
    assert ask(archive, settings).sent == 1


def test_without_a_mail_server_the_question_is_in_the_outbox(archive: Archive, settings: Settings) -> None:
    wants(archive, AMAL)
    sent = ask(archive, settings.model_copy(update={"mail": Mail(sender="rasid@example.org")}))
    (file,) = sent.outbox.iterdir()
    assert AMAL in file.name
    assert b"/confirm/" in file.read_bytes()


def test_one_that_is_refused_stops_no_other(archive: Archive, settings: Settings, mailbox: Mailbox) -> None:
    wants(archive, AMAL, BRUNO)
    mailbox.refuse(AMAL, 550)
    sent = ask(archive, settings)
    assert (sent.sent, len(sent.failed)) == (1, 1)
    mailbox.refuse(AMAL, 250)
    assert ask(archive, settings, make.NOW + timedelta(days=3)).sent == 0  # they had said no


def test_one_that_is_refused_for_now_is_asked_later_and_later_for_two_days(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    wants(archive, AMAL)
    mailbox.refuse(AMAL, 450)
    tries = [
        minutes
        for minutes in range(0, 3 * 24 * 60, 15)
        if ask(archive, settings, make.NOW + timedelta(minutes=minutes)).failed
    ]
    pauses = [later - sooner for sooner, later in pairwise(tries)]
    assert pauses[:3] == [15, 15, 30]
    assert pauses == sorted(pauses)
    assert max(pauses) == 240
    assert 48 * 60 <= tries[-1] < 52 * 60
    mailbox.refuse(AMAL, 250)
    assert ask(archive, settings, make.NOW + timedelta(days=5)).sent == 0


def test_while_the_server_is_away_all_wait(archive: Archive, settings: Settings, mailbox: Mailbox) -> None:
    wants(archive, AMAL)
    nobody = settings.mail.model_copy(update={"port": 1})
    with pytest.raises(MailError):
        ask(archive, settings.model_copy(update={"mail": nobody}))
    assert ask(archive, settings, make.NOW + timedelta(minutes=14)).sent == 0
    assert ask(archive, settings, make.NOW + timedelta(minutes=15)).sent == 1


def test_a_question_whose_asker_died_is_asked_by_another(archive: Archive, settings: Settings) -> None:
    wants(archive, AMAL)
    assert archive.subscribing.claim_question(make.NOW, timedelta(minutes=10)) is not None
    assert ask(archive, settings).sent == 0
    assert ask(archive, settings, make.NOW + timedelta(minutes=10)).sent == 1


def test_when_all_is_to_stop_who_was_not_asked_waits(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    wants(archive, AMAL, BRUNO)
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    assert ask(archive, settings, pace=Pace(1, stop)).sent == 1
    assert ask(archive, settings).sent == 1
    assert sorted(mail.to for mail in mailbox.mails) == [AMAL, BRUNO]
    assert set(states(archive).values()) == {SubscriberState.PENDING}
