"""JSON Lines in and JSON out: the shapes that scripts rely on."""

import codecs
import gzip
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, Any, cast

import typer

from scheduler.dossiers import article_row as article_row
from scheduler.dossiers import plain as plain
from storage.errors import InputError
from storage.model import Article

Row = Mapping[str, Any]


def read_rows(file: Path | None, complain: Callable[[str], None]) -> Iterator[Row]:
    """The objects of a JSON Lines file (`.gz` unpacked) or of standard input: see `numbered_rows`."""
    return (row for _, row in numbered_rows(file, complain))


def numbered_rows(file: Path | None, complain: Callable[[str], None]) -> Iterator[tuple[str, Row]]:
    """As `read_rows`, each with the file and line where it stands.

    A row with `same_as` is skipped, saying so on standard error. A line that is no object with an `id` is
    told to `complain` by its number, and the reading goes on. Raises InputError if the file cannot be read.
    """
    name = str(file) if file else "standard input"
    for number, line in enumerate(_lines(file, name), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.removeprefix(codecs.BOM_UTF8))
        except (ValueError, RecursionError) as error:
            complain(f"{name}:{number}: not JSON: {error}")
            continue
        if not isinstance(row, dict) or not isinstance(row.get("id"), str | int):
            complain(f'{name}:{number}: not an object with an "id"; skipped')
        elif "same_as" in row:
            typer.echo(f"{name}:{number}: {row['id']} is the same as {row['same_as']}; skipped", err=True)
        else:
            yield f"{name}:{number}", row


def to_article(row: Row) -> Article:
    """A row as an article: `id` is its key, `language` or `lang`, `published` or `date` (a day is noon UTC).

    Raises InputError naming the row and the key for a value of the wrong type.
    """
    key = str(row["id"])
    return Article(
        key=key,
        url=_text(row, "url") or key,
        source=_text(row, "source"),
        title=_text(row, "title"),
        text=_text(row, "text"),
        language=_text(row, "language") or _text(row, "lang"),
        published=_moment(row, "published") or _moment(row, "date"),
    )


def open_beside(file: Path | None, path: str) -> bytes:
    """The bytes of `path`, relative to the folder of `file`, `.gz` unpacked.

    Raises InputError if it cannot be read.
    """
    target = (file.parent if file else Path()) / path
    try:
        content = target.read_bytes()
        return gzip.decompress(content) if target.suffix == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{target}: {getattr(error, 'strerror', None) or error}") from error


def write_json(value: object, *, indent: int | None = 2) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=indent))


def write_rows(rows: Iterable[object]) -> None:
    """Print one JSON document a line."""
    for row in rows:
        write_json(row, indent=None)


def _lines(file: Path | None, name: str) -> Iterator[bytes]:
    """The lines as bytes: one that is not UTF-8 is the business of that line."""
    try:
        with _open(file) as lines:
            yield from lines
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name}: {getattr(error, 'strerror', None) or error}") from error


def _open(file: Path | None) -> IO[bytes]:
    if file is None:
        return sys.stdin.buffer
    if file.suffix == ".gz":
        return cast(IO[bytes], gzip.open(file))
    return file.open("rb")


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{row['id']}: {key}: not a text (got {value!r})")
    return value or ""


def _moment(row: Row, key: str) -> datetime | None:
    text = _text(row, key)
    try:
        if not text:
            return None
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), time(12), UTC)
        moment = datetime.fromisoformat(text)
        moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{row['id']}: {key}: not an ISO 8601 date (got {text!r})") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
