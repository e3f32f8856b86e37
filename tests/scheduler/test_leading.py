"""Of several services of one archive one is at work; another takes over when it ends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from scheduler import leading
from scheduler.leading import lead
from storage.archive import Archive
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
            lead(archive, self.stop, self.begin, now)


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
