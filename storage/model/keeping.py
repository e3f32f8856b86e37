"""What is told of an archive as a whole: backups, what is wrong with it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A whole archive in one file."""

    file: Path
    bytes: int
    schema: str  # the revision of the archive when it was made
    made: datetime
    rows: Mapping[str, int]  # table -> how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in an archive that should not be, and what mends it."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What a database is, whatever its schema."""

    kind: str  # SQLite or PostgreSQL
    version: str  # of it
    schema: str | None  # None: there is no archive in it yet
    newest: str  # the schema of this version of Rasid
    index: int | None  # version of the search index; None: of before there were any
    newest_index: int  # the one of this version of Rasid
    bytes: int  # with all that others keep in it
    now: datetime | None  # by the clock of its server; None: it has none of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A whole archive in another database."""

    target: str  # without password
    schema: str
    rows: Mapping[str, int]  # table -> how many
    indexed: int  # articles in the new search index
    asked: int  # searches that both answered alike
