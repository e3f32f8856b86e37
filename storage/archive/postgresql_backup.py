"""Backups of PostgreSQL without its tools: a zip with a member of COPY for each table, and a manifest.

Rows are PostgreSQL's text format: any later server reads it, whatever machine it runs on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, Engine, inspect, text

from storage.archive import backups, holdings, indexing, manifest, schema
from storage.archive.engines import driver_errors, transaction
from storage.archive.manifest import Manifest, TableCopy
from storage.errors import InputError
from storage.model import Backup

_LEVEL = 3  # of compression: a third larger than the densest, four times as fast
_EXACT = ("datestyle = 'ISO, YMD'", "timezone = 'UTC'", "extra_float_digits = 1", "client_encoding = 'UTF8'")


def back_up(engine: Engine, file: Path, now: datetime) -> Backup:
    """The archive as it is at the beginning, in one file; others read and write meanwhile."""
    with transaction(engine) as connection, backups.new_file(file) as part:
        revision = holdings.require_backed_up(connection, str(engine.url.database))
        _speak_exactly(connection)
        with ZipFile(part, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            tables = tuple(_copy_out(connection, name, archive) for name in holdings.tables(connection))
            numbered = {each.name: last for each in tables if (last := _last(connection, each)) is not None}
            made = Manifest(schema=revision, made=now, tables=tables, numbered=numbered)
            manifest.write(archive, made)
        return made.as_backup(file, part.stat().st_size)


def restore(engine: Engine, file: Path, *, replace: bool) -> Backup:
    """Let the archive be what the file says, in one transaction; until it ends everybody sees the old one."""
    with transaction(engine) as connection:
        holdings.require_room(connection, str(engine.url.database), replace=replace)
    kept = manifest.read(file)
    with transaction(engine) as connection, ZipFile(file) as archive:
        schema.lock(connection)
        holdings.require_room(connection, str(engine.url.database), replace=replace)
        _make_empty(connection, kept.schema)
        _require_same(connection, kept.tables, file)
        _speak_exactly(connection)
        with bare(connection, [each.name for each in kept.tables]):
            for table in kept.tables:
                _copy_in(connection, table, archive, file)
        for name, (last, given) in kept.numbered.items():
            found = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last, :given)")
            connection.execute(found, {"name": name, "last": last, "given": given})
        indexing.upgrade(connection)
        connection.execute(text("ANALYZE"))
    return kept.as_backup(file, file.stat().st_size)


def _speak_exactly(connection: Connection) -> None:
    """Write and read numbers and times in the same words, whatever the server is set to."""
    for setting in _EXACT:
        connection.execute(text(f"SET LOCAL {setting}"))


def _copy_out(connection: Connection, name: str, archive: ZipFile) -> TableCopy:
    columns = tuple(each["name"] for each in inspect(connection).get_columns(name))
    found, rows = sha256(), 0
    with (
        archive.open(f"{name}.copy", "w", force_zip64=True) as member,
        _copying(connection, f"COPY {_named(connection, name, columns)} TO STDOUT") as stream,
    ):
        for piece in stream:
            member.write(piece)
            found.update(piece)
            rows += bytes(piece).count(b"\n")
    return TableCopy(name=name, columns=columns, rows=rows, sha256=found.hexdigest())


def _last(connection: Connection, table: TableCopy) -> tuple[int, bool] | None:
    """The last id that was given to a row of the table: one is never used again."""
    if "id" not in table.columns:
        return None
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name})
    if sequence is None:
        return None
    row = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 - quoted
    return row.last_value, row.is_called


def _make_empty(connection: Connection, revision: str) -> None:
    """A schema of this revision without a row, in place of what there was."""
    there = [*holdings.tables(connection)]
    there += ["alembic_version"] if inspect(connection).has_table("alembic_version") else []
    if there:
        connection.execute(text(f"DROP TABLE {', '.join(map(_quoted(connection), there))}"))
    schema.upgrade(connection, revision)
    emptied = map(_quoted(connection), holdings.tables(connection))
    connection.execute(text(f"TRUNCATE {', '.join(emptied)}"))


def _require_same(connection: Connection, tables: Sequence[TableCopy], file: Path) -> None:
    """Raise InputError unless the backup has the tables and columns of its schema."""
    said = sorted((each.name, sorted(each.columns)) for each in tables)
    inspector = inspect(connection)
    ours = ((name, inspector.get_columns(name)) for name in holdings.tables(connection))
    if said != sorted((name, sorted(each["name"] for each in columns)) for name, columns in ours):
        raise backups.damaged(file, f"{manifest.MEMBER}: tables: not those of its schema")


@dataclass(frozen=True, slots=True)
class _Definition:
    """Something of a table that is taken away and made again."""

    away: str
    again: str


@contextmanager
def bare(connection: Connection, names: Sequence[str]) -> Iterator[None]:
    """Within the block tables have no foreign keys, as rows refer to each other in circles, and no indexes,
    which are made in a fraction of the time when all rows are there."""
    taken = [_Definition(*row) for row in connection.execute(_DEFINITIONS, {"names": list(names)})]
    for each in taken:
        connection.execute(text(each.away))
    yield
    for each in reversed(taken):
        connection.execute(text(each.again))


def _copy_in(connection: Connection, table: TableCopy, archive: ZipFile, file: Path) -> None:
    command = f"COPY {_named(connection, table.name, table.columns)} FROM STDIN"
    with archive.open(table.member) as member, _copying(connection, command) as stream:
        while piece := member.read(manifest.PIECE):
            stream.write(piece)
    rows = holdings.count(connection, (table.name,))[table.name]
    if rows != table.rows:
        raise InputError(f"{file}: {table.name}: {rows} of {table.rows} rows arrived; use another backup")


@contextmanager
def _copying(connection: Connection, command: str) -> Iterator[Any]:
    raw: Any = connection.connection.driver_connection
    with driver_errors(connection.engine), raw.cursor() as cursor, cursor.copy(command) as stream:
        yield stream


def _named(connection: Connection, name: str, columns: Sequence[str]) -> str:
    quoted = _quoted(connection)
    return f"{quoted(name)} ({', '.join(map(quoted, columns))})"


def _quoted(connection: Connection) -> Any:
    return connection.dialect.identifier_preparer.quote


_DEFINITIONS = text("""
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, definition)
    FROM pg_constraint, pg_get_constraintdef(oid) AS definition
    WHERE contype = 'f' AND conrelid::regclass::text = ANY(:names)
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid::regclass::text = ANY(:names)
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
""")
