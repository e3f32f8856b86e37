"""rasid db move, as a user runs it: told what to do next; killed at any moment it leaves nothing."""

import signal
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

import pytest

from storage.archive import Archive
from tests.commands import RASID, Home, one_line
from tests.conftest import _database
from tests.storage.rich import everything, fill
from tests.storage.test_moving import values


@pytest.fixture
def target_url(archive_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of the other kind."""
    if archive_url.startswith("postgresql"):
        yield f"sqlite:///{tmp_path / 'target.db'}"
        return
    yield from _database(f"{request.getfixturevalue('postgresql_server')}_target", "template0")


@pytest.fixture
def home(archive: Archive, archive_url: str, tmp_path: Path) -> Home:
    fill(archive)
    archive.close()
    home = Home(tmp_path)
    home.configure(f'[database]\nurl = "{archive_url}"\n')
    return home


def test_an_archive_is_moved_and_the_settings_changed(
    home: Home, archive_url: str, target_url: str, tmp_path: Path
) -> None:
    before = everything(archive_url)
    done = home.rasid("db", "move", target_url)
    assert done.exit_code == 0, done.err
    assert "Now set [database] url to it, run rasid db check, and start the service." in done.out
    assert everything(archive_url) == before
    home.configure(f'[database]\nurl = "{target_url}"\n')
    assert home.rasid("db", "check").exit_code == 0
    told = home.rasid("show", "1", "--json").json
    assert told["id"] == 1
    one_line(home.rasid("db", "move", archive_url), "holds articles (7), ", "; name an empty database")


def test_it_says_so_as_json_and_hides_the_password(home: Home, target_url: str) -> None:
    secret = target_url.replace("postgres@", "postgres:right-horse@")
    done = home.rasid("db", "move", secret, "--json")
    assert done.json["rows"]["articles"] == done.json["indexed"] == 7
    assert done.json["target"].replace(":***", "") == target_url.removeprefix("sqlite:///")
    assert "horse" not in done.out + done.err


def test_an_archive_that_somebody_works_on_is_not_moved(
    home: Home, archive: Archive, target_url: str
) -> None:
    with archive.running.lead() as holds:
        assert holds
        one_line(home.rasid("db", "move", target_url), "a service is at work on this archive; stop it")
    with Archive(target_url) as new:
        assert new.keeping.portrait().schema is None


def test_a_database_that_is_not_there_is_one_line(home: Home, tmp_path: Path) -> None:
    nowhere = home.rasid("db", "move", "postgresql://postgres@127.0.0.1:1/rasid")
    one_line(nowhere, "no server answers there; start it or change URL")
    one_line(home.rasid("db", "move", f"sqlite:///{tmp_path}/no/rasid.db"), "there is no directory")
    one_line(home.rasid("db", "move", "oracle://x"), "URL: oracle is not a database we know")
    one_line(home.rasid("db", "move", "target.db"), "URL is not a database URL; use sqlite:///FILE")


KILLED = """
import os, signal, sys
from sqlalchemy import event
from storage.archive import Archive, moving
from tests.factories import NOW

def die(name, done, of):
    if name == sys.argv[3]:
        print("killed", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

Archive(sys.argv[1]).keeping.move(Archive(sys.argv[2]).keeping, NOW, die)
"""


@pytest.mark.parametrize("at", ["articles", "deliveries", "search index"])
def test_a_move_that_is_killed_leaves_nothing(home: Home, archive_url: str, target_url: str, at: str) -> None:
    arguments = [str(RASID.with_name("python")), "-c", KILLED, archive_url, target_url, at]
    child = Popen(arguments, stdout=PIPE, stderr=DEVNULL)
    out, _ = child.communicate(timeout=60)
    assert (out, child.returncode) == (b"killed\n", -signal.SIGKILL)
    with Archive(target_url) as new:
        assert new.keeping.portrait().schema is None
    assert home.rasid("db", "move", target_url).exit_code == 0
    assert values(target_url) == values(archive_url)
