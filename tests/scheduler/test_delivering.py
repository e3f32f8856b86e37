"""Delivering: over a real mailbox and a real receiver of webhooks, until each has it or is given up."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import dkim
import pytest

from reports.hook import hook_id
from scheduler.delivering import Sent, deliver, deliver_mails, letter, mail_server
from scheduler.pace import Pace
from scheduler.settings import Database, Digest, Mail, Settings, Web
from storage.archive import Archive
from storage.errors import ConfigError, MailError, Unanswered
from storage.model import Delivery, DeliveryState, Series, Subscriber, SubscriberState
from tests import factories as make
from tests.factories import LEAVE
from tests.hooks import Receiver, open_receiver
from tests.mailbox import Mailbox, open_mailbox
from tests.reports.scripted import open_script
from tests.reports.test_signing import pem, record

SERIES = Series(topic=make.TOPIC)
AMAL, BRUNO = "amal@example.org", "bruno@example.org"
BASE = "https://rasid.example.org"
EDITIONS = tuple(
    make.edition(each, html=f'<p><a href="{LEAVE}">x</a></p>', text=f"x\n<{LEAVE}>\n")
    for each in ("ar", "fr")
)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with open_receiver() as opened:
        yield opened


@pytest.fixture
def settings(archive_url: str, mailbox: Mailbox, tmp_path: Path) -> Settings:
    mail = Mail(host="127.0.0.1", port=mailbox.port, security="none", sender="rasid@example.org")
    outbox = Digest(outbox=tmp_path / "outbox")
    return Settings(database=Database(url=archive_url), mail=mail, web=Web(base_url=BASE), digest=outbox)


def changed(settings: Settings, **changes: Any) -> Settings:
    return settings.model_copy(update={"mail": settings.mail.model_copy(update=changes)})


def subscribe(archive: Archive, *addresses: str) -> tuple[Subscriber, ...]:
    return tuple(archive.subscribing.add(each, SERIES, "fr", make.NOW) for each in addresses)


def publish(archive: Archive, name: str = "2026-W47", **changes: Any) -> None:
    assert archive.posting.store_issue(make.issue(name, **({"editions": EDITIONS} | changes)))


def send(archive: Archive, settings: Settings, after: timedelta = timedelta(), **given: Any) -> Sent:
    return deliver(archive, settings, lambda: make.NOW + after, **given)


def delivered(archive: Archive, name: str = "2026-W47") -> dict[str, Delivery]:
    return {each.address: each for each in archive.posting.deliveries(make.TOPIC, name)}


def states(archive: Archive) -> dict[str, SubscriberState]:
    return {each.address: each.state for each in archive.subscribing.all()}


def bodies(mail: Any) -> str:
    return "\n".join(part.get_content() for part in mail.message.iter_parts())


# leaving


def test_each_reader_gets_their_own_way_to_leave(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    readers = subscribe(archive, AMAL, BRUNO)
    publish(archive)
    assert send(archive, settings).sent == 2
    for reader, mail in zip(readers, mailbox.mails, strict=True):
        page = f"{BASE}/unsubscribe/{reader.token}"
        assert f"<{page}>" in mail.message["List-Unsubscribe"]
        assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert bodies(mail).count(page) == 2
        assert b"leave.invalid" not in mail.source


def test_without_pages_readers_leave_by_a_mail(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    subscribe(archive, AMAL)
    publish(archive)
    send(archive, settings.model_copy(update={"web": Web()}))
    (mail,) = mailbox.mails
    assert "List-Unsubscribe-Post" not in mail.message
    assert mail.message["List-Unsubscribe"].strip().startswith("<mailto:rasid@example.org?")
    assert bodies(mail).count("mailto:rasid@example.org?") == 2


def test_in_the_outbox_each_has_their_own_way_to_leave(archive: Archive, settings: Settings) -> None:
    (amal,) = subscribe(archive, AMAL)
    publish(archive)
    sent = send(archive, changed(settings, host="", a_minute=1))
    assert sent.outbox is not None
    (file,) = sent.outbox.iterdir()
    assert amal.token.encode() in file.read_bytes().replace(b"=\r\n", b"")
    assert b"leave.invalid" not in file.read_bytes()


def test_a_test_leads_nobody_out(settings: Settings) -> None:
    mail = letter(settings, EDITIONS[1], series=make.TOPIC, name="2026-W47", to=AMAL, now=make.NOW)
    source = mail.as_bytes()
    assert b"unsubscribe/" not in source
    assert b"leave.invalid" not in source
    assert b"List-Unsubscribe-Post" not in source


def test_who_has_left_gets_nothing_that_still_waits(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    amal, _ = subscribe(archive, AMAL, BRUNO)
    publish(archive)
    archive.subscribing.leave(amal.token)
    assert send(archive, settings).sent == 1
    assert [mail.to for mail in mailbox.mails] == [BRUNO]
    assert delivered(archive)[AMAL].state is DeliveryState.FAILED


# refusals


def test_what_is_not_taken_for_now_is_tried_for_two_days(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    subscribe(archive, AMAL, BRUNO)
    publish(archive)
    mailbox.refuse(AMAL, 450)
    tried = [hours for hours in range(72) if send(archive, settings, timedelta(hours=hours)).failed]
    assert tried == [0, 1, 2, 3, 5, *range(9, 50, 4)]  # the first hour that it is due in
    assert delivered(archive)[AMAL].state is DeliveryState.FAILED
    assert states(archive)[AMAL] is SubscriberState.ACTIVE  # a full mailbox is no wrong address
    assert [mail.to for mail in mailbox.mails] == [BRUNO]


def test_an_address_refused_three_issues_in_a_row_gets_nothing_more_until_it_is_added_again(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    subscribe(archive, AMAL, BRUNO)
    archive.subscribing.add("Amal@example.org", Series(topic="other"), "fr", make.NOW)
    mailbox.refuse(AMAL, 550)
    for week in (47, 48, 49):
        assert states(archive)[AMAL] is SubscriberState.ACTIVE
        publish(archive, f"2026-W{week}")
        tried = [hours for hours in range(0, 40, 5) if send(archive, settings, timedelta(hours=hours)).failed]
        assert tried == [0, 5, 10]
    assert states(archive) == {
        AMAL: SubscriberState.BOUNCING,
        BRUNO: SubscriberState.ACTIVE,
        "Amal@example.org": SubscriberState.BOUNCING,
    }
    mailbox.refuse(AMAL, 250)
    publish(archive, "2026-W50")
    assert send(archive, settings).sent == 1
    assert AMAL not in delivered(archive, "2026-W50")
    subscribe(archive, AMAL)
    publish(archive, "2026-W51")
    assert send(archive, settings).sent == 2


def test_a_mail_that_is_taken_forgives_those_that_were_not(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    subscribe(archive, AMAL)
    for week, code in ((47, 550), (48, 550), (49, 250), (50, 550), (51, 550)):
        mailbox.refuse(AMAL, code)
        publish(archive, f"2026-W{week}")
        for hours in (0, 5, 10):
            send(archive, settings, timedelta(hours=hours))
    assert states(archive)[AMAL] is SubscriberState.ACTIVE
    assert archive.subscribing.all()[0].bounces == 2


@pytest.mark.parametrize(
    "replies", [{"mail": "550 not you"}, {"connect": "554 away"}, {"rcpt": "421 closing"}, {"connect": None}]
)
def test_what_is_the_servers_fault_is_no_try_of_a_reader(
    archive: Archive, settings: Settings, mailbox: Mailbox, replies: dict[str, str | None]
) -> None:
    subscribe(archive, AMAL)
    publish(archive)
    with open_script(**replies) as script:
        for days in range(5):
            with pytest.raises(MailError):
                send(archive, changed(settings, port=script.port), timedelta(days=days))
    waiting = delivered(archive)[AMAL]
    assert (waiting.state, waiting.tries, waiting.begun) == (DeliveryState.WAITING, 0, None)
    mailbox.refuse(AMAL, 550)
    assert len(send(archive, settings, timedelta(days=6)).failed) == 1
    assert delivered(archive)[AMAL].state is DeliveryState.WAITING
    mailbox.refuse(AMAL, 250)
    assert send(archive, settings, timedelta(days=7)).sent == 1


def test_a_mail_that_may_have_been_taken_is_not_sent_for_ever(archive: Archive, settings: Settings) -> None:
    subscribe(archive, AMAL)
    publish(archive)
    with open_script(message=None) as script:
        lost = changed(settings, port=script.port)
        tried = 0
        for hours in range(0, 80, 4):
            try:
                send(archive, lost, timedelta(hours=hours))
            except Unanswered:
                tried += 1
    assert tried == 13
    assert delivered(archive)[AMAL].state is DeliveryState.FAILED


# pace


def test_mails_keep_the_pace_and_what_is_left_waits_when_all_is_to_stop(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    subscribe(archive, *(f"reader{at}@example.org" for at in range(5)))
    publish(archive)
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    begun = time.monotonic()
    sent = deliver_mails(archive, settings, lambda: make.NOW, pace=Pace(3, stop))
    assert sent.sent == len(mailbox.mails) == 3
    assert time.monotonic() - begun < 20
    assert {each.tries for each in delivered(archive).values()} == {0, 1}
    assert send(archive, settings).sent == 2  # at once: nobody has to wait for a lease
    assert mailbox.connections == 2


def test_who_has_waited_too_long_for_a_turn_leaves_the_mail_to_another(
    archive: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    subscribe(archive, AMAL)
    publish(archive)
    now = make.NOW

    class Slow(Pace):
        @contextmanager
        def turn(self) -> Iterator[bool]:
            nonlocal now
            now += timedelta(minutes=9)
            yield True

    assert deliver_mails(archive, settings, lambda: now, pace=Slow()).sent == 0
    assert not mailbox.mails
    assert send(archive, settings, timedelta(minutes=30)).sent == 1


# signatures


def test_mails_are_signed_where_a_key_is_set(
    archive: Archive, settings: Settings, mailbox: Mailbox, tmp_path: Path
) -> None:
    key = tmp_path / "dkim.pem"
    key.write_bytes(pem())
    subscribe(archive, AMAL, BRUNO)
    publish(archive)
    assert send(archive, changed(settings, dkim_key_file=key, dkim_selector="rasid")).sent == 2
    for mail in mailbox.mails:
        assert dkim.verify(mail.source, dnsfunc=lambda *_, **__: record())
        signed = mail.message["DKIM-Signature"]
        assert "list-unsubscribe-post" in signed.replace(" ", "")
        assert "d=example.org" in signed


@pytest.mark.parametrize("content", [None, b"", b"a secret that is no key"])
def test_a_key_that_cannot_be_used_is_told_in_a_line_and_nothing_is_lost(
    archive: Archive, settings: Settings, mailbox: Mailbox, tmp_path: Path, content: bytes | None
) -> None:
    key = tmp_path / "dkim.pem"
    if content is not None:
        key.write_bytes(content)
    subscribe(archive, AMAL)
    publish(archive)
    with pytest.raises(ConfigError, match=r"^\[mail\] dkim_key_file: .*dkim\.pem: .*; ") as error:
        send(archive, changed(settings, dkim_key_file=key, dkim_selector="rasid"))
    assert "a secret" not in str(error.value)
    assert delivered(archive)[AMAL].tries == 0
    with pytest.raises(ConfigError, match=r"^\[mail\] dkim_selector is not set; "):
        mail_server(changed(settings, dkim_key_file=key))
    assert send(archive, settings).sent == 1


# webhooks


def test_a_webhook_gets_an_issue_once(archive: Archive, settings: Settings, receiver: Receiver) -> None:
    archive.load_catalogue([make.source()], [make.topic()], [])
    archive.record(make.page(), make.accepted())
    (hook,) = subscribe(archive, receiver.url())
    publish(archive, told={1: 9.5, 404: 3.0})
    assert send(archive, settings).sent == 1
    assert send(archive, settings, timedelta(days=1)).sent == 0
    (post,) = receiver.posts
    told = json.loads(post.body)
    assert (told["series"], told["issue"], told["language"]) == (make.TOPIC, "2026-W47", "fr")
    assert [(each["headline"], each["importance"]) for each in told["stories"]] == [
        (make.article().title, 9.5)
    ]
    assert told["stories"][0]["url"] == f"{BASE}/stories/1"
    assert told["url"] == f"{BASE}/issues/{make.TOPIC}/2026-W47"
    assert hook.token not in post.body.decode()
    assert "leave.invalid" not in post.body.decode()
    assert post.headers["webhook-id"] == hook_id(make.TOPIC, "2026-W47", receiver.url())


def test_a_dead_webhook_stops_neither_mails_nor_webhooks(
    archive: Archive, settings: Settings, mailbox: Mailbox, receiver: Receiver
) -> None:
    receiver.answer(500, "/dead")
    subscribe(archive, receiver.url("/dead"), AMAL, "http://127.0.0.1:1/", receiver.url(), BRUNO)
    publish(archive)
    sent = send(archive, settings)
    assert (sent.sent, len(sent.failed)) == (3, 2)
    assert [mail.to for mail in mailbox.mails] == [AMAL, BRUNO]
    assert [post.path for post in receiver.posts] == ["/dead", "/hook"]
    receiver.answer(200, "/dead")
    assert send(archive, settings, timedelta(minutes=15)).sent == 1
    first, _, again = receiver.posts
    assert first.headers["webhook-id"] == again.headers["webhook-id"]


def test_webhooks_are_told_while_the_mail_server_is_away(
    archive: Archive, settings: Settings, receiver: Receiver
) -> None:
    subscribe(archive, AMAL, receiver.url())
    publish(archive)
    with pytest.raises(MailError):
        send(archive, changed(settings, port=1))
    assert len(receiver.posts) == 1
    assert send(archive, settings, timedelta(hours=1)).sent == 1


def test_a_webhook_that_names_a_time_is_tried_then(
    archive: Archive, settings: Settings, receiver: Receiver
) -> None:
    subscribe(archive, receiver.url())
    publish(archive)
    receiver.answer(429, Retry_After="7200")
    assert send(archive, settings).failed
    receiver.answer(200)
    assert send(archive, settings, timedelta(minutes=119)).sent == 0
    assert send(archive, settings, timedelta(minutes=120)).sent == 1


def test_a_webhook_that_is_gone_three_issues_in_a_row_gets_nothing_more(
    archive: Archive, settings: Settings, receiver: Receiver
) -> None:
    subscribe(archive, receiver.url())
    receiver.answer(410)
    for week in (47, 48, 49):
        publish(archive, f"2026-W{week}")
        assert len(send(archive, settings).failed) == 1
    assert len(receiver.posts) == 3
    assert states(archive)[receiver.url()] is SubscriberState.BOUNCING


@pytest.mark.parametrize(("status", "tries"), [(404, 3), (302, 3)])
def test_a_webhook_that_wants_no_such_thing_is_tried_three_times(
    archive: Archive, settings: Settings, receiver: Receiver, status: int, tries: int
) -> None:
    subscribe(archive, receiver.url())
    publish(archive)
    receiver.answer(status)
    for hours in range(0, 40, 5):
        send(archive, settings, timedelta(hours=hours))
    assert len(receiver.posts) == tries
    assert archive.subscribing.all()[0].bounces == 1


# secrets


def test_no_secret_is_told(
    archive: Archive,
    settings: Settings,
    mailbox: Mailbox,
    receiver: Receiver,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    key, password = tmp_path / "dkim.pem", tmp_path / "password"
    key.write_bytes(pem())
    password.write_text("right horse\n", encoding="utf-8")
    secret = changed(
        settings, dkim_key_file=key, dkim_selector="rasid", username="rasid", password_file=password
    )
    receiver.answer(500, "/services/sesame")
    readers = subscribe(archive, AMAL, receiver.url("/services/sesame"))
    publish(archive)
    with pytest.raises(MailError) as error:  # the mailbox knows no login
        send(archive, secret)
    sent = send(archive, changed(secret, username=""), timedelta(hours=1))
    assert (sent.sent, len(sent.failed)) == (1, 1)
    ours = "\n".join(each.getMessage() for each in caplog.records if each.name != "mail.log")  # the mailbox's
    told = "\n".join([ours, str(error.value), repr(mail_server(secret)), *sent.failed])
    told += "".join(each.error for each in delivered(archive).values())
    secrets = ["horse", "PRIVATE", "sesame", *(each.token for each in readers)]
    assert not [each for each in secrets if each in told]
