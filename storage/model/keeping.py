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
