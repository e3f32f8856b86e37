"""What is wrong with a database is said in one line, without the password."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.archive import Archive
from storage.archive.engines import transaction
from storage.errors import ArchiveError
from tests.conftest import SERVER


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
