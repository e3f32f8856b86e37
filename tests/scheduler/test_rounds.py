"""Rounds of deliveries: how they went is remembered, and one with nothing to send says nothing."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scheduler.batches import Batches
from scheduler.settings import Database, Digest, Mail, Settings
from scheduler.timetable import Job, forget_others, jobs_of
from storage.archive import Archive
from storage.model import JobRun, Series
from tests import factories as make
from tests.mailbox import open_mailbox


class Service:
    """A service that does everything itself, at the moment we say."""

    def __init__(self, archive: Archive, url: str, outbox: Path) -> None:
        self.archive, self.moment = archive, make.NOW
        self._url, self._outbox = url, outbox

    def jobs(self, port: int) -> tuple[Job, ...]:
        """Its jobs, where the mail server is at this port."""
        mail = Mail(host="127.0.0.1", port=port, security="none", sender="rasid@example.org")
        settings = Settings(database=Database(url=self._url), mail=mail, digest=Digest(outbox=self._outbox))
        over = threading.Event()
        return jobs_of(settings, self.archive, (), Batches(settings, over.is_set), over, self.clock)

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


def test_what_rounds_came_to_outlives_a_start(service: Service) -> None:
    service.post(port=9)
    service.archive.running.record_job("embroider", make.NOW, make.NOW)
    forget_others(service.archive, service.jobs(port=9))
    assert set(service.runs) == {"post", "deliver mails"}
