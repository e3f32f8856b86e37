"""Several `rasid service` of one archive: one is at work, another takes over when it is killed."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from storage.archive import Archive
from storage.errors import ArchiveError
from storage.model import Heartbeat
from tests.commands import SEEDS, Home
from tests.waiting import until
from tests.web import Web, serve

TAKEOVER = timedelta(minutes=1)


@pytest.fixture
def web() -> Iterator[Web]:
    with serve() as web:
        web.keep(2)
        yield web


@pytest.fixture
def home(tmp_path: Path, web: Web, archive_url: str) -> Home:
    home = Home(tmp_path)
    database = f'[database]\nurl = "{archive_url}"\n'
    home.configure(f'{database}{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 0\n')
    return home


def leader(url: str) -> Heartbeat | None:
    with Archive(url) as archive:
        try:
            return archive.running.heartbeat("scheduler")
        except ArchiveError:
            return None


def is_lead_by(url: str, service: subprocess.Popen[str]) -> bool:
    """Whether a service said so in the last seconds."""
    last = leader(url)
    if last is None or not last.who.endswith(f":{service.pid}"):
        return False
    return last.beat > datetime.now(UTC) - timedelta(seconds=10)


def end(*services: subprocess.Popen[str]) -> None:
    for each in services:
        each.terminate()
    for each in services:
        each.communicate(timeout=40)


def test_a_second_service_stands_by_and_takes_over_from_one_that_is_killed(
    home: Home, web: Web, archive_url: str
) -> None:
    first = home.start("service")
    second = None
    try:
        until(lambda: is_lead_by(archive_url, first), seconds=60)
        second = home.start("service")
        assert second.stderr is not None
        assert "another service is at work" in second.stderr.readline()
        assert is_lead_by(archive_url, first)
        first.kill()
        killed = monotonic()
        until(lambda: is_lead_by(archive_url, second), seconds=TAKEOVER.total_seconds())
        assert monotonic() - killed < TAKEOVER.total_seconds()
    finally:
        end(*filter(None, (first, second)))
    assert second.returncode == 0


def test_a_service_that_was_killed_is_at_work_again_at_once(home: Home, archive_url: str) -> None:
    first = home.start("service")
    try:
        until(lambda: is_lead_by(archive_url, first), seconds=60)
    finally:
        first.kill()
        first.communicate(timeout=10)
    again = home.start("service")
    try:
        until(lambda: is_lead_by(archive_url, again), seconds=60)
    finally:
        end(again)
    assert again.returncode == 0
