"""The seal of an SQLite backup: SHA-256 of the database, behind its last page, where SQLite does not look."""

from hashlib import sha256
from pathlib import Path

from storage.archive.backups import damaged

_SAYS = b"\nrasid backup, sha256 of all before: "
_LENGTH = len(_SAYS) + sha256().digest_size * 2
_PIECE = 1 << 20  # bytes read at once


def seal(file: Path) -> None:
    """Let a database say by its end what it is."""
    said = _SAYS + _found(file, file.stat().st_size)
    with file.open("ab") as stream:
        stream.write(said)


def require_unbroken(file: Path) -> None:
    """Raise InputError if a byte of a sealed file is another one; a file without seal may be what it will."""
    end = file.stat().st_size - _LENGTH
    with file.open("rb") as stream:
        stream.seek(max(end, 0))
        said = stream.read(_LENGTH)
    if said.startswith(_SAYS) and said != _SAYS + _found(file, end):
        raise damaged(file, "it is not what it was")


def _found(file: Path, end: int) -> bytes:
    found = sha256()
    with file.open("rb") as stream:
        while end > 0 and (piece := stream.read(min(_PIECE, end))):
            found.update(piece)
            end -= len(piece)
    return found.hexdigest().encode()
