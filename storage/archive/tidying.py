"""What keeps a database quick and small, a bounded piece of work at a time: nobody waits long for it."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from sqlalchemy import Engine, text

from storage.archive import holdings
from storage.archive.engines import BUSY_SECONDS, driver, transaction

ROWS = 1000  # of an index that are looked at to know how it is spread
PAGES = 500  # of the search index that are merged before others may write again
ROUNDS = 40
PATIENCE = 1000  # milliseconds for readers to come to their end, while nobody else may write

Chore = Callable[[], str]


def chores(writer: Engine, reader: Engine) -> Mapping[str, Chore]:
    """What there is to do, by name; each says what it came to and may raise ArchiveError."""
    if writer.dialect.name == "sqlite":
        works = {"statistics": _analyse, "search index": _merge, "write-ahead log": _empty_log}
        return {name: partial(work, writer) for name, work in works.items()}
    with transaction(reader) as connection:
        names = holdings.tables(connection)
    return {f"table {name}": partial(_vacuum, writer, name) for name in names}


def _analyse(engine: Engine) -> str:
    """SQLite: let the planner know how many rows answer to what; PRAGMA optimize alone, on a connection that
    has asked nothing yet, does nothing before SQLite 3.46."""
    with driver(engine) as connection:
        connection.execute(f"PRAGMA analysis_limit = {ROWS}")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA optimize")
    return "up to date"


def _merge(engine: Engine) -> str:
    """SQLite: merge what was indexed lately into fewer trees, which are searched faster."""
    rounds = sum(1 for _ in _rounds(engine))
    return f"merged in {rounds} rounds" + (", the rest comes next time" if rounds == ROUNDS else "")


def _rounds(engine: Engine) -> Iterator[None]:
    """As the manual of FTS5 says: a negative number begins, positive ones go on while anything changes."""
    pages = -PAGES
    for _ in range(ROUNDS):
        with driver(engine) as connection:
            before = connection.total_changes
            command = "INSERT INTO article_fts (article_fts, rank) VALUES ('merge', ?)"
            connection.execute(command, (pages,))
            if connection.total_changes - before < 2:
                return
        pages = PAGES
        yield


def _empty_log(engine: Engine) -> str:
    """SQLite: move what is in the log to the database, and give its space back."""
    with driver(engine) as connection:
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    return "somebody is reading; next time" if busy else "empty"


def _vacuum(engine: Engine, name: str) -> str:
    """PostgreSQL: room of deleted rows can be used again, and the planner knows how many answer to what."""
    with transaction(engine.execution_options(isolation_level="AUTOCOMMIT")) as connection:
        quoted = connection.dialect.identifier_preparer.quote(name)
        connection.execute(text(f"VACUUM (ANALYZE) {quoted}"))
    return "vacuumed and analysed"
