"""Backups by the service, and before an upgrade: made where there is room; the oldest of them go."""

import os
import shutil
import signal
import stat
import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from sqlalchemy import text

from scheduler import backing_up
from scheduler.batches import Batches
from scheduler.settings import Backups, Database, Settings
from scheduler.timetable import jobs_of
from storage.archive import Archive, schema
from storage.archive.engines import transaction
from storage.errors import ArchiveError
from tests import factories as make
from tests.commands import RASID, SEEDS, Home, one_line
from tests.storage.rich import everything, fill
from tests.storage.test_backups import files_of_at_most
from tests.storage.test_migrations import REVISIONS
from tests.waiting import until

CONTENT = (
    '[database]\nurl = "{url}"\n{seeds}[crawl]\ncontact = "tests@example.org"\nroute = "http://127.0.0.1:9"\n'
)


def chosen(url: str, directory: Path, **more: int) -> Settings:
    return Settings(database=Database(url=url), backups=Backups(directory=directory, **more))


@pytest.fixture
def settings(archive: Archive, archive_url: str, tmp_path: Path) -> Settings:
    fill(archive)
    return chosen(archive_url, tmp_path / "backups", keep=2)


def names(settings: Settings) -> list[str]:
    return sorted(each.name for each in settings.backups.directory.iterdir())


def older(archive: Archive, revision: str) -> None:
    with transaction(archive._writer) as connection:
        schema.downgrade(connection, revision)


def is_of(archive: Archive) -> str | None:
    return archive.keeping.portrait().schema


def ending(settings: Settings) -> str:
    return "sqlite" if settings.database.url.startswith("sqlite") else "zip"


def test_the_newest_are_kept_and_no_other_file_is_touched(archive: Archive, settings: Settings) -> None:
    others = {"rasid-before-0007-20200101T000000Z.zip", "notes.txt", "rasid-20200101T000000Z.zip.old"}
    settings.backups.directory.mkdir()
    for name in others:
        (settings.backups.directory / name).touch()
    (settings.backups.directory / "rasid-20200101T000000Z.zip").mkdir()  # no file
    for days in range(4):
        backing_up.back_up(settings, archive, make.NOW + timedelta(days=days))
    kept = {f"rasid-{make.NOW + timedelta(days=days):%Y%m%dT%H%M%SZ}.{ending(settings)}" for days in (2, 3)}
    assert set(names(settings)) == others | kept | {"rasid-20200101T000000Z.zip"}


