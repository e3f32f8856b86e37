"""What a backup of PostgreSQL says of itself, and whether it is true of its tables."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from storage.archive import holdings, schema
from storage.archive.backups import damaged, not_ours
from storage.errors import InputError
from storage.model import Backup

MEMBER = "rasid-backup.json"
FORMAT = 1
PIECE = 1 << 20  # bytes read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCopy:
    """A table as a member of the backup: rows in PostgreSQL's text format of COPY."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str  # of the member, unpacked

    @property
    def member(self) -> str:
        """The name it has in the backup."""
        return f"{self.name}.copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in a backup."""

    schema: str
    made: datetime
    tables: tuple[TableCopy, ...]
    numbered: Mapping[str, tuple[int, bool]]  # table -> the last id given, and whether it was given
    format: int = FORMAT

    def as_backup(self, file: Path, size: int) -> Backup:
        """What is told of it."""
        rows = {each.name: each.rows for each in self.tables}
        return Backup(file=file, bytes=size, schema=self.schema, made=self.made, rows=rows)


def write(archive: ZipFile, manifest: Manifest) -> None:
    """Let the backup end with what it says of itself."""
    said = asdict(manifest) | {"made": manifest.made.isoformat()}
    archive.writestr(MEMBER, json.dumps(said, indent=1))


def read(file: Path) -> Manifest:
    """What the backup says of itself, after every table of it was found to be as it says.

    Raises InputError for what is no backup of ours, is newer than we are, or is not whole.
    """
    try:
        with ZipFile(file) as archive:
            if MEMBER not in archive.namelist():
                raise not_ours(file)
            manifest = _manifest(json.loads(archive.read(MEMBER)), file)
            for table in manifest.tables:
                _compare(archive, table, file)
    except (BadZipFile, EOFError, zlib.error, OSError) as error:
        raise damaged(file, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(file, f"{MEMBER}: {error}") from error
    return manifest


def _manifest(said: Mapping[str, object], file: Path) -> Manifest:
    newest = str(said["schema"])
    if said["format"] != FORMAT or newest > schema.HEAD:
        raise InputError(f"{file}: is of a newer version of Rasid (schema {newest}); upgrade Rasid")
    if newest not in schema.revisions():
        raise ValueError(f"schema: {newest} is none of Rasid's")
    return _parsed(dict(said))


def _parsed(said: dict[str, object]) -> Manifest:
    from pydantic import TypeAdapter, ValidationError

    try:
        manifest = TypeAdapter(Manifest).validate_python(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: not what it should be") from error
    for table in manifest.tables:
        if table.name not in holdings.OURS:
            raise ValueError(f"{table.name} is no table of ours")
    with_id = {table.name for table in manifest.tables if "id" in table.columns}
    for name, (last, _) in manifest.numbered.items():
        if name not in with_id or last < 1:
            raise ValueError(f"numbered.{name}: not what it should be")
    return manifest


def _compare(archive: ZipFile, table: TableCopy, file: Path) -> None:
    found, lines = sha256(), 0
    with archive.open(table.member) as stream:
        while piece := stream.read(PIECE):
            found.update(piece)
            lines += piece.count(b"\n")  # those within a text are written \n
    if (found.hexdigest(), lines) != (table.sha256, table.rows):
        raise damaged(file, f"{table.name} is not what it was")
