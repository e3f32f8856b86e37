"""Backups: every row as it was, made while others write, put back whole or not at all."""

import json
import resource
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any
from zipfile import ZipFile

import pytest

from storage.archive import Archive, indexing, schema
from storage.archive.engines import transaction
from storage.errors import ArchiveError, InputError
from storage.model import Series
from tests import factories as make
from tests.conftest import _database
from tests.storage.rich import everything, fill


@pytest.fixture
def file(archive: Archive, archive_url: str, tmp_path: Path) -> Path:
    """A backup of a rich archive."""
    fill(archive)
    archive.keeping.backup(tmp_path / "backup", make.NOW)
    return tmp_path / "backup"


def test_every_row_of_every_table_comes_back(archive: Archive, archive_url: str, file: Path) -> None:
    before = everything(archive_url)
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    archive.record(make.page("example.ma/new"), make.accepted(make.article("example.ma/new"), seen=8))
    archive.subscribing.remove("reader0@example.org")
    told = archive.keeping.restore(file, replace=True)
    assert everything(archive_url) == before
    assert told.rows == {name: len(rows) for name, rows in before.items() if name != "alembic_version"}


def test_a_backup_fills_a_database_without_schema(file: Path, archive_url: str, empty_url: str) -> None:
    before = everything(archive_url)
    with Archive(empty_url) as new:
        new.keeping.restore(file)
        assert everything(empty_url) == before
        assert new.keeping.findings() == ()
        assert new.story(2).id == new.article(1).story == 1
        again = make.accepted(make.article("example.ma/next"), seen=8)
        assert new.record(make.page("example.ma/next"), again) == 8
        assert (
            new.subscribing.add("next@example.org", Series(topic=make.TOPIC), "fr", make.NOW).id == 4
        )  # 3 was somebody else's


def test_an_index_that_is_there_is_not_made_anew(empty_url: str, tmp_path: Path) -> None:
    with Archive(empty_url) as new:
        new.create()
        fill(new)
        with transaction(new._writer) as connection:
            indexing.clear(connection)
        new.upgrade()
        new.keeping.backup(tmp_path / "backup", make.NOW)
        new.keeping.restore(tmp_path / "backup", replace=True)
        assert not everything(empty_url)["article_fts"]


