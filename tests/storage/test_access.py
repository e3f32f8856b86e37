"""What processes and machines agree on so that together they stay polite."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.model import RobotsFile
from tests.factories import NOW, link

HOUR = timedelta(hours=1)
HOLDER = """
import sys, time
from storage.archive import Archive
with Archive(sys.argv[1]) as archive, archive.access.turn(["b.test", "a.test"]) as mine:
    print(mine is not None, flush=True)
    time.sleep(60)
"""


def robots(origin: str = "https://a.test", body: str = "", fetched: datetime = NOW) -> RobotsFile:
    return RobotsFile(origin=origin, status=200, body=body, fetched=fetched)


def test_a_robots_file_is_good_for_a_day(archive: Archive) -> None:
    archive.access.keep_robots(robots(body="User-agent: *\x00\nDisallow: /مقال"))
    archive.access.keep_robots(kept := robots(body="User-agent: *\nDisallow: /مقال"))
    assert archive.access.robots_file("https://a.test", NOW + 23 * HOUR) == kept
    assert archive.access.robots_file("https://a.test", NOW + 24 * HOUR) is None
    assert archive.access.robots_file("http://a.test", NOW) is None


def test_a_host_nobody_asks_any_more_leaves_no_robots_file(archive: Archive) -> None:
    archive.access.keep_robots(robots())
    archive.access.keep_robots(robots("https://b.test", fetched=NOW + 24 * HOUR))
    assert archive.access.robots_file("https://a.test", NOW) is None
    assert archive.access.robots_file("https://b.test", NOW + 25 * HOUR) is not None


def test_a_host_gives_so_many_pages_a_day_whoever_asks(archive_url: str) -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    with Archive(archive_url) as one, Archive(archive_url) as other:
        assert one.access.may_fetch("a.test", 2, midnight)
        assert other.access.may_fetch("a.test", 2, midnight + 23 * HOUR)
        assert not one.access.may_fetch("a.test", 2, midnight + 23 * HOUR)
        assert one.access.may_fetch("a.test", 3, midnight + 23 * HOUR)
        assert one.access.may_fetch("b.test", 2, midnight)
        assert one.access.may_fetch("a.test", 2, midnight + 24 * HOUR)


def test_a_postponed_link_is_due_then_and_has_its_tries_before_it(archive: Archive) -> None:
    tried, fresh = link("https://a.test/1"), link("https://a.test/2")
    archive.begin_try(tried, NOW - 2 * HOUR)
    archive.access.postpone([tried, fresh], NOW + HOUR)
    assert archive.due([tried, fresh], NOW) == ()
    assert archive.retries("example", NOW) == ()
    assert archive.retries("example", NOW + HOUR) == (tried, fresh)
    archive.begin_try(tried, NOW + HOUR)
    archive.begin_try(tried, NOW + 3 * HOUR)
    assert archive.retries("example", NOW + 9 * HOUR) == (fresh,)


def test_hosts_are_crawled_by_one_at_a_time_all_of_them_or_none(archive_url: str) -> None:
    with Archive(archive_url) as one, Archive(archive_url) as other:
        with (
            one.access.turn(["a.test", "b.test", "a.test"]) as mine,
            other.access.turn(["c.test", "b.test"]) as theirs,
            other.access.turn(["c.test"]) as free,
        ):
            assert mine is not None
            assert mine()
            assert theirs is None
            assert free is not None
        with pytest.raises(KeyError), one.access.turn(["a.test"]):
            raise KeyError
        with other.access.turn(["a.test", "b.test", "c.test"]) as mine:
            assert mine


def test_a_killed_process_gives_its_hosts_back(archive_url: str) -> None:
    command = [sys.executable, "-c", HOLDER, archive_url]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder,
        Archive(archive_url) as other,
    ):
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with other.access.turn(["a.test"]) as mine:
            assert not mine
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        for _ in range(100):  # the server of PostgreSQL may need a moment to see it
            with other.access.turn(["a.test"]) as mine:
                if mine:
                    return
    raise AssertionError("the turn was never given back")


def test_no_lock_file_outlives_its_turn(sqlite_url: str) -> None:
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    with Archive(sqlite_url) as archive, archive.access.turn(["a.test:8080", "../x", "n" * 253]) as mine:
        assert mine
        assert sorted(each.name for each in folder.glob("*.lock"))[:2] == [
            "rasid.db...%2Fx.lock",
            "rasid.db.a.test%3A8080.lock",
        ]
    assert list(folder.glob("*.lock")) == []
