"""Rounds of deliveries: how they went is remembered, and one with nothing to send says nothing."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scheduler import timetable
from scheduler.batches import Batches
from scheduler.settings import Database, Digest, Mail, Settings
from scheduler.timetable import Job, forget_others, jobs_of
from storage.archive import Archive
from storage.errors import RasidError
from storage.model import JobRun, Series
from tests import factories as make
from tests.mailbox import open_mailbox


class Service:
    """A service that does everything itself, at the moment we say."""

    def __init__(self, archive: Archive, url: str, outbox: Path) -> None:
        self.archive, self.moment = archive, make.NOW
        self._url, self._outbox = url, outbox
        self.over = threading.Event()

    def jobs(self, port: int) -> tuple[Job, ...]:
        """Its jobs, where the mail server is at this port."""
        mail = Mail(host="127.0.0.1", port=port, security="none", sender="rasid@example.org")
        settings = Settings(database=Database(url=self._url), mail=mail, digest=Digest(outbox=self._outbox))
        batches = Batches(settings, self.over.is_set)
        return jobs_of(settings, self.archive, (), batches, self.over, self.clock)

    def clock(self) -> datetime:
        """The moment."""
        return self.moment

    def post(self, port: int) -> None:
        """The job that mails, five minutes later."""
        self.moment += timedelta(minutes=5)
        next(each for each in self.jobs(port) if each.name == "post").run(self.archive, self.clock)

    @property
    def runs(self) -> dict[str, JobRun]:
        """What is remembered."""
        return {each.name: each for each in self.archive.running.job_runs()}


@pytest.fixture
def service(archive: Archive, archive_url: str, tmp_path: Path) -> Service:
    archive.subscribing.add("amal@example.org", Series(topic=make.TOPIC), "fr", make.NOW)
    assert archive.posting.store_issue(make.issue(editions=(make.edition("fr"),)))
    return Service(archive, archive_url, tmp_path / "outbox")


def test_a_mail_server_that_cannot_be_used_is_told_of_until_it_can(service: Service) -> None:
    """Also while it is left alone after a try: the job itself has nothing to do then, and does that well."""
    service.post(port=9)
    assert "127.0.0.1:9" in service.runs["post"].error
    assert "127.0.0.1:9" in service.runs["deliver mails"].error
    for _ in range(2):
        service.post(port=9)
        assert service.runs["post"].error == ""
        assert "127.0.0.1:9" in service.runs["deliver mails"].error
    assert service.runs["deliver mails"].runs == 1
    with open_mailbox() as mailbox:
        service.post(mailbox.port)
        assert [each.to for each in mailbox.mails] == ["amal@example.org"]
        assert service.runs["deliver mails"].error == ""
        service.post(mailbox.port)
    assert service.runs["deliver mails"].runs == 2


def test_a_round_that_had_to_stop_says_nothing(service: Service) -> None:
    service.post(port=9)
    service.moment += timedelta(hours=1)
    service.over.set()
    with open_mailbox() as mailbox:
        service.post(mailbox.port)
        assert not mailbox.mails
    assert "127.0.0.1:9" in service.runs["deliver mails"].error
    assert service.runs["deliver mails"].runs == 1


def test_what_could_not_be_published_keeps_no_mail_waiting(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise RasidError("publishing: its process was killed")

    monkeypatch.setattr(timetable, "publish_aside", killed)
    with open_mailbox() as mailbox:
        service.post(mailbox.port)
        assert [each.to for each in mailbox.mails] == ["amal@example.org"]
    assert service.runs["post"].error == "publishing: its process was killed"
    service.moment += timedelta(days=7)
    assert service.archive.posting.store_issue(make.issue("2026-W48", editions=(make.edition("fr"),)))
    service.post(port=9)
    assert "127.0.0.1:9" in service.runs["post"].error
    assert sum("nothing published" in each for each in caplog.messages) == 2


def test_the_moment_of_the_digest_is_remembered_as_the_job_that_mails(service: Service) -> None:
    """Else one that did not go well would be told of until the next, a week later."""
    next(each for each in service.jobs(port=9) if each.name == "digest").run(service.archive, service.clock)
    assert set(service.runs) == {"deliver mails"}


def test_what_rounds_came_to_outlives_a_start(service: Service) -> None:
    service.post(port=9)
    service.archive.running.record_job("embroider", make.NOW, make.NOW)
    forget_others(service.archive, service.jobs(port=9))
    assert set(service.runs) == {"post", "deliver mails"}