@pytest.fixture
def empty_url(archive_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without schema, of the kind of the archive."""
    if archive_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    yield from _database(f"{request.getfixturevalue('postgresql_server')}_new", "template0")


def test_a_backup_is_of_one_moment_though_others_write(
    archive: Archive, archive_url: str, tmp_path: Path
) -> None:
    fill(archive)
    stop = Event()
    written: list[int | None] = []

    def write() -> None:
        while not stop.is_set():
            number = len(written)
            about = make.article(f"example.ma/busy/{number}", text="كلمات " * 500)
            written.append(archive.record(make.page(about.key), make.accepted(about, seen=8 + number)))

    writer = Thread(target=write)
    writer.start()
    try:
        while len(written) < 5:
            stop.wait(0.01)
        told = [archive.keeping.backup(tmp_path / f"backup{each}", make.NOW) for each in range(3)]
        assert len(written) > 8
    finally:
        stop.set()
        writer.join()
    for each in told:
        archive.keeping.restore(each.file, replace=True)
        found = everything(archive_url)
        assert {name: len(found[name]) for name in each.rows} == each.rows
        articles = len(found["articles"])
        assert articles == len(found["article_fts"]) == len(found["judgements"])
    assert told[0].rows["articles"] < told[2].rows["articles"]


def test_only_its_owner_may_read_a_backup(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {each.name for each in file.parent.iterdir()} <= {
        "backup",
        "rasid.db",
        "rasid.db-shm",
        "rasid.db-wal",
    }


def test_a_file_that_is_there_is_left_alone(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("mine")
    with pytest.raises(InputError, match="backup: is there already; name another file"):
        archive.keeping.backup(tmp_path / "backup", make.NOW)
    assert (tmp_path / "backup").read_text() == "mine"


def test_a_folder_that_is_not_there_is_told(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="backup: cannot be written: No such file or directory"):
        archive.keeping.backup(tmp_path / "no" / "backup", make.NOW)


def test_a_backup_that_breaks_off_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    before = set(tmp_path.iterdir())
    with (
        files_of_at_most(5_000),
        pytest.raises(ArchiveError, match=r"backup: (the backup|cannot be written)"),
    ):
        archive.keeping.backup(tmp_path / "backup", make.NOW)
    assert set(tmp_path.iterdir()) <= before


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As on a disk that is full, no file grows beyond that many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_archive_that_holds_something_is_left_alone(
    archive: Archive, archive_url: str, file: Path
) -> None:
    before = everything(archive_url)
    held = r"holds articles \(7\), stories \(6\), subscribers \(2\), issues \(1\); .*--replace"
    with pytest.raises(ArchiveError, match=held):
        archive.keeping.restore(file)
    assert everything(archive_url) == before


def test_an_archive_that_holds_nothing_may_be_filled(archive: Archive, archive_url: str, file: Path) -> None:
    before = everything(archive_url)
    with transaction(archive._writer) as connection:
        schema.downgrade(connection, "base")
        schema.upgrade(connection)
    archive.load_catalogue((make.source(),), (), ())
    archive.keeping.restore(file)
    assert everything(archive_url) == before


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_a_backup_of_an_older_schema_is_upgraded(
    archive: Archive, archive_url: str, tmp_path: Path, revision: str
) -> None:
    fill(archive)
    with transaction(archive._writer) as connection:
        schema.downgrade(connection, revision)
    told = archive.keeping.backup(tmp_path / "old", make.NOW)
    assert told.schema == revision
    archive.upgrade()
    before = everything(archive_url)
    archive.subscribing.remove("reader0@example.org")
    archive.keeping.restore(tmp_path / "old", replace=True)
    archive.check()
    after = everything(archive_url)
    for each in (before, after):
        each["subscribers"][:] = [row[:5] for row in each["subscribers"]]  # what follows has got new secrets
    assert after == before


def test_a_backup_of_a_newer_schema_is_refused(archive: Archive, archive_url: str, file: Path) -> None:
    if archive_url.startswith("sqlite"):
        version(file, "9999")
    else:
        rewrite(file, schema="9999")
    before = everything(archive_url)
    with pytest.raises(InputError, match=r"backup: .*newer version of Rasid \(schema 9999\); upgrade Rasid"):
        archive.keeping.restore(file, replace=True)
    assert everything(archive_url) == before


@pytest.mark.parametrize(("way", "place"), [("cut", 0.05), ("cut", 0.95), ("changed", 0.5), ("changed", 0.9)])
def test_a_damaged_backup_changes_nothing(
    archive: Archive, archive_url: str, file: Path, way: str, place: float
) -> None:
    content = bytearray(file.read_bytes())
    at = int(len(content) * place)
    if way == "cut":
        del content[at:]
    else:
        content[at : at + 4000] = b"\xff" * len(content[at : at + 4000])
    file.write_bytes(content)
    before = everything(archive_url)
    with pytest.raises(InputError, match=r"backup: is (damaged|no backup)"):
        archive.keeping.restore(file, replace=True)
    assert everything(archive_url) == before


@pytest.mark.parametrize(("key", "value"), [("rows", 8), ("sha256", "0" * 64)])
def test_a_table_that_is_not_what_the_manifest_says_is_refused(
    postgresql_url: str, tmp_path: Path, key: str, value: object
) -> None:
    file = tmp_path / "backup"
    with Archive(postgresql_url) as archive:
        archive.keeping.backup(file, make.NOW)
        with ZipFile(file) as whole:
            said = json.loads(whole.read("rasid-backup.json"))
        said["tables"][0][key] = value
        rewrite(file, **said)
        with pytest.raises(InputError, match=r"backup: is damaged or not whole \(\w+ is not what it was\)"):
            archive.keeping.restore(file)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schema": "0000x"}, "schema: 0000x is none of Rasid's"),
        ({"made": 7, "tables": 7}, "tables: not what it should be"),
        ({"tables": []}, "tables: not those of its schema"),
        ({"numbered": {"x y": [1, True]}}, "numbered.x y: not what it should be"),
    ],
)
def test_a_manifest_that_is_none_is_told_in_a_line(
    postgresql_url: str, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    file = tmp_path / "backup"
    with Archive(postgresql_url) as archive:
        archive.keeping.backup(file, make.NOW)
        rewrite(file, **changes, **({"numbered": {}} if "tables" in changes else {}))
        with pytest.raises(InputError) as told:
            archive.keeping.restore(file)
    why = f"(rasid-backup.json: {said})"
    assert str(told.value) == f"{file}: is damaged or not whole {why}; use another backup"


def test_one_byte_of_a_text_that_is_another_is_found(sqlite_url: str, tmp_path: Path) -> None:
    with Archive(sqlite_url) as archive:
        fill(archive)
        file = archive.keeping.backup(tmp_path / "backup", make.NOW).file
        content = file.read_bytes()
        file.write_bytes(content.replace("français".encode(), "françois".encode()))
        assert file.read_bytes() != content
        with pytest.raises(InputError, match=r"backup: is damaged or not whole .it is not what it was.;"):
            archive.keeping.restore(file, replace=True)
        file.write_bytes(content[: len(content) - len(content) % 4096])  # an SQLite file without the seal
        archive.keeping.restore(file, replace=True)
        assert archive.keeping.findings() == ()


def test_a_schema_that_never_was_is_told(sqlite_url: str, tmp_path: Path) -> None:
    with Archive(sqlite_url) as archive:
        file = archive.keeping.backup(tmp_path / "backup", make.NOW).file
        version(file, "0000x")
        with pytest.raises(InputError, match=r"backup: its schema \(0000x\) is none of Rasid's; use another"):
            archive.keeping.restore(file)


def test_what_is_no_backup_is_refused(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "diary"
    with pytest.raises(InputError, match="diary: cannot be read: No such file"):
        archive.keeping.restore(file)
    file.write_text("Dear diary")
    with pytest.raises(InputError, match="diary: is no backup of Rasid; give a file that rasid db backup"):
        archive.keeping.restore(file)
    with ZipFile(file, "w") as other:
        other.writestr("a", "b")
    with pytest.raises(InputError, match=r"diary: is (no backup of Rasid|a backup of PostgreSQL)"):
        archive.keeping.restore(file)


def test_a_backup_of_the_other_kind_is_told(sqlite_url: str, postgresql_url: str, tmp_path: Path) -> None:
    urls = {"SQLite": sqlite_url, "PostgreSQL": postgresql_url}
    for name, url in urls.items():
        with Archive(url) as one:
            one.keeping.backup(tmp_path / name, make.NOW)
    for name, other in (("SQLite", "PostgreSQL"), ("PostgreSQL", "SQLite")):
        said = f"{name}: is a backup of {name}, the archive is {other}; set .* rasid db move"
        with Archive(urls[other]) as one, pytest.raises(InputError, match=said):
            one.keeping.restore(tmp_path / name)


def test_an_empty_database_has_nothing_to_back_up(empty_url: str, tmp_path: Path) -> None:
    with (
        Archive(empty_url) as empty,
        pytest.raises(ArchiveError, match="holds no archive; nothing to back up"),
    ):
        empty.keeping.backup(tmp_path / "backup", make.NOW)


def version(file: Path, name: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute("UPDATE alembic_version SET version_num = ?", (name,))
    connection.commit()
    connection.close()


def rewrite(file: Path, **changes: object) -> None:
    """The backup with a manifest that says otherwise."""
    with ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    said = json.loads(members["rasid-backup.json"]) | changes
    with ZipFile(file, "w") as archive:
        for name, content in (members | {"rasid-backup.json": json.dumps(said).encode()}).items():
            archive.writestr(name, content)
