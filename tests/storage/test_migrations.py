"""The schema: up, down and up again, and the same as the tables."""

from collections.abc import Iterator
from typing import Any

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
from tests.storage.rich import everything, fill


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


def test_each_step_down_and_up_keeps_what_the_older_schema_can_hold(engine: Engine, empty_url: str) -> None:
    shapes = {revision: migrated(engine, revision) for revision in REVISIONS}
    with Archive(empty_url) as archive:
        archive.upgrade()
        fill(archive)
        whole = everything(empty_url)
        for older in reversed(REVISIONS[:-1]):
            before = rows(engine)
            with engine.begin() as connection:
                schema.downgrade(connection, older)
            assert shape(engine) == shapes[older], older
            left = rows(engine)
            assert_holds(before, left)
            assert article_terms(engine) == 7
        for newer in REVISIONS[1:]:
            before = rows(engine)
            assert migrated(engine, newer) == shapes[newer], newer
            assert_holds(rows(engine), before)
        archive.upgrade()
        assert archive.keeping.findings() == ()
        again = everything(empty_url)
    assert again["article_fts"] == whole["article_fts"]


REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")


def test_no_revision_is_forgotten_here() -> None:
    known = [each.revision for each in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()]
    assert tuple(reversed(known)) == REVISIONS


def migrated(engine: Engine, revision: str) -> dict[str, Any]:
    """The shape of the schema after the way up to a revision."""
    with engine.begin() as connection:
        schema.upgrade(connection, revision)
    return shape(engine)


def shape(engine: Engine) -> dict[str, Any]:
    """Tables with their columns, keys and indexes, in any order."""
    found = inspect(engine)
    return {
        table: {
            "columns": sorted((each["name"], str(each["type"]), each["nullable"]) for each in columns),
            "key": found.get_pk_constraint(table)["constrained_columns"],
            "references": sorted(str(each["referred_table"]) for each in found.get_foreign_keys(table)),
            "indexes": sorted(str(each["column_names"]) for each in found.get_indexes(table)),
        }
        for (_, table), columns in found.get_multi_columns().items()
        if not table.startswith(("sqlite_", "article_fts"))
    }


def rows(engine: Engine) -> dict[str, list[dict[str, str]]]:
    """Every row of every table but those of search, as the database has it."""
    names = [
        each for each in inspect(engine).get_table_names() if not each.startswith(("article_fts", "alembic"))
    ]
    with engine.connect() as connection:
        return {
            name: [
                {column: repr(value) for column, value in row.items()}
                for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()  # noqa: S608
            ]
            for name in names
            if name != "sqlite_sequence"
        }


def assert_holds(newer: dict[str, list[dict[str, str]]], older: dict[str, list[dict[str, str]]]) -> None:
    """Both have the same in every table and column that the older schema has."""
    for name, had in older.items():
        columns = list(had[0]) if had else []
        now = [row if row.keys() >= set(columns) else as_before(name, row) for row in newer[name]]
        kept = [[row[column] for column in columns] for row in now] if columns else now
        assert sorted(kept) == sorted([*row.values()] for row in had), name  # type: ignore[type-var]


def as_before(table: str, row: dict[str, str]) -> dict[str, str]:
    """A row by the names that its columns had before schema 0006."""
    match table:
        case "subscribers":
            address, _, _ = row["key"].partition(" ")
            return row | {"email": row["address"], "address": f"{address}'"}
        case "deliveries":
            return row | {"email": row["address"]}
        case _:
            return row | {"topic": row["series"]}


def article_terms(engine: Engine) -> int:
    """How many articles are in the search index."""
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM article_fts")) or 0


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
