"""Upkeep: by hand and by the service; the commands of the database."""

import re
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler import upkeep
from scheduler.batches import Batches
from scheduler.settings import Database, Retention, Settings
from scheduler.timetable import jobs_of
from storage.archive import Archive
from storage.model import Rejected, Series
from tests import factories as make
from tests.commands import Home, one_line
from tests.storage.rich import everything, fill

LATER = make.NOW + timedelta(days=40)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A folder with a rich archive."""
    home = Home(tmp_path)
    home.configure('[database]\nurl = "sqlite:///rasid.db"\n')
    with Archive(url(home)) as archive:
        archive.upgrade()
        fill(archive)
    return home


def url(home: Home) -> str:
    return f"sqlite:///{home.folder / 'rasid.db'}"


def test_upkeep_forgets_what_the_settings_say_and_tidies(archive: Archive) -> None:
    archive.record(make.page("example.ma/old"), Rejected(reason="matches no topic"))
    archive.record_crawl(make.crawl_report())
    for days, forgotten in ((0, 0), (60, 0), (30, 1), (30, 0)):
        settings = Settings(database=Database(url="x"), archive=Retention(keep_rejected_days=days))
        steps = {each.name: each for each in upkeep.tidy(settings, archive, LATER)}
        assert steps["rejected pages"].said == f"{forgotten} old ones forgotten"
        assert not any(each.failed for each in steps.values())
        assert {"crawls", "snapshots"} < steps.keys()
        assert len(steps) > 5
    assert archive.due([make.link("example.ma/old")], LATER) == ()


def test_upkeep_forgets_who_never_confirmed(archive: Archive) -> None:
    archive.subscribing.ask("amal@example.org", Series(topic=make.TOPIC), "ar", make.NOW)
    steps = {each.name: each.said for each in upkeep.tidy(Settings(), archive, LATER)}
    assert steps["subscribers"] == "1 who never confirmed forgotten"
    assert archive.subscribing.all() == ()


def test_the_log_says_in_one_line_what_went_well(
    archive: Archive, archive_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings, over = Settings(database=Database(url=archive_url)), threading.Event()
    batches = Batches(settings, over.is_set)
    jobs = {each.name: each for each in jobs_of(settings, archive, (), batches, over, lambda: LATER)}
    with archive._writer.begin() as connection:
        connection.exec_driver_sql("DROP TABLE crawls")
    with caplog.at_level("INFO", "scheduler.timetable"):
        jobs["upkeep"].work()
    failed, well = [record.getMessage() for record in caplog.records]
    assert failed.startswith("upkeep what=crawls said=")
    assert (told := re.fullmatch(r"upkeep well=(\d+) steps=(\d+)", well))
    assert int(told[1]) == int(told[2]) - 1 > 5


def test_a_step_that_fails_stops_no_other(archive: Archive) -> None:
    with archive._writer.begin() as connection:
        connection.exec_driver_sql("DROP TABLE crawls")
    steps = {each.name: each for each in upkeep.tidy(Settings(), archive, LATER)}
    assert [each.name for each in steps.values() if each.failed] == ["crawls"]
    assert "rasid db upgrade" in steps["crawls"].said
    assert len(steps) > 5


def test_a_database_is_tidied_by_hand(home: Home) -> None:
    done = home.rasid("db", "tidy")
    assert done.exit_code == 0
    assert "write-ahead log" in done.out
    steps = home.rasid("db", "tidy", "--json").json
    assert {"name": "snapshots", "said": "0 old files deleted", "failed": False} in steps


def test_a_backup_is_written_and_restored(home: Home) -> None:
    before = everything(url(home))
    done = home.rasid("db", "backup", "backup.db")
    assert done.exit_code == 0, done.err
    assert "articles" in done.out
    assert "backup.db: written, " in done.out
    one_line(home.rasid("db", "backup", "backup.db"), "backup.db: is there already; name another file")
    one_line(home.rasid("db", "restore", "backup.db"), "rasid.db: holds articles (7), ", "--replace")
    home.rasid("subscribers", "remove", "reader0@example.org")
    told = home.rasid("db", "restore", "backup.db", "--replace", "--json").json
    assert (told["file"], told["schema"], told["rows"]["articles"]) == ("backup.db", "0007", 7)
    assert told["bytes"] == (home.folder / "backup.db").stat().st_size
    assert everything(url(home)) == before


def test_an_archive_in_use_is_not_replaced(home: Home) -> None:
    home.rasid("db", "backup", "backup.db")
    with Archive(url(home)) as service:
        service.check()
        one_line(
            home.rasid("db", "restore", "backup.db", "--replace"), "is in use; stop the service and every"
        )
        service.subscribing.remove("reader0@example.org")
    assert home.rasid("db", "restore", "backup.db", "--replace").exit_code == 0
    assert len(home.rasid("subscribers", "list", "--json").json) == 2


def test_what_an_old_archive_left_beside_it_is_not_taken_for_the_new_ones(home: Home) -> None:
    home.rasid("db", "backup", "backup.db")
    before = everything(url(home))
    database = home.folder / "rasid.db"
    with Archive(url(home)) as archive:
        archive.subscribing.remove("reader0@example.org")
        log = Path(f"{database}-wal").read_bytes()
        assert log
    database.unlink()
    Path(f"{database}-wal").write_bytes(log)
    assert home.rasid("db", "restore", "backup.db").exit_code == 0
    assert everything(url(home)) == before


def test_a_damaged_archive_is_replaced(home: Home) -> None:
    home.rasid("db", "backup", "backup.db")
    before = everything(url(home))
    database = home.folder / "rasid.db"
    content = database.read_bytes()
    database.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    database.chmod(0o640)
    one_line(
        home.rasid("db", "check"), "the file is damaged; put back a backup: rasid db restore FILE --replace"
    )
    one_line(home.rasid("db", "restore", "backup.db"), "the file is damaged")
    assert home.rasid("db", "restore", "backup.db", "--replace").exit_code == 0
    assert everything(url(home)) == before
    assert database.stat().st_mode & 0o777 == 0o640


def test_the_database_of_another_program_is_left_alone(home: Home) -> None:
    home.rasid("db", "backup", "backup.db")
    home.configure('[database]\nurl = "sqlite:///other.db"\n')
    with closing(sqlite3.connect(home.folder / "other.db")) as other:
        other.execute("CREATE TABLE mine (a)")
    done = home.rasid("db", "restore", "backup.db", "--replace")
    one_line(done, "other.db: holds tables of another program; change [database] url")


def test_check_tells_what_is_wrong(home: Home) -> None:
    assert home.rasid("db", "check").out == "the archive is there, of this version and in order\n"
    assert home.rasid("db", "check", "--json").json == {"findings": []}
    with closing(sqlite3.connect(home.folder / "rasid.db")) as other, other:
        other.execute("DELETE FROM article_fts WHERE rowid IN (SELECT serial FROM articles WHERE id = 5)")
    one_line(home.rasid("db", "check"), "article 5 is not in the search index; run: rasid db reindex")
    done = home.rasid("db", "check", "--json")
    assert done.exit_code == 1
    assert done.json["findings"][0]["remedy"] == "run: rasid db reindex"
    assert home.rasid("db", "reindex").out == "7 articles are in the search index\n"
    assert home.rasid("db", "reindex", "--json").json == {"articles": 7}
    assert home.rasid("db", "check").exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "[snapshots]\ndays = 30\n",
            "[snapshots] days: is called [archive] keep_snapshots_days now; rename it",
        ),
        ("[archive]\nkeep_rejected_days = 7\n", "[archive] keep_rejected_days: at least 28, which"),
        ("[archive]\nkeep_snapshots_days = -1\n", "[archive] keep_snapshots_days: "),
    ],
)
def test_a_setting_that_cannot_be_is_told(tmp_path: Path, content: str, said: str) -> None:
    home = Home(tmp_path)
    home.configure(content)
    one_line(home.rasid("db", "check"), said)


def test_a_variable_with_another_name_is_told(tmp_path: Path) -> None:
    home = Home(tmp_path, environment={"RASID_SNAPSHOTS__DAYS": "3"})
    home.configure("")
    said = "RASID_SNAPSHOTS__DAYS: is called RASID_ARCHIVE__KEEP_SNAPSHOTS_DAYS now; rename it"
    one_line(home.rasid("db", "check"), said)
