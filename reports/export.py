"""Rows of articles as files: JSON Lines, CSV for spreadsheets, Parquet."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import IO, Any

Row = Mapping[str, Any]

COLUMNS = (
    *("id", "url", "source", "title", "text", "authors", "language", "published", "modified", "recorded"),
    *("status", "judgement", "score", "entities", "story", "copy_of", "subtitle", "section", "origin"),
    *("place", "audio", "genre", "rights", "aliases", "key", "reposts", "backfilled", "revised", "removed"),
)
"""What CSV tells of an article."""
_TIMES = frozenset(("published", "modified", "recorded", "revised", "removed"))
_LONGEST = 32_000  # characters of a cell: spreadsheets take 32,767
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# What a spreadsheet takes for a formula (OWASP, CSV injection): a sign at the beginning of a cell, whatever
# invisible letters, spaces and quotes stand before it, or where another separator would begin a cell.
_FORMULA = re.compile(
    r"""(^|[;\t\n])(?=(?:[^\S\t\n]|["'«»“”‘’\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])*[=+\-@＝＋－＠|])"""
)


def write_jsonl(rows: Iterable[Row], target: IO[bytes]) -> int:
    """One JSON object a line, in UTF-8; how many."""
    return sum(
        1
        for row in rows
        if target.write(json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n")
    )


def write_csv(rows: Iterable[Row], target: IO[bytes]) -> int:
    """A table (RFC 4180) that spreadsheets open with every letter intact; how many articles.

    UTF-8 with a mark that says so; times in UTC, as `2026-11-17 17:30:00`; lists joined by `; `; no cell is
    a formula: one that would be has a `'` before it. A text of more than 32,000 characters is cut with `…`.
    """
    target.write(b"\xef\xbb\xbf" + _line(COLUMNS))
    return sum(1 for row in rows if target.write(_line(_cell(name, row.get(name)) for name in COLUMNS)))


def _line(cells: Iterable[str | int | float]) -> bytes:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _cell(name: str, value: Any) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case str() if name in _TIMES:
            return f"{datetime.fromisoformat(value).astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        case list():
            return _harmless("; ".join(map(str, value)))
        case _:
            return _harmless(str(value))


def _harmless(text: str) -> str:
    """A text that stays one, without control characters."""
    clean = _CONTROLS.sub("", _BREAKS.sub("\n", text)).strip()
    told = _FORMULA.sub(r"\1'", clean)
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"


def writer(form: str) -> Callable[[Iterable[Row], IO[bytes]], int]:
    """What writes `jsonl`, `csv` or `parquet`. Raises InputError where what that needs is not installed."""
    if form == "parquet":
        from reports.parquet import write_parquet

        return write_parquet
    return {"jsonl": write_jsonl, "csv": write_csv}[form]