def test_a_backup_can_be_restored_and_is_for_its_owner_alone(
    archive: Archive, archive_url: str, settings: Settings
) -> None:
    before = everything(archive_url)
    told = backing_up.back_up(settings, archive, make.NOW)
    assert stat.S_IMODE(settings.backups.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(told.file.stat().st_mode) == 0o600
    archive.subscribing.remove("reader0@example.org")
    archive.keeping.restore(told.file, replace=True)
    assert everything(archive_url) == before


def test_what_a_killed_one_has_left_goes_a_day_later(archive: Archive, settings: Settings) -> None:
    settings.backups.directory.mkdir()
    left = settings.backups.directory / ".rasid-20261101T000000Z.zip.4711.part"
    left.touch()
    os.utime(left, times=(make.NOW.timestamp(), make.NOW.timestamp()))
    backing_up.back_up(settings, archive, make.NOW + timedelta(hours=1))
    assert left.exists()
    backing_up.back_up(settings, archive, make.NOW + timedelta(hours=25))
    assert not left.exists()


def test_a_disk_without_room_is_one_line(archive: Archive, settings: Settings, tmp_path: Path) -> None:
    large = replace(archive.keeping.portrait(), bytes=10**18)
    said = r"backups: .* GB are free, a backup needs 1,200,000,000\.0 GB; free some space, or change"
    with pytest.raises(ArchiveError, match=said):
        backing_up.require_room(settings.backups.directory, large)
    backing_up.require_room(settings.backups.directory, archive.keeping.portrait())


def test_a_backup_that_breaks_off_deletes_no_other(archive: Archive, settings: Settings) -> None:
    for days in range(2):
        backing_up.back_up(settings, archive, make.NOW + timedelta(days=days))
    before = names(settings)
    with files_of_at_most(5_000), pytest.raises(ArchiveError):
        backing_up.back_up(settings, archive, make.NOW + timedelta(days=2))
    assert names(settings) == before


def test_a_directory_that_cannot_be_written_is_one_line(archive: Archive, settings: Settings) -> None:
    settings.backups.directory.write_text("a file")
    with pytest.raises(ArchiveError, match=r"backups: cannot be written: .*; let rasid write there"):
        backing_up.back_up(settings, archive, make.NOW)


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_older_archive_is_backed_up_then_upgraded(
    archive: Archive, archive_url: str, settings: Settings, revision: str
) -> None:
    older(archive, revision)
    told = backing_up.upgrade(settings, archive, make.NOW)
    assert told is not None
    assert told.schema == revision
    assert names(settings) == [f"rasid-before-0007-{make.NOW:%Y%m%dT%H%M%SZ}.{ending(settings)}"]
    assert is_of(archive) == "0007"
    assert archive.keeping.findings() == ()
    after = everything(archive_url)
    archive.keeping.restore(told.file, replace=True)
    again = everything(archive_url)
    for each in (after, again):
        each["subscribers"][:] = [row[:5] for row in each["subscribers"]]  # what follows has got new secrets
    assert after == again
    assert backing_up.upgrade(settings, archive, make.NOW) is None


def test_what_holds_nothing_needs_no_backup(archive: Archive, archive_url: str, tmp_path: Path) -> None:
    settings = chosen(archive_url, tmp_path / "backups")
    older(archive, "0003")
    assert backing_up.upgrade(settings, archive, make.NOW) is None
    assert is_of(archive) == "0007"
    assert not settings.backups.directory.exists()


def test_without_a_backup_nothing_is_upgraded(archive: Archive, settings: Settings) -> None:
    older(archive, "0005")
    settings.backups.directory.write_text("a file")
    with pytest.raises(ArchiveError, match=r"cannot be written: .*; nothing is upgraded without a backup"):
        backing_up.upgrade(settings, archive, make.NOW)
    assert is_of(archive) == "0005"
    assert backing_up.upgrade(settings, archive, make.NOW, backup=False) is None
    assert is_of(archive) == "0007"


def test_who_is_at_work_is_not_upgraded_under(archive: Archive, settings: Settings) -> None:
    older(archive, "0006")
    with archive.running.lead() as holds:
        assert holds
        with (
            Archive(settings.database.url) as other,
            pytest.raises(ArchiveError, match="a service is at work on this archive; stop it"),
            backing_up.alone(other, patience=0),
        ):
            pytest.fail("not alone")
    with backing_up.alone_if_older(archive):
        backing_up.upgrade(settings, archive, make.NOW)


def test_the_service_makes_a_backup_every_so_many_days(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    now = [make.NOW]

    def clock() -> datetime:
        return now[0]

    over = threading.Event()
    batches = Batches(settings, over.is_set)
    jobs = {each.name: each for each in jobs_of(settings, archive, (), batches, over, clock)}
    for hours, number in ((0, 1), (1, 1), (23, 1), (24, 2), (30, 2)):
        now[0] = make.NOW + timedelta(hours=hours)
        jobs["backup"].run(archive, clock)
        assert len(names(settings)) == number
    shutil.rmtree(settings.backups.directory)
    settings.backups.directory.write_text("a file")
    now[0] += timedelta(days=2)
    jobs["backup"].run(archive, clock)
    [told] = [each for each in archive.running.job_runs() if each.name == "backup"]
    assert "cannot be written" in told.error
    none = chosen(settings.database.url, tmp_path, days=0)
    assert "backup" not in {each.name for each in jobs_of(none, archive, (), batches, over, clock)}


def home_of(settings: Settings, folder: Path) -> Home:
    home = Home(folder)
    home.configure(CONTENT.format(url=settings.database.url, seeds=SEEDS))
    return home


def test_rasid_db_upgrade_does_the_same(archive: Archive, settings: Settings, tmp_path: Path) -> None:
    home = home_of(settings, tmp_path)
    older(archive, "0004")
    archive.close()
    done = home.rasid("db", "upgrade")
    assert done.exit_code == 0, done.err
    assert "the archive as it was (schema 0004)" in done.out
    [name] = names(settings)
    assert name.startswith("rasid-before-0007-")
    assert home.rasid("db", "upgrade").out == "the archive is of this version\n"
    older(archive, "0006")
    archive.close()
    shutil.rmtree(settings.backups.directory)
    settings.backups.directory.write_text("a file")
    one_line(home.rasid("db", "upgrade"), "nothing is upgraded without a backup", "--no-backup")
    assert home.rasid("db", "upgrade", "--no-backup").exit_code == 0
    assert is_of(archive) == "0007"


def test_two_services_at_once_back_up_and_upgrade_once(
    archive: Archive, archive_url: str, settings: Settings, tmp_path: Path
) -> None:
    home = home_of(settings, tmp_path)
    older(archive, "0002")
    archive.close()
    services = [home.start("service") for _ in range(2)]
    try:
        with Archive(archive_url) as seen:
            until(lambda: is_of(seen) == "0007", pause=0.5)
            until(lambda: seen.running.heartbeat("scheduler") is not None, pause=0.2)
            seen.keeping.findings()
    finally:
        for each in services:
            each.send_signal(signal.SIGTERM)
        told = [each.communicate(timeout=60)[1] for each in services]
    assert [each.returncode for each in services] == [0, 0], told
    assert sum("upgrade begins schema=0002 to=0007" in each for each in told) == 1, told
    before = [each for each in names(settings) if each.startswith("rasid-before-")]
    assert len(before) == 1


def test_a_newer_service_waits_for_an_older_one(
    archive: Archive, archive_url: str, settings: Settings, tmp_path: Path
) -> None:
    home = home_of(settings, tmp_path)
    older(archive, "0006")
    with archive.running.lead() as holds:
        assert holds
        service = home.start("service")
        try:
            assert service.stderr is not None
            assert "another service is at work" in _line_with(service, "another service")
            assert is_of(archive) == "0006"
        except BaseException:
            service.kill()
            raise
    try:
        with Archive(archive_url) as seen:
            until(lambda: is_of(seen) == "0007", pause=0.2)
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=60)
    assert service.returncode == 0


def _line_with(service: "Popen[str]", words: str) -> str:
    assert service.stderr is not None
    return next((line for line in service.stderr if words in line), "")


KILLED = """
import os, signal, sys
from sqlalchemy import event
from storage.archive import Archive, indexing

archive = Archive(sys.argv[1])

@event.listens_for(archive._writer, "after_cursor_execute")
def die(connection, cursor, statement, *_):
    if sys.argv[2] in " ".join(statement.split()):
        print("killed", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

archive.upgrade()
"""


@pytest.mark.parametrize(
    "at", ["CREATE TABLE heartbeats", "DELETE FROM article_fts", "UPDATE alembic_version"]
)
def test_an_upgrade_that_is_killed_leaves_the_archive_as_it_was(
    archive: Archive, archive_url: str, settings: Settings, at: str
) -> None:
    older(archive, "0003")
    before = everything(archive_url)
    archive.close()
    child = Popen([sys.executable, "-c", KILLED, archive_url, at], stdout=PIPE, cwd=RASID.parent)
    out, _ = child.communicate(timeout=60)
    assert out == b"killed\n"
    assert child.returncode == -signal.SIGKILL
    assert everything(archive_url) == before
    assert is_of(archive) == "0003"
    archive.upgrade()
    assert is_of(archive) == "0007"
    assert archive.keeping.findings() == ()
    with transaction(archive._reader) as connection:
        assert connection.scalar(text("SELECT count(*) FROM articles")) == 7
