"""The schema's version: which one the database has, and the way to ours."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from storage.errors import ArchiveError

if TYPE_CHECKING:  # Alembic is imported where something is migrated: every command would wait for it
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[1] / "migrations"
HEAD = "0007"  # the newest of them
_LOCK = 0x7261_7369_6401  # "rasid", 1: who migrates


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema to a revision.

    Raises ArchiveError if it is newer than this version of Rasid.
    """
    lock(connection)
    if revision(connection) == HEAD and to == "head":
        return

    from alembic import command

    command.upgrade(_config(connection), to)


def lock(connection: Connection) -> None:
    """Let nobody else migrate or restore the archive until the transaction ends; on SQLite nobody writes."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def downgrade(connection: Connection, to: str) -> None:
    """Take the schema back to a revision ("base": nothing is left)."""
    from alembic import command

    command.downgrade(_config(connection), to)


def check(connection: Connection) -> None:
    """Raise ArchiveError with the remedy unless the schema is this version's."""
    if revision(connection) != HEAD:
        raise ArchiveError("the archive is not of this version; run: rasid db upgrade")


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether autogenerate looks at it: full-text search keeps tables that no metadata knows."""
    return not (kind == "table" and name is not None and name.startswith("article_fts"))


def revision(connection: Connection) -> str | None:
    """The revision of the schema; None where there is none. Raises ArchiveError for a newer one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    current: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if current is not None and current > HEAD:
        raise ArchiveError(f"the archive is of a newer version of Rasid (schema {current}); upgrade Rasid")
    if current is not None and current not in revisions():
        raise ArchiveError(f"its schema ({current}) is none of Rasid's; use another")
    return current


@cache
def revisions() -> frozenset[str]:
    """Every revision there has been."""
    return frozenset(each.name.partition("_")[0] for each in (MIGRATIONS / "versions").glob("0*.py"))


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
