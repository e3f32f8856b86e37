"""The schema: up, down and up again, and the same as the tables."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from storage.archive import Archive, engines, schema
from storage.errors import ArchiveError
from storage.model import Mark, Rejected, Relevance
from storage.tables import metadata
from tests.factories import NOW, TOPIC, accepted, link, page


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    writer, reader = engines.open_engines(empty_url)
    yield writer
    writer.dispose()
    reader.dispose()


def test_migrations_go_up_down_and_up_again(engine: Engine) -> None:
    for step in ("head", "base", "head"):
        with engine.begin() as connection:
            schema.downgrade(connection, step) if step == "base" else schema.upgrade(connection)
            left = set(inspect(connection).get_table_names()) - {"alembic_version", "sqlite_sequence"}
            assert bool(left) == (step == "head")


def test_what_is_archived_survives_the_way_down_and_up(engine: Engine, empty_url: str) -> None:
    other = "example.ma/?p=2"
    rejected = link("example.ma/news/2", aliases=(other,))
    with Archive(empty_url) as archive:
        archive.upgrade()
        number = archive.record(page(), accepted())
        assert number is not None
        archive.judging.mark(Mark(topic=TOPIC, key=link().key, relevance=Relevance.IRRELEVANT, made=NOW))
        archive.record(page(link=rejected), Rejected(reason="matches no topic"))
        with engine.begin() as connection:
            schema.downgrade(connection, "0002")
        archive.upgrade()
        [judged] = archive.article(number).judgements
        assert (judged.relevance, judged.ruled) == (Relevance.RELEVANT, None)
        [[lost]] = archive.judging.rejected()  # once, though under two keys
        assert (lost.link.url, lost.reason, lost.decided) == (rejected.url, "matches no topic", None)


def test_the_newest_migration_is_known_without_alembic() -> None:
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_current_head() == schema.HEAD


def test_the_migrated_schema_is_that_of_the_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        schema.upgrade(connection)
        options = {"include_name": schema.is_ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_an_upgraded_archive_works(empty_url: str) -> None:
    with Archive(empty_url) as archive:
        archive.upgrade()
        archive.upgrade()
        archive.check()
        assert archive.record(page(), accepted()) is not None


def test_an_archive_is_created_where_there_is_none(empty_url: str) -> None:
    with Archive(empty_url) as archive:
        archive.create()
        archive.create()
        archive.check()


def test_an_unmigrated_archive_says_what_to_do(empty_url: str) -> None:
    with Archive(empty_url) as archive:
        for ask in (archive.check, archive.sources):
            with pytest.raises(ArchiveError, match="run: rasid db upgrade"):
                ask()


def test_a_newer_schema_is_left_alone(archive_url: str) -> None:
    writer, reader = engines.open_engines(archive_url)
    with writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    writer.dispose()
    reader.dispose()
    with Archive(archive_url) as archive:
        for ask in (archive.check, archive.upgrade, archive.create):
            with pytest.raises(ArchiveError, match="newer version of Rasid"):
                ask()
