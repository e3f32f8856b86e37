"""Moving: a whole archive copied to an empty database of either kind, and compared with the copy."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    TableClause,
    column,
    func,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeEngine

from storage.archive import asking, checking, holdings, indexing, numbered, schema
from storage.archive.engines import name_of, transaction
from storage.archive.postgresql_backup import bare
from storage.columns import Value
from storage.errors import ArchiveError
from storage.model import Moved
from storage.query import parse_query
from storage.search.dialects import dialect
from storage.tables import articles, metadata
from storage.writing import write_all

Tell = Callable[[str, int, int], None]  # of which table how many rows of how many are done
INDEX = "search index"  # told of as of a table
_AT_ONCE = 200  # rows in memory: an issue may have a megabyte
_ASKED = 5  # searches
_LETTERS = 3  # of a word, at least, that is searched
_NOT_WHOLE = "the copy is not what was copied, and is taken back"


def move(source: Engine, target: Engine, now: datetime, tell: Tell) -> Moved:
    """Copy everything the archive holds, all or nothing, while nobody writes to it: see `Keeping.move`.

    source: the writing engine, for who else writes has to wait.
    """
    if _is_same(source, target):
        raise ArchiveError(f"{name_of(target.url)}: is the archive itself; name another database")
    with transaction(source) as old:
        schema.check(old)
        _hold(old, name_of(source.url))
        _require_order(checking.wrong(old), "the archive is not in order")
        with transaction(target) as new:
            rows = _copy(old, new, name_of(target.url), tell)
            indexed = _index(new, tell)
            _require_order(checking.wrong(new), _NOT_WHOLE)
            asked = _compare(old, new, now)
    return Moved(target=name_of(target.url), schema=schema.HEAD, rows=rows, indexed=indexed, asked=asked)


def _is_same(source: Engine, target: Engine) -> bool:
    """Whether both are one database, however it is named."""
    if source.dialect.name != target.dialect.name:
        return False
    if source.dialect.name == "sqlite":
        files = [Path(each.url.database or "") for each in (source, target)]
        return all(each.exists() for each in files) and files[0].samefile(files[1])
    with transaction(source) as one, transaction(target) as other:
        return one.execute(_WHICH).one() == other.execute(_WHICH).one()


_WHICH = text(
    "SELECT pg_postmaster_start_time(), oid, datname FROM pg_database WHERE datname = current_database()"
)


def _hold(old: Connection, name: str) -> None:
    """Let nobody write to the archive until the transaction ends: it would be lost with the old archive.

    SQLite's writer has its turn already. Raises ArchiveError with the remedy where somebody does not end.
    """
    if old.dialect.name == "sqlite":
        return
    try:
        old.execute(text(f"LOCK TABLE {', '.join(sorted(metadata.tables))} IN SHARE MODE"))
    except OperationalError as error:
        if type(error.orig).__name__ not in ("LockNotAvailable", "DeadlockDetected"):
            raise
        why = "somebody is writing to it"
        raise ArchiveError(f"{name}: {why}; stop every rasid, workers too, and move again") from error


def _copy(old: Connection, new: Connection, name: str, tell: Tell) -> dict[str, int]:
    schema.lock(new)
    _require_empty(new, name)
    schema.upgrade(new)
    holds = holdings.count(old, tuple(metadata.tables))
    with _unordered(new):
        for each in metadata.sorted_tables:
            new.execute(each.delete())  # what the schema begins with, and what a start has made
            _copy_rows(old, new, each.name, holds[each.name], tell)
            numbered.go_on(new, each, numbered.last(old, each))
    arrived = holdings.count(new, tuple(holds))
    if arrived != holds:
        wrong = next(table for table in holds if arrived[table] != holds[table])
        few = f"{arrived[wrong]:,} of {holds[wrong]:,} rows of {wrong}"
        raise ArchiveError(f"{name}: {few} arrived; {_NOT_WHOLE}")
    return holds


def _copy_rows(old: Connection, new: Connection, name: str, rows: int, tell: Tell) -> None:
    plain, done = _plain(name), 0
    asked = select(plain).execution_options(yield_per=_AT_ONCE)
    for some in old.execute(asked).mappings().partitions():
        write_all(new, plain, [dict(row) for row in some])
        done += len(some)
        tell(name, done, rows)


def _plain(name: str) -> TableClause:
    """A table with values as they are kept, not as what they mean: nothing is read into them on the way."""
    return table(name, *(column(each.name, _type(each)) for each in metadata.tables[name].columns))


def _type(each: Column[object]) -> TypeEngine[object]:
    return JSON() if isinstance(each.type, Value) else each.type


@contextmanager
def _unordered(new: Connection) -> Iterator[None]:
    """What refers to another row may come before it; at the end all is there."""
    if new.dialect.name == "sqlite":
        new.execute(text("PRAGMA defer_foreign_keys = ON"))
        yield
    else:
        with bare(new, [*metadata.tables]):
            yield


def _index(new: Connection, tell: Tell) -> int:
    """Make the search index anew there, and let the planner know what there is."""
    total = new.scalar(select(func.count()).select_from(articles)) or 0
    dialect(new).suspend_index(new, max(total, 1))
    done = indexing.rebuild(new, lambda so_far: tell(INDEX, so_far, total))
    dialect(new).ensure_index(new)
    new.execute(text("ANALYZE"))
    return done


def _require_empty(new: Connection, name: str) -> None:
    """Raise ArchiveError with the remedy unless there is nothing, or this version's schema without rows."""
    there = set(inspect(new).get_table_names())
    if not there:
        return
    strange = next((each for each in sorted(there) if not each.startswith(tuple(holdings.OURS))), "")
    if strange:
        raise ArchiveError(f"{name}: holds the table {strange} of another program; name an empty database")
    held = holdings.held(new)
    if held or schema.revision(new) != schema.HEAD:
        what = held or "an archive of another version"
        raise ArchiveError(f"{name}: holds {what}; name an empty database, or drop it and make it again")


def _require_order(findings: Iterator[object], what: str) -> None:
    first = next(findings, None)
    if first is not None:
        raise ArchiveError(f"{what}: {first}; see rasid db check")


def _compare(old: Connection, new: Connection, now: datetime) -> int:
    """Ask both the same; how often. Raises ArchiveError for the first question they answer differently."""
    questions = _questions(old)
    for words in questions:
        query = parse_query(words, now=now)
        both = [
            [(hit.found.id, hit.score) for hit in asking.search(each, query, 20, "").hits]
            for each in (old, new)
        ]
        if both[0] != both[1]:
            why = "they answer differently; run: rasid db reindex, and move again"
            raise ArchiveError(f"search {words!r}: {why}")
    return len(questions)


def _questions(old: Connection) -> list[str]:
    """The newest articles, and a word of the title of some, evenly spread."""
    total = old.scalar(select(func.count()).select_from(articles)) or 0
    places = sorted({total * part // _ASKED for part in range(_ASKED)}) if total else []
    titles = (old.scalar(select(articles.c.title).order_by(articles.c.id).offset(at)) for at in places)
    words = (next(filter(_is_long, (title or "").split()), "") for title in titles)
    return ["sort:date", *dict.fromkeys(filter(None, words))]


def _is_long(word: str) -> bool:
    return len(word) >= _LETTERS and word.isalpha()
