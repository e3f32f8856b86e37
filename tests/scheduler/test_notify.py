"""sd_notify: what systemd is told, over a real datagram socket."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from scheduler import leading
from scheduler.notify import ALIVE, READY, notify, unwatched
from storage.archive import Archive
from tests.commands import Home
from tests.reports.test_web_command import QUIET, running, stopped
from tests.scheduler.test_leading import now
from tests.waiting import until


class Systemd:
    """A socket that keeps what it is told."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)
        self.told: list[str] = []

    def has_heard(self, line: str) -> bool:
        """Whether a line has been told by now."""
        while True:
            try:
                self.told += self._socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return line in self.told

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    heard = Systemd(str(tmp_path / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    yield heard
    heard.close()


def test_a_path_is_told(systemd: Systemd) -> None:
    notify(READY, "STATUS=at work")
    assert systemd.has_heard("READY=1")
    assert systemd.told == ["READY=1", "STATUS=at work"]


def test_the_abstract_namespace_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"rasid-{uuid4().hex}"
    heard = Systemd(f"\0{name}")
    monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
    notify(READY)
    assert heard.has_heard("READY=1")
    heard.close()


@pytest.mark.parametrize("address", ["", "/no/such/socket", "@nobody-listens", "vsock:2:1234", "@"])
def test_where_nobody_listens_nothing_happens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify(READY)


def test_what_may_take_long_is_given_an_hour(systemd: Systemd, monkeypatch: pytest.MonkeyPatch) -> None:
    with unwatched():
        pass
    assert not systemd.has_heard(ALIVE)
    monkeypatch.setenv("WATCHDOG_USEC", "120000000")
    with pytest.raises(ZeroDivisionError), unwatched():
        raise ZeroDivisionError
    assert systemd.has_heard(ALIVE)
    assert systemd.told == ["WATCHDOG_USEC=3600000000", "WATCHDOG_USEC=120000000", ALIVE]


def test_who_works_and_who_stands_by_give_signs_of_life(
    archive_url: str, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leading, "BEAT", 0.05)
    with leading_one(archive_url) as work:
        until(lambda: systemd.has_heard("STATUS=at work") and systemd.told.count(ALIVE) > 3)
        assert systemd.told.index("READY=1") < systemd.told.index("STATUS=at work")
        with leading_one(archive_url) as standby:
            until(lambda: systemd.has_heard("STATUS=standing by: another service is at work"))
            systemd.told.clear()
            work.set()
            until(lambda: systemd.has_heard("STOPPING=1"))
            until(lambda: systemd.has_heard("STATUS=at work"))  # it has taken over
            assert not standby.is_set()


@contextmanager
def leading_one(url: str) -> Iterator[threading.Event]:
    stop = threading.Event()

    @contextmanager
    def begin(_over: threading.Event) -> Iterator[None]:
        yield

    def run() -> None:
        with Archive(url) as archive:
            leading.lead(archive, stop, begin, now)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(10)


def test_the_service_tells_that_it_works_and_that_it_stops(
    tmp_path: Path, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "120000000")
    home = Home(tmp_path / "home")
    home.configure(QUIET)
    with running(home, "service") as process:
        until(heard(systemd, "STATUS=at work"))
        assert not systemd.has_heard("STOPPING=1")
        stopped(process)
    assert systemd.has_heard("STOPPING=1")
    assert systemd.told[0] == "WATCHDOG_USEC=3600000000"  # while the archive is made
    assert systemd.told.index("WATCHDOG_USEC=120000000") < systemd.told.index("READY=1")
    assert os.environ["NOTIFY_SOCKET"]


def heard(systemd: Systemd, line: str) -> Callable[[], bool]:
    return lambda: systemd.has_heard(line)
