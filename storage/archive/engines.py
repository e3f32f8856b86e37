"""Opening the database: a writing and a reading engine, and its errors in plain words."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage.errors import ArchiveError

BUSY_SECONDS = 30  # how long a writer waits for the other one
CONNECT_SECONDS = 10
CACHE_KIB = 64 * 1024  # pages of SQLite kept in memory, at most, for each connection
POOL = 5  # connections that stay open once they were needed; a server has a hundred for everybody
VANISHED = {  # half a minute after the server's machine has gone we know
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}
_READ_ONLY = "-c default_transaction_read_only=on"
_FORMS = "use sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME"


def open_engines(address: str) -> tuple[Engine, Engine]:
    """A writing and a reading engine.

    A transaction sees one state of the database from beginning to end; a writer on SQLite takes its turn at
    once (BEGIN IMMEDIATE), so that what it has read stays true until it commits; readers never wait, and
    the database itself lets them write nothing.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise ArchiveError(f"[database] url is not a database URL; {_FORMS}") from error
    match url.drivername:
        case "sqlite" | "sqlite+pysqlite":
            return _sqlite(url, "BEGIN IMMEDIATE"), _sqlite(url, "BEGIN", read_only=True)
        case "postgresql" | "postgresql+psycopg":
            return _postgresql(url), _postgresql(url, _READ_ONLY, isolation_level="REPEATABLE READ")
    raise ArchiveError(f"[database] url: {url.drivername} is not a database we know; {_FORMS}")


def _sqlite(url: URL, begin: str, *, read_only: bool = False) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise ArchiveError("[database] url: SQLite needs a file, as in sqlite:///rasid.db")
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})
    event.listen(engine, "connect", lambda connection, _: _prepare(connection, read_only))
    event.listen(engine, "begin", lambda connection: _begin(connection, begin))
    return engine


def _prepare(connection: Any, read_only: bool) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")


def _begin(connection: Connection, begin: str) -> None:
    connection.exec_driver_sql(begin)


def _postgresql(url: URL, more: str = "", **options: Any) -> Engine:
    session = f"-c jit=off -c lock_timeout={BUSY_SECONDS}s {more}".strip()
    arguments = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "rasid",
        "options": session,
    } | VANISHED
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args=arguments,
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=-1,  # each source that is being crawled keeps one for its turn
        **options,
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction: committed at the end, rolled back by any error.

    Raises ArchiveError for the database's own errors: one line with the remedy, never with the password.
    """
    with plain_errors(engine.url), engine.begin() as connection:
        yield connection


@contextmanager
def plain_errors(url: URL) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise ArchiveError(f"{name_of(url)}: {_plain(url, error.orig)}") from error


@contextmanager
def driver(engine: Engine) -> Iterator[Any]:
    """A connection of the driver itself, without transaction, for what SQLAlchemy has no words for.

    Raises ArchiveError for the database's own errors, as `transaction` does.
    """
    with plain_errors(engine.url), driver_errors(engine), closing(engine.raw_connection()) as connection:
        yield connection.driver_connection


@contextmanager
def driver_errors(engine: Engine) -> Iterator[None]:
    """The driver's errors as SQLAlchemy's, which `plain_errors` knows."""
    try:
        yield
    except engine.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(None, None, error) from error


def _plain(url: URL, error: BaseException | None) -> str:
    said = f"{type(error).__name__}: {error}".lower()
    for sign, remedy in _REMEDIES.items():
        if sign in said:
            return remedy
    if url.get_backend_name() == "sqlite" and "unable to open" in said:
        return no_file(Path(url.database or ""))
    return _one_line(url, str(error))


def no_file(path: Path) -> str:
    """Why the file of a database cannot be opened, and what to do."""
    if not path.parent.is_dir():
        return f"there is no directory {path.parent}; create it or change [database] url"
    return "the file cannot be opened; see who may write there"


def _one_line(url: URL, said: str) -> str:
    line = " ".join(said.split())[:300]
    return line.replace(url.password, "***") if url.password else line


def name_of(url: URL) -> str:
    """A database as it is told of: a file, or a URL without password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", password=None, query={}).render_as_string()


_UNMIGRATED = "the archive is not of this version; run: rasid db upgrade"
_BUSY = f"another process has been writing for {BUSY_SECONDS} s; try again"
_FULL = "the disk is full; free some space"
_CROWDED = "the server has no connection left for us; raise its max_connections or stop other programs"
_ENDED = "the server ended the connection; try again"
_REMEDIES = {
    "password authentication failed": "user or password refused; see [database] url",
    "no password supplied": "it asks for a password; see [database] url",
    "connection refused": "no server answers there; start it or change [database] url",
    "could not translate host": "the host is not known; change [database] url",
    "failed to resolve host": "the host is not known; change [database] url",
    "name or service not known": "the host is not known; change [database] url",
    "timeout expired": "no server answers there; start it or change [database] url",
    "connection timeout": "no server answers there; start it or change [database] url",
    "undefinedtable": _UNMIGRATED,
    "undefinedcolumn": _UNMIGRATED,
    "does not exist": "there is no such database or user; create it or change [database] url",
    "no such table": _UNMIGRATED,
    "no such column": _UNMIGRATED,
    "has no column": _UNMIGRATED,
    "file is not a database": "the file is not an SQLite database; change [database] url",
    "disk image is malformed": "the file is damaged; put back a backup: rasid db restore FILE --replace",
    "disk i/o error": "the disk fails or is full; see the system's log",
    "readonly database": "the file or its directory may not be written; see who may write there",
    "readonlysqltransaction": "the server takes no writes, as a standby does; change [database] url",
    "database is locked": _BUSY,
    "locknotavailable": _BUSY,
    "deadlockdetected": "another process was in the way; try again",
    "disk is full": _FULL,
    "diskfull": _FULL,
    "no space left": _FULL,
    "too many clients": _CROWDED,
    "too many connections": _CROWDED,
    "connection slots are reserved": _CROWDED,
    "adminshutdown": _ENDED,
    "server closed the connection": _ENDED,
    "the connection is closed": _ENDED,
    "the connection is lost": _ENDED,
    "starting up": "the server is starting or stopping; try again in a moment",
    "shutting down": "the server is starting or stopping; try again in a moment",
}
