"""The operator is told once of a source in trouble, and once when it is over; all at once in one mail."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from scheduler.health.watching import LEASE, forget_crawls, watch
from scheduler.settings import Database, Digest, Health, Mail, Settings
from storage.archive import Archive
from storage.errors import MailError
from storage.model import State
from tests import factories as make
from tests.mailbox import Mailbox, open_mailbox
from tests.scheduler.histories import DOWN, HOUR, REFUSED, UNREADABLE

OPERATOR = "amal@example.org"
SOURCES = (
    make.source("one", name="الأولى"),
    make.source("two", name="Le Deux"),
    make.source("off", enabled=False),
)
WELL: dict[str, Any] = {"new": 1}


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def archive(sqlite_url: str) -> Iterator[Archive]:
    with Archive(sqlite_url) as opened:
        yield opened


@pytest.fixture
def settings(sqlite_url: str, mailbox: Mailbox, tmp_path: Path) -> Settings:
    mail = Mail(
        host="127.0.0.1", port=mailbox.port, security="none", sender="rasid@example.org", operator=OPERATOR
    )
    return Settings(database=Database(url=sqlite_url), mail=mail, digest=Digest(outbox=tmp_path / "outbox"))


class Round:
    """The hours of a service: what each crawl comes to, then a look."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self.archive, self.settings, self.now = archive, settings, make.NOW
        archive.load_catalogue(SOURCES, [], [])

    def crawl(self, told: dict[str, Any], *names: str, times: int = 1) -> datetime:
        """Crawls an hour apart, each followed by a look, and a look more."""
        for _ in range(times):
            self.now += HOUR
            for name in names or ("one",):
                report = make.crawl_report(name, **({"started": self.now, "finished": self.now} | told))
                self.archive.record_crawl(report)
            self.look()
        self.look()
        return self.now

    def look(self) -> None:
        watch(self.archive, self.settings, SOURCES, self.now)


@pytest.fixture
def service(archive: Archive, settings: Settings) -> Round:
    return Round(archive, settings)


def test_three_crawls_in_trouble_are_one_mail_and_the_end_of_it_is_another(
    service: Round, mailbox: Mailbox
) -> None:
    service.crawl(WELL)
    service.crawl(REFUSED, times=2)
    assert mailbox.mails == []
    service.crawl(REFUSED, times=4)
    (mail,) = mailbox.mails
    assert (mail.to, mail.message["Subject"]) == (OPERATOR, "Rasid: 1 source needs a look (one)")
    text = " ".join(mail.message.get_content().split())
    assert "- one (\u2068الأولى\u2069): blocked since 2026-11-18 11:00 UTC, 3 crawls" in text
    assert "https://example.ma/feed: HTTP 403; the site refuses us" in text
    service.crawl(WELL, times=4)
    _, well = mailbox.mails
    assert well.message["Subject"] == "Rasid: 1 source is out of trouble (one)"


def test_a_restart_tells_nothing_again(service: Round, mailbox: Mailbox, sqlite_url: str) -> None:
    service.crawl(DOWN, times=3)
    with Archive(sqlite_url) as reopened:
        again = Round(reopened, service.settings)
        again.now = service.now
        again.crawl(DOWN, times=3)
    assert len(mailbox.mails) == 1


def test_sources_in_trouble_at_the_same_moment_are_one_mail(service: Round, mailbox: Mailbox) -> None:
    service.crawl(DOWN, "one", "two", "off", times=5)
    (mail,) = mailbox.mails
    assert mail.message["Subject"] == "Rasid: 2 sources need a look (one, two)"


