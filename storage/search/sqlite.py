"""Search in SQLite: an FTS5 table of terms, cut at spaces only (`ascii` leaves every other letter alone)."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Row,
    column,
    delete,
    literal_column,
    select,
    table,
)

from storage.search.expression import AllOf, Expression, OneOf, Tag, Without, Words
from storage.search.prepared import Indexed
from storage.search.reading import integers
from storage.search.tags import EVERYTHING, standing
from storage.writing import write_all

index = table("article_fts", column("rowid", Integer), *map(column, ("title", "lead", "body", "tags")))
serial: ColumnElement[int] = index.c.rowid
_FIELDS = ("title", "lead", "body", "tags")
_NO_TERM = "="  # stands where a term is not counted; no word is written so


def row(article: Indexed) -> Mapping[str, Any]:
    """The terms of an article as the table has them."""
    body = (*article.body, *(each for term in article.rest for each in ("", term)))
    fields = article._replace(body=body)._asdict()
    return {name: " ".join(term or _NO_TERM for term in fields[name]) for name in _FIELDS}


def add(connection: Connection, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep the rows of articles by serial, of which it has none; fastest in the order of these."""
    write_all(connection, index, [{"rowid": each, **rows[each]} for each in sorted(rows)])


def suspend_index(connection: Connection, coming: int) -> None:
    """Nothing to do: the table of terms is the index."""


def ensure_index(connection: Connection) -> None:
    """Nothing to do: the table of terms is the index."""


def has_index(connection: Connection) -> bool:  # noqa: ARG001
    """Whether search has its index: the table of terms is one."""
    return True


def forget(connection: Connection, serials: Sequence[int]) -> None:
    """Keep the terms of articles no longer."""
    connection.execute(delete(index).where(serial.in_(serials)))


def clear(connection: Connection) -> None:
    """Keep the terms of no article."""
    connection.execute(delete(index))


def newest(
    connection: Connection, asked: Expression, told: Sequence[ColumnElement[bool]], most: int | None
) -> Sequence[int]:
    """The serials of the newest articles that answer an expression, the newest first."""
    found = select(serial).where(matches(asked), *told).order_by(serial.desc())
    return integers(connection, found.limit(most))


def among(connection: Connection, asked: Expression, serials: Set[int]) -> Set[int]:
    """Those of some articles that answer an expression."""
    floor = min(serials, default=0)
    return serials & set(newest(connection, asked, [serial >= floor], None))


def by_index(connection: Connection, question: Executable) -> Sequence[Row[Any]]:
    """The answer to a question about few of many articles."""
    return connection.execute(question).all()


def matches(asked: Expression) -> ColumnElement[bool]:
    """Whether a row of the index answers an expression."""
    return literal_column("article_fts").op("MATCH", is_comparison=True)(written(asked))


def written(asked: Expression) -> str:
    """An expression as FTS5 reads it; every term is quoted."""
    match asked:
        case Words(terms, field):
            phrase = f'"{" ".join(terms)}"'
            return _in_field(terms, field, phrase) if field else phrase
        case Tag(term):
            return f'"{term}"'
        case Without(part):
            return f'("{EVERYTHING}" NOT {written(part)})'
        case OneOf(parts):
            return f"({' OR '.join(map(written, parts))})"
        case AllOf(parts):
            return _all_of(parts)


def _in_field(terms: Sequence[str], field: str, phrase: str) -> str:
    found = " AND ".join(f'"{standing(field, each)}"' for each in terms)
    return found if len(terms) == 1 else f"({found} AND {field} : {phrase})"


def _all_of(parts: tuple[Expression, ...]) -> str:
    unwanted = [written(each.part) for each in parts if isinstance(each, Without)]
    wanted = [written(each) for each in parts if not isinstance(each, Without)] or [f'"{EVERYTHING}"']
    both = f"({' AND '.join(wanted)})"
    return f"({both} NOT ({' OR '.join(unwanted)}))" if unwanted else both
