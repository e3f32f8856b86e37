"""Moving: every row of an archive in another database of either kind, all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, select, text
from sqlalchemy.exc import OperationalError

from storage.archive import Archive
from storage.archive.engines import transaction
from storage.errors import ArchiveError
from storage.model import Series
from storage.tables import metadata
from tests import factories as make
from tests.conftest import _database
from tests.storage.rich import everything, fill

IMPATIENT = {"sqlite": "PRAGMA busy_timeout = 50", "postgresql": "SET lock_timeout = 50"}


@pytest.fixture(params=["sqlite", "postgresql"])
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without anything in it, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'target.db'}"
        return
    yield from _database(f"{request.getfixturevalue('postgresql_server')}_target", "template0")


def values(url: str) -> dict[str, list[str]]:
    """Every row of our tables as the values they stand for, whatever the database writes."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.connect() as connection:
            return {
                name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                for name, table in metadata.tables.items()
            }
    finally:
        engine.dispose()


def move(url: str, target: str, **more: Any) -> Any:
    with Archive(url) as archive, Archive(target) as new:
        return archive.keeping.move(new.keeping, make.NOW, **more)


def test_every_row_is_there_as_it_was(archive: Archive, archive_url: str, target_url: str) -> None:
    fill(archive)
    before = everything(archive_url)
    told = move(archive_url, target_url)
    assert everything(archive_url) == before
    assert values(target_url) == values(archive_url)
    assert all(values(target_url).values())
    assert told.rows == {name: len(rows) for name, rows in values(archive_url).items()}
    assert (told.indexed, told.schema, told.asked > 1) == (7, "0007", True)
    if archive_url.partition(":")[0] == target_url.partition(":")[0]:
        assert everything(target_url) == before
    with Archive(target_url) as new:
        new.check()
        assert new.keeping.findings() == ()


def test_there_and_back_again_is_the_same(sqlite_url: str, postgresql_url: str, tmp_path: Path) -> None:
    with Archive(sqlite_url) as archive:
        fill(archive)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    move(sqlite_url, postgresql_url)
    move(postgresql_url, back)
    assert everything(back) == everything(sqlite_url)


def test_numbers_that_were_given_are_not_given_again(
    archive: Archive, archive_url: str, target_url: str
) -> None:
    fill(archive)
    move(archive_url, target_url)
    with Archive(target_url) as new:
        again = make.accepted(make.article("example.ma/next"), seen=8)
        assert new.record(make.page("example.ma/next"), again) == 8
        added = new.subscribing.add("next@example.org", Series(topic=make.TOPIC), "fr", make.NOW)
        assert added.id == 4  # 3 was somebody else's


def test_what_holds_something_is_left_alone(archive: Archive, archive_url: str, target_url: str) -> None:
    with Archive(target_url) as new:
        new.upgrade()
        fill(new)
    before = everything(target_url)
    with pytest.raises(ArchiveError, match=r"target.*: holds articles \(7\), .*; name an empty database"):
        move(archive_url, target_url)
    assert everything(target_url) == before


def test_tables_of_others_are_left_alone(archive_url: str, target_url: str) -> None:
    with Archive(target_url) as new, transaction(new._writer) as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(ArchiveError, match="holds the table theirs of another program; name an empty"):
        move(archive_url, target_url)


def test_an_archive_without_rows_is_empty(archive: Archive, archive_url: str, target_url: str) -> None:
    fill(archive)
    with Archive(target_url) as new:
        new.upgrade()
        new.load_catalogue((make.source("third"),), (), ())
    move(archive_url, target_url)
    assert values(target_url) == values(archive_url)


def test_what_breaks_off_leaves_nothing_and_may_be_done_again(
    archive: Archive, archive_url: str, target_url: str
) -> None:
    fill(archive)

    def tell(name: str, done: int, of: int) -> None:
        if name == "search index":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(archive_url, target_url, tell=tell)
    with Archive(target_url) as new:
        assert new.keeping.portrait().schema is None
    move(archive_url, target_url)
    assert values(target_url) == values(archive_url)


def test_who_writes_meanwhile_waits_and_who_reads_does_not(
    archive: Archive, archive_url: str, target_url: str
) -> None:
    """A delivery that were marked as sent in the old archive alone would be mailed again by the new one."""
    fill(archive)
    refused: set[str] = set()

    def tell(name: str, done: int, of: int) -> None:
        with impatient(archive_url) as other:
            assert other.scalar(text("SELECT count(*) FROM deliveries"))
            with pytest.raises(OperationalError, match=r"locked|lock timeout"):
                other.execute(text("UPDATE deliveries SET state = 'sent' WHERE state = 'waiting'"))
        refused.add(name)

    told = move(archive_url, target_url, tell=tell)
    assert refused == {name for name, rows in told.rows.items() if rows} | {"search index"}
    assert values(target_url) == values(archive_url)
    with impatient(archive_url) as other:
        other.execute(text("UPDATE deliveries SET state = 'sent' WHERE state = 'waiting'"))


def test_an_archive_that_somebody_writes_to_is_not_moved(
    archive: Archive, archive_url: str, target_url: str
) -> None:
    fill(archive)
    with impatient(archive_url) as other:
        other.execute(text("UPDATE deliveries SET state = 'sent' WHERE state = 'waiting'"))
        with Archive(archive_url) as old, Archive(target_url) as new:
            hurry(old)
            with pytest.raises(ArchiveError, match=r"writing (to it; stop every rasid|for 30 s; try again)"):
                old.keeping.move(new.keeping, make.NOW)
            assert new.keeping.portrait().schema is None


def hurry(archive: Archive) -> None:
    """Let the archive's writer not wait for others."""

    def do(connection: Any, _: Any) -> None:
        connection.execute(IMPATIENT[archive._writer.dialect.name])
        connection.commit()

    event.listen(archive._writer, "connect", do)


@contextmanager
def impatient(url: str) -> Iterator[Connection]:
    """A connection that waits for nobody."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.connect() as connection:
            connection.execute(text(IMPATIENT[engine.dialect.name]))
            yield connection
    finally:
        engine.dispose()


def test_an_archive_that_is_not_in_order_is_not_moved(
    archive: Archive, archive_url: str, target_url: str
) -> None:
    fill(archive)
    with transaction(archive._writer) as connection:
        connection.execute(text("UPDATE articles SET copy_of = id WHERE id = 3"))
    with pytest.raises(ArchiveError, match=r"is not in order: article 3.*; see rasid db check"):
        move(archive_url, target_url)


def test_an_archive_is_not_moved_onto_itself(archive: Archive, archive_url: str, tmp_path: Path) -> None:
    for same in (archive_url, by_another_name(archive_url, tmp_path)):
        with pytest.raises(ArchiveError, match="is the archive itself; name another database"):
            move(archive_url, same)


def by_another_name(url: str, folder: Path) -> str:
    if url.startswith("postgresql"):
        return (
            url.replace("127.0.0.1", "localhost") if "127.0.0.1" in url else f"{url}?application_name=other"
        )
    (folder / "link").symlink_to(Path(url.removeprefix("sqlite:///")))
    return f"sqlite:///{folder / 'link'}"