@pytest.mark.parametrize(
    ("first", "then", "mails"),
    [
        (DOWN, REFUSED, 2),
        (DOWN, UNREADABLE, 2),
        (REFUSED, DOWN, 1),
        (REFUSED, UNREADABLE, 1),
        (UNREADABLE, DOWN, 1),
    ],
)
def test_trouble_that_changes_is_told_again_only_if_it_became_clear(
    service: Round, mailbox: Mailbox, first: dict[str, Any], then: dict[str, Any], mails: int
) -> None:
    service.crawl(first, times=3)
    service.crawl(then, times=3)
    service.crawl(first, times=3)
    assert len(mailbox.mails) == mails


def test_a_source_that_comes_and_goes_is_told_once(service: Round, mailbox: Mailbox) -> None:
    for _ in range(3):
        service.crawl(DOWN, times=3)
        service.crawl(WELL)
    assert len(mailbox.mails) == 1


def test_the_number_of_crawls_is_a_setting(service: Round, mailbox: Mailbox) -> None:
    service.settings = service.settings.model_copy(update={"health": Health(after=1)})
    service.crawl(DOWN)
    assert len(mailbox.mails) == 1


def test_what_the_server_could_not_take_is_sent_later(service: Round, mailbox: Mailbox) -> None:
    service.crawl(DOWN, times=2)
    mailbox.refuse(OPERATOR, 451)
    with pytest.raises(MailError, match=r"451"):
        service.crawl(DOWN)
    mailbox.refuse(OPERATOR, 250)
    service.look()
    assert mailbox.mails == []  # not at once
    service.now += timedelta(minutes=15)
    service.look()
    service.look()
    assert len(mailbox.mails) == 1


def test_a_notice_cut_off_by_a_crash_is_sent_again_and_a_third_time_never(
    service: Round, mailbox: Mailbox
) -> None:
    service.crawl(DOWN, "one", "two", times=2)
    service.archive.watching.begin_notice(["one", "two"], service.now, LEASE)  # and dies
    service.archive.watching.begin_notice(["two"], service.now + LEASE, LEASE)  # dies again
    service.crawl(DOWN, "one", "two", times=2)
    (mail,) = mailbox.mails
    assert mail.message["Subject"] == "Rasid: 1 source needs a look (one)"
    assert {each.told for each in service.archive.watching.standings()} == {State.FAILING}


def test_two_services_tell_it_once(service: Round, mailbox: Mailbox) -> None:
    service.crawl(DOWN, times=2)
    service.now += HOUR
    assert service.archive.watching.begin_notice(["one"], service.now, LEASE)  # by the other one
    service.archive.record_crawl(replace(service.archive.health()[0].crawls[0], finished=service.now))
    service.look()
    assert mailbox.mails == []


def test_without_a_mail_server_the_notice_is_written_to_the_outbox(service: Round) -> None:
    mail = Mail(sender="rasid@example.org", operator=OPERATOR)
    service.settings = service.settings.model_copy(update={"mail": mail})
    service.crawl(DOWN, times=5)
    (path,) = service.settings.digest.outbox.iterdir()
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert (message["To"], message.get_content_type()) == (OPERATOR, "text/plain")


def test_without_an_operator_the_log_says_it_once(
    service: Round, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    service.settings = service.settings.model_copy(update={"mail": Mail()})
    service.crawl(DOWN, times=5)
    service.crawl(WELL, times=3)
    assert [(each.levelno, each.getMessage()) for each in caplog.records] == [
        (
            logging.ERROR,
            "source stands source=one state=failing since=2026-11-18T10:00:00+00:00"
            ' why="https://example.ma/feed: timeout; no answer within 30 s"',
        ),
        (logging.WARNING, "source stands source=one state=healthy since=2026-11-18T15:00:00+00:00"),
    ]
    assert mailbox.mails == []


def test_old_crawls_are_forgotten(archive: Archive) -> None:
    for days in (1, 89, 91, 400):
        archive.record_crawl(make.crawl_report(finished=make.NOW - timedelta(days=days)))
    assert forget_crawls(archive, make.NOW) == 2
    (health,) = archive.health()
    assert (len(health.crawls), len(health.days)) == (2, 2)
