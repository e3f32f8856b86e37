"""What every test may ask for: an archive on each database.

PostgreSQL is the server of RASID_TEST_POSTGRES (a URL without database); every run and worker makes a
template there and drops it. Where none answers its tests are skipped, loudly, and fail where CI is set.
"""

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copyfile
from uuid import uuid4

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from storage.archive import Archive

SERVER = os.environ.get("RASID_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
ABSENT = f"PostgreSQL does not answer at {make_url(SERVER).render_as_string()}: set RASID_TEST_POSTGRES"


@pytest.fixture
def archive(archive_url: str) -> Iterator[Archive]:
    """An empty archive of this version's schema, once on SQLite and once on PostgreSQL."""
    with Archive(archive_url) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def archive_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty archive of this version's schema, once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def shared_archive(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """An archive for a module that fills it once and then only asks, on SQLite and on PostgreSQL."""
    template = request.getfixturevalue(f"{request.param}_template")
    copy = (
        _copy(template, tmp_path_factory.mktemp("shared")) if request.param == "sqlite" else _fresh(template)
    )
    for url in copy:
        with Archive(url) as opened:
            yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without schema, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    name = request.getfixturevalue("postgresql_server")
    yield from _database(f"{name}_empty", "template0")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty archive on SQLite."""
    yield from _copy(sqlite_template, tmp_path)


@pytest.fixture
def postgresql_url(postgresql_template: str) -> Iterator[str]:
    """The URL of an empty archive on PostgreSQL."""
    yield from _fresh(postgresql_template)


@pytest.fixture(scope="module")
def module_postgresql_url(postgresql_template: str) -> Iterator[str]:
    """The URL of an empty archive on PostgreSQL that the tests of a module share."""
    yield from _fresh(postgresql_template)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "rasid.db"
    with Archive(f"sqlite:///{path}") as archive:
        archive.upgrade()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    for url in _database(postgresql_server, "template0"):
        with Archive(url) as archive:
            archive.upgrade()
        yield postgresql_server


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> str:
    """The name of this run's and worker's databases, if a server answers."""
    try:
        _ask("SELECT 1")
    except OperationalError:
        if os.environ.get("CI"):
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    return f"rasid_test_{uuid4().hex[:8]}"


SLOWEST = (
    "test_kills",
    "test_crawling",
    "test_batches",
    "test_service",
    "test_bulk_commands",
    "test_end_to_end",
    "test_backfill",
    "test_demo",
    "test_run",
    "test_bad_input",
    "test_revisiting",
    "test_wheel",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end; else in random order."""
    order = {name: place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where nobody can overlook it."""
    reasons = Counter(str(each.longrepr[-1]) for each in terminalreporter.stats.get("skipped", ()))
    for reason, number in reasons.items():
        terminalreporter.write_sep("!", f"{number} TESTS DID NOT RUN. {reason}", red=True, bold=True)


def _copy(template: Path, folder: Path) -> Iterator[str]:
    yield f"sqlite:///{copyfile(template, folder / 'rasid.db')}"


def _fresh(template: str) -> Iterator[str]:
    return _database(f"{template}_{uuid4().hex[:8]}", template)


def _database(name: str, template: str) -> Iterator[str]:
    _ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        _ask(f'DROP DATABASE "{name}" WITH (FORCE)')


def _ask(statement: str) -> None:
    with _server().connect() as connection:
        connection.execute(text(statement))


@cache
def _server() -> Engine:
    server = make_url(SERVER)
    url = server.set(drivername="postgresql+psycopg", database=server.database or "postgres")
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
