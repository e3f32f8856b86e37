"""WARC files in pieces that several processes can read at once, each from its own place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.errors import InputError
from storage.records import GZIP, records

PIECE = 64_000_000  # bytes: half a minute of reading, so that cores end at about the same time


@dataclass(frozen=True, slots=True)
class Piece:
    """The records of a WARC file that begin in [start, end)."""

    file: Path
    start: int
    end: int

    @property
    def name(self) -> str:
        """What names it wherever the file lies: file name, size, and where it starts."""
        return f"{self.file.name} ({self.file.stat().st_size} bytes) from {self.start}"


def pieces_of(files: Iterable[Path], size: int = PIECE) -> tuple[Piece, ...]:
    """The pieces of all files, the file with the latest name first, as CC-NEWS names them by time.

    Raises InputError for what cannot be read or is no WARC file.
    """
    newest_first = sorted(dict.fromkeys(files), key=lambda file: file.name, reverse=True)
    return tuple(piece for file in newest_first for piece in _split(file, size))


def _split(file: Path, size: int) -> Iterator[Piece]:
    """Gzipped records can be found from any byte, plain ones only from the beginning."""
    try:
        whole = file.stat().st_size
        with file.open("rb") as stream:
            start = stream.read(5)
            stream.seek(0)
            first = next(records(stream), None)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}; give WARC files") from error
    if first is None and start.startswith(GZIP):
        raise InputError(f"{file}: is not gzipped record by record; make it so: warcio recompress IN OUT")
    if start == b"WARC/":
        yield Piece(file, 0, whole)
    elif start.startswith(GZIP):
        yield from (Piece(file, at, min(at + size, whole)) for at in range(0, whole, size))
    else:
        raise InputError(f"{file}: is no WARC file, plain or gzipped by record; give WARC files")
