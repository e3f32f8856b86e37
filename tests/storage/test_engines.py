"""What is wrong with a database is said in one line, without the password, and nothing promised is lost."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, event, make_url, text

from storage.archive import Archive
from storage.archive.engines import POOL, transaction
from storage.errors import ArchiveError
from tests import factories as make
from tests.conftest import SERVER, _ask


def complaint(url: str) -> str:
    """What opening and checking an archive says."""
    with pytest.raises(ArchiveError) as caught, Archive(url) as archive:
        archive.check()
    said = str(caught.value)
    assert "\n" not in said
    assert "s3cret" not in said
    return said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "mysql://root:s3cret@localhost/rasid",
            "mysql is not a database we know; use sqlite:///FILE or postgresql",
        ),
        ("oracle+x://a:s3cret@b", "is not a database we know"),
        ("no url, s3cret", "is not a database URL; use sqlite:///FILE"),
        ("", "is not a database URL"),
        ("sqlite://", "SQLite needs a file, as in sqlite:///rasid.db"),
        ("sqlite:////no/such/directory/rasid.db", "there is no directory /no/such/directory; create it"),
        ("postgresql://rasid:s3cret@127.0.0.1:9/rasid", "no server answers there; start it or change"),
        ("postgresql://rasid:s3cret@host.invalid/rasid", "the host is not known; change"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_with_the_remedy(url: str, said: str) -> None:
    assert said in complaint(url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rasid.db"
    path.write_text("Dear diary, " * 100)
    assert complaint(f"sqlite:///{path}").endswith("is not an SQLite database; change [database] url")


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    assert "cannot be opened" in complaint(f"sqlite:///{tmp_path}")


def test_a_database_that_is_not_there_is_told(postgresql_server: str) -> None:
    url = make_url(SERVER).set(database=f"{postgresql_server}_absent")
    said = complaint(url.render_as_string(hide_password=False))
    assert "there is no such database or user; create it" in said


def test_readers_do_not_wait_for_a_writer(archive: Archive) -> None:
    with transaction(archive._writer) as connection:
        connection.exec_driver_sql(
            "INSERT INTO pauses (source, until) VALUES ('example', '2026-11-18 09:00:00')"
        )
        assert archive.health() == ()
    assert len(archive.health()) == 1


def test_readers_can_write_nothing(archive: Archive) -> None:
    refused = "may not be written|takes no writes"
    with pytest.raises(ArchiveError, match=refused), transaction(archive._reader) as connection:
        connection.execute(text("DELETE FROM state"))


def keep(archive: Archive, number: int, size: int = 10) -> int | None:
    """Record an article whose text has so many words."""
    about = make.article(f"example.ma/{number}", text=f"كلمة{number} " * size)
    return archive.record(make.page(about.key), make.accepted(about, seen=number))


def kept(archive: Archive) -> int:
    """How many articles there are, each of them whole and found."""
    assert archive.keeping.findings() == ()
    with transaction(archive._reader) as connection:
        found = connection.scalar(text("SELECT count(*) FROM articles"))
    assert found == sum(len(some) for some in archive.judging.articles())
    return found or 0


def fill_up(archive: Archive) -> int:
    """Record until there is no room, which is said in one line; how many were promised to be kept."""
    promised: list[int | None] = []
    with pytest.raises(ArchiveError, match=r": the disk is full; free some space$"):
        promised.extend(keep(archive, number, 3000) for number in range(1000))
    return len(promised)


def on_each_connection(engine: Engine, *statements: str) -> None:
    def run(connection: Any, _record: Any) -> None:
        for statement in statements:
            connection.execute(statement)

    event.listen(engine, "connect", run)


def test_a_full_database_file_loses_nothing(sqlite_url: str) -> None:
    with Archive(sqlite_url) as archive:
        on_each_connection(archive._writer, "PRAGMA max_page_count = 400")
        promised = fill_up(archive)
    with Archive(sqlite_url) as archive:
        assert kept(archive) == promised
        assert keep(archive, promised) is not None


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may make a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    url = f"sqlite:///{small_disk / 'rasid.db'}"
    room = small_disk / "room"
    room.write_bytes(bytes(400_000))
    with Archive(url) as archive:
        archive.upgrade()
        promised = fill_up(archive)
        with pytest.raises(
            ArchiveError, match=r"backup: (the backup was not made|cannot be written): .* full"
        ):
            archive.keeping.backup(small_disk / "backup", make.NOW)
        assert {each.name.partition("-")[0] for each in small_disk.iterdir()} == {"rasid.db", "room"}
        assert keep_all(archive, promised)
        room.unlink()
        assert keep(archive, promised) is not None
        assert kept(archive) == promised + 1


def keep_all(archive: Archive, promised: int) -> bool:
    return sum(len(some) for some in archive.judging.articles()) == promised


@contextmanager
def failing(archive: Archive, code: str, message: str) -> Iterator[None]:
    """Let PostgreSQL itself refuse to add articles, with an error of its own."""
    refuse = f"BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = '{code}'; END"
    with transaction(archive._writer) as connection:
        said = f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $${refuse}$$"
        connection.exec_driver_sql(said)
        on = "CREATE TRIGGER refuse AFTER INSERT ON bands FOR EACH ROW EXECUTE FUNCTION refuse()"
        connection.exec_driver_sql(on.replace("bands", "judgements"))
    yield
    with transaction(archive._writer) as connection:
        connection.exec_driver_sql("DROP FUNCTION refuse CASCADE")


@pytest.mark.parametrize(
    ("code", "message", "said"),
    [
        ("53100", 'could not extend file "base/5/1": No space left on device', "the disk is full; free some"),
        ("53100", "could not write to file", "the disk is full; free some space"),
        ("40P01", "deadlock detected", "another process was in the way; try again"),
        (
            "25006",
            "cannot execute INSERT in a read-only transaction",
            "the server takes no writes, as a standby",
        ),
    ],
)
def test_what_postgresql_cannot_write_loses_nothing(
    postgresql_url: str, code: str, message: str, said: str
) -> None:
    with Archive(postgresql_url) as archive:
        keep(archive, 0)
        with failing(archive, code, message), pytest.raises(ArchiveError, match=said):
            keep(archive, 1)
        assert kept(archive) == 1
        assert keep(archive, 1) is not None


HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(archive: Archive, url: str) -> Iterator[None]:
    """Another process is writing."""
    if not url.startswith("sqlite"):
        with Archive(url) as other, transaction(other._writer) as connection:
            connection.execute(text("LOCK TABLE articles"))
            yield
        return
    command = [sys.executable, "-c", HOLD, url.removeprefix("sqlite:///")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate()


def test_a_database_that_another_one_holds_is_told(archive: Archive, archive_url: str) -> None:
    impatient = "PRAGMA busy_timeout = 300" if archive_url.startswith("sqlite") else "SET lock_timeout = 300"
    on_each_connection(archive._writer, impatient)
    with (
        held(archive, archive_url),
        pytest.raises(ArchiveError, match="has been writing for 30 s; try again"),
    ):
        keep(archive, 0)
    assert keep(archive, 0) is not None
    assert kept(archive) == 1


def end_connections(url: str) -> None:
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
    _ask(ended.format(make_url(url).database))


def test_a_connection_that_ended_between_two_calls_is_made_anew(postgresql_url: str) -> None:
    with Archive(postgresql_url) as archive:
        keep(archive, 0)
        archive.check()
        end_connections(postgresql_url)
        keep(archive, 1)
        archive.check()
        assert kept(archive) == 2


def test_a_connection_that_ends_within_a_call_is_told_and_nothing_is_written(postgresql_url: str) -> None:
    def ended() -> None:
        with transaction(archive._writer) as connection:
            connection.execute(text("DELETE FROM pages"))
            end_connections(postgresql_url)
            connection.execute(text("DELETE FROM articles"))

    with Archive(postgresql_url) as archive:
        keep(archive, 0)
        with pytest.raises(ArchiveError, match="the server ended the connection; try again"):
            ended()
        assert kept(archive) == 1


def test_a_server_without_room_for_us_is_told(postgresql_url: str) -> None:
    role = f"{make_url(postgresql_url).database}_crowded"
    _ask(f"CREATE ROLE {role} LOGIN PASSWORD 's3cret' CONNECTION LIMIT 0")
    try:
        url = make_url(postgresql_url).set(username=role, password="s3cret")
        assert "the server has no connection left for us; raise its max_connections" in complaint(
            url.render_as_string(hide_password=False)
        )
    finally:
        _ask(f"DROP ROLE {role}")


def test_thirty_at_once_are_all_served_and_connections_given_back(archive: Archive, archive_url: str) -> None:
    together = Barrier(30)

    def ask(number: int) -> None:
        together.wait()
        for turn in range(10):
            archive.access.pause(f"source{number}", make.NOW if turn % 2 else None)
            archive.entry_state("https://example.ma/feed")

    with ThreadPoolExecutor(30) as threads:
        assert len(list(threads.map(ask, range(30)))) == 30
    with transaction(archive._reader) as connection:
        assert connection.scalar(text("SELECT count(*) FROM pauses")) == 30
    if archive_url.startswith("postgresql"):
        assert archive._writer.pool.checkedin() <= POOL  # type: ignore[attr-defined]
