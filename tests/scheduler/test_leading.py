"""Of several services of one archive one is at work; another takes over when it ends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from scheduler import leading
from scheduler.leading import lead
from storage.archive import Archive
from storage.errors import RasidError, Stopped
from tests.conftest import _ask
from tests.waiting import until


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Service:
    """A service that notes when it begins and ends."""

    url: str
    stop: threading.Event = field(default_factory=threading.Event)
    told: list[str] = field(default_factory=list)

    @contextmanager
    def begin(self, over: threading.Event) -> Iterator[None]:
        self.told.append("begun")
        try:
            yield
        finally:
            assert over.is_set()
            self.told.append("ended")

    def run(self) -> None:
        with Archive(self.url) as archive:
            lead(archive, self.stop, lambda over: self.begin(over), now)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Service]]:
    monkeypatch.setattr(leading, "BEAT", 0.1)
    services: list[tuple[Service, threading.Thread]] = []

    def starting(url: str) -> Service:
        service = Service(url)
        thread = threading.Thread(target=service.run)
        services.append((service, thread))
        thread.start()
        return service

    yield starting
    for service, thread in services:
        service.stop.set()
        thread.join(10)


def test_another_takes_over_when_the_one_at_work_ends(
    start: Callable[[str], Service], archive_url: str
) -> None:
    first = start(archive_url)
    until(lambda: first.told == ["begun"])
    second = start(archive_url)
    with Archive(archive_url) as archive:
        until(lambda: archive.running.heartbeat("scheduler") is not None)
        assert second.told == []
        first.stop.set()
        until(lambda: second.told == ["begun"])
        assert first.told == ["begun", "ended"]


def test_who_loses_the_database_ends_and_begins_again_when_it_is_back(
    start: Callable[[str], Service], postgresql_url: str
) -> None:
    service = start(postgresql_url)
    until(lambda: service.told == ["begun"])
    name = postgresql_url.rpartition("/")[2]
    _ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608
    until(lambda: service.told == ["begun", "ended", "begun"])


def test_who_cannot_begin_when_it_takes_over_tries_again(
    start: Callable[[str], Service],
    archive_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The first must not take its successor along, as one moment without memory would."""
    caplog.set_level("INFO")
    first = start(archive_url)
    until(lambda: first.told == ["begun"])
    second = start(archive_url)
    failures = [RasidError("reading sources and rules: its process was killed")]
    begins = second.begin

    def begin(over: threading.Event) -> AbstractContextManager[None]:
        if failures:
            raise failures.pop()
        return begins(over)

    monkeypatch.setattr(second, "begin", begin)
    until(lambda: "standing by" in caplog.text)
    first.stop.set()
    until(lambda: second.told == ["begun"])
    assert not failures


def test_who_is_told_to_stop_while_it_begins_ends_well(archive: Archive) -> None:
    stop = threading.Event()

    def begin(_: threading.Event) -> AbstractContextManager[None]:
        stop.set()
        raise Stopped("reading sources and rules: was asked to stop")

    lead(archive, stop, begin, now)


def test_who_cannot_begin_at_first_says_so(archive: Archive) -> None:
    def begin(_: threading.Event) -> AbstractContextManager[None]:
        raise RasidError("rules: wrong")

    with pytest.raises(RasidError, match="rules: wrong"):
        lead(archive, threading.Event(), begin, now)
