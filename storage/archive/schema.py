"""The schema's version: which one the database has, and the way to ours."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.errors import ArchiveError

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LOCK = 0x7261_7369_6401  # "rasid", 1: who migrates


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema to a revision.

    Raises ArchiveError if it is newer than this version of Rasid.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    _known(connection)
    command.upgrade(_config(connection), revision)


def create(connection: Connection) -> None:
    """Create the schema where there is none.

    Raises ArchiveError if there is one of another version.
    """
    if _known(connection) is None:
        upgrade(connection)
    check(connection)


def downgrade(connection: Connection, revision: str) -> None:
    """Take the schema back to a revision ("base": nothing is left)."""
    command.downgrade(_config(connection), revision)


def check(connection: Connection) -> None:
    """Raise ArchiveError with the remedy unless the schema is this version's."""
    if _known(connection) != _scripts().get_current_head():
        raise ArchiveError("the archive is not of this version; run: rasid db upgrade")


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether autogenerate looks at it: full-text search keeps tables that no metadata knows."""
    return not (kind == "table" and name is not None and name.startswith("article_fts"))


def _known(connection: Connection) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current not in {None, *(script.revision for script in _scripts().walk_revisions())}:
        raise ArchiveError(f"the archive is of a newer version of Rasid (schema {current}); upgrade Rasid")
    return current


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
