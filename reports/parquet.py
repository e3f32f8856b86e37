"""Rows of articles as a Parquet file, of typed columns. The only module that knows pyarrow."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from storage.errors import InputError

if TYPE_CHECKING:
    from pyarrow import Schema

_ROWS = 1_000  # of a row group: what is held at once
_MISSING = "pyarrow is not installed; run: pip install 'rasid[parquet]', or export jsonl or csv"
_EVIDENCE = ("matches", "quotes", "doubts")


def write_parquet(rows: Iterable[Mapping[str, Any]], target: IO[bytes]) -> int:
    """Everything that a row of JSON Lines tells, times in UTC; how many articles.

    The evidence of a judgement (matches, quotes, doubts) is JSON. Raises InputError without pyarrow.
    """
    try:
        from pyarrow import RecordBatch
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise InputError(f"--format parquet: {_MISSING}") from error
    schema, count = _schema(), 0
    with ParquetWriter(target, schema, compression="zstd") as file:
        for some in _batches(rows):
            file.write_batch(RecordBatch.from_pylist([_typed(row) for row in some], schema=schema))
            count += len(some)
    return count


def _batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    remaining = iter(rows)
    while some := list(islice(remaining, _ROWS)):
        yield some


def _schema() -> "Schema":
    import pyarrow as pa

    text, number, flag, share = pa.string(), pa.int64(), pa.bool_(), pa.float64()
    time, texts = pa.timestamp("us", tz="UTC"), pa.list_(pa.string())
    judgement = {
        "topic": text,
        "relevance": text,
        "score": share,
        "ruled": text,
        "missing": texts,
        "why": text,
    }
    mark = {"topic": text, "key": text, "relevance": text, "made": time, "why": text}
    tie = {"other": text, "together": flag, "made": time, "why": text}
    reason = {"kind": text, "other": text, "why": text, "between": texts}
    revision = {"replaced": time, "title": text, "subtitle": text, "text": text, "modified": time}
    snapshot = {"taken": time, "file": text, "offset": number, "length": number}
    columns = {
        **{"id": number, "url": text, "source": text, "title": text, "text": text, "authors": texts},
        **{"language": text, "published": time, "modified": time, "recorded": time, "status": text},
        **{"judgement": text, "score": share, "entities": texts, "story": number, "copy_of": number},
        **{"subtitle": text, "section": text, "origin": text, "place": text, "audio": flag, "genre": text},
        **{"rights": texts, "aliases": texts, "found_by": pa.map_(text, text), "key": text, "reposts": flag},
        **{"backfilled": flag, "revised": time, "removed": time},
        "judgements": pa.list_(pa.struct({**judgement, "evidence": text})),
        **{"keys": texts, "bands": pa.list_(number), "marks": pa.list_(pa.struct(mark))},
        **{
            "merged": pa.list_(number),
            "component": number,
            "cases": texts,
            "placed": pa.list_(pa.struct(reason)),
        },
        "ties": pa.list_(pa.struct(tie)),
        "revisions": pa.list_(pa.struct(revision)),
        "snapshots": pa.list_(pa.struct(snapshot)),
    }
    return pa.schema(list(columns.items()))


_TIMES = frozenset(
    ("published", "modified", "recorded", "revised", "removed", "made", "replaced", "taken")
)  # of a row and of what stands in it


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with times instead of their texts, recursively; evidence as JSON."""
    return {name: _value(name, each) for name, each in row.items()} | _evidence(row)


def _value(name: str, value: Any) -> Any:
    if name == "found_by":
        return list(value.items())
    if name in _TIMES and value is not None:
        return datetime.fromisoformat(value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_typed(each) for each in value]
    return value


def _evidence(row: Mapping[str, Any]) -> dict[str, str]:
    found = {name: row[name] for name in _EVIDENCE if name in row}
    return {"evidence": json.dumps(found, ensure_ascii=False)} if found else {}
