"""Search in PostgreSQL: a tsvector of terms as we cut them, written out by us.

Not by to_tsvector, whose parser cuts by the database's locale. Each field begins three positions after the
one before, so that no phrase spans two.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Executable,
    Row,
    cast,
    column,
    delete,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from storage.search.expression import AllOf, Expression, OneOf, Tag, Without, Words
from storage.search.prepared import Indexed
from storage.search.reading import integers
from storage.search.tags import EVERYTHING, standing
from storage.writing import write_all

index = table("article_fts", column("serial", BigInteger), column("terms", TSVECTOR))
serial: ColumnElement[int] = index.c.serial + 0  # by no other index than that of the terms: see `newest`
_GAP = 3
_WEIGHTS = {"title": "A", "lead": "B", "body": "D"}
_BY_INDEX = text("SELECT set_config('enable_seqscan', :on, true)")
_STEP_BY_STEP = text("""
    SELECT set_config('enable_seqscan', :on, true), set_config('enable_hashjoin', :on, true),
        set_config('enable_mergejoin', :on, true)
""")
_ESTIMATE = text("EXPLAIN (FORMAT JSON) SELECT FROM article_fts WHERE terms @@ CAST(:asked AS tsquery)")
_ROWS = text("SELECT reltuples FROM pg_class WHERE oid = CAST('article_fts' AS regclass)")
_CREATE_INDEX = "CREATE INDEX ix_article_fts_terms ON article_fts USING gin (terms) WITH (fastupdate = off)"
_SOME = 1_000  # articles whose terms are read one by one
_FEW = 20  # times what is there has to be coming, before the index is made anew
_MANY = 3  # times what is wanted: then it pays to look at the newest rows alone


def row(article: Indexed) -> Mapping[str, Any]:
    """The terms of an article as PostgreSQL reads a tsvector."""
    return {"terms": " ".join((*_placed(article), *_unplaced(article)))}


def add(connection: Connection, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep the rows of articles by serial, of which it has none."""
    write_all(connection, index, [{"serial": each, **rows[each]} for each in sorted(rows)])


def suspend_index(connection: Connection, coming: int) -> None:
    """Search without the index until `ensure_index`, if so many more articles are coming that this pays.

    To add an article to it costs three times what the same article costs where the index is made of all.
    """
    few = select(index.c.serial).limit(coming // _FEW + 1).subquery()
    if (connection.scalar(select(func.count()).select_from(few)) or 0) <= coming // _FEW:
        connection.execute(text("DROP INDEX IF EXISTS ix_article_fts_terms"))


def ensure_index(connection: Connection) -> None:
    """Make the index if it is not there: an import that was killed may have left it out."""
    if not has_index(connection):
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        connection.execute(text(_CREATE_INDEX))


def has_index(connection: Connection) -> bool:
    """Whether search has its index."""
    return connection.scalar(text("SELECT to_regclass('ix_article_fts_terms')")) is not None


def forget(connection: Connection, serials: Sequence[int]) -> None:
    """Keep the terms of articles no longer."""
    connection.execute(delete(index).where(index.c.serial.in_(serials)))


def clear(connection: Connection) -> None:
    """Keep the terms of no article."""
    connection.execute(delete(index))


def newest(
    connection: Connection, asked: Expression, told: Sequence[ColumnElement[bool]], most: int | None
) -> Sequence[int]:
    """The serials of the newest articles that answer an expression, the newest first.

    The planner does not know what it costs to read a row's terms, which lie apart from it: left to itself it
    reads them all. It is made to go by the index of the terms, which a phrase alone has to look behind.
    """
    connection.execute(_BY_INDEX, {"on": "off"})
    found = select(serial).where(matches(asked), *told).order_by(serial.desc())
    floor = None if most is None else _floor(connection, asked, most)
    recent = [] if floor is None else integers(connection, found.where(serial >= floor).limit(most))
    if floor is None or len(recent) < (most or 0):
        recent = integers(connection, found.limit(most))
    connection.execute(_BY_INDEX, {"on": "on"})
    return recent


def among(connection: Connection, asked: Expression, serials: Set[int]) -> Set[int]:
    """Those of some articles that answer an expression.

    The terms of a few are read: to find a phrase by the index, those of all that hold its words would be.
    """
    if len(serials) > _SOME:
        return serials & set(newest(connection, asked, [serial >= min(serials)], None))
    some = select(index).where(index.c.serial.in_(serials)).offset(0).subquery()  # 0: before all else
    found = select(some.c.serial).where(some.c.terms.op("@@")(cast(written(asked), TSQUERY)))
    return set(integers(connection, found))


def by_index(connection: Connection, question: Executable) -> Sequence[Row[Any]]:
    """The answer to a question about few of many articles.

    Left to itself the planner joins them to whole tables: it takes the newest to lie anywhere. It is made to
    go from each to what is known of it, see also `newest`.
    """
    connection.execute(_STEP_BY_STEP, {"on": "off"})
    rows = connection.execute(question).all()
    connection.execute(_STEP_BY_STEP, {"on": "on"})
    return rows


def matches(asked: Expression) -> ColumnElement[bool]:
    """Whether a row of the index answers an expression."""
    return index.c.terms.op("@@", is_comparison=True)(cast(written(asked), TSQUERY))


def written(asked: Expression) -> str:
    """An expression as PostgreSQL reads a tsquery; every term is quoted."""
    match asked:
        case Words(terms, ""):
            return "(" + " <-> ".join(f"'{each}'" for each in terms) + ")"
        case Words(terms, field):
            return _in_field(terms, field)
        case Tag(term):
            return f"'{term}'"
        case Without(part):
            return f"('{EVERYTHING}' & !{written(part)})"
        case OneOf(parts):
            return f"({' | '.join(map(written, parts))})"
        case AllOf(parts):
            return f"({' & '.join(map(written, parts))})"


def _floor(connection: Connection, asked: Expression, most: int) -> int | None:
    """The serial above which there are likely to be `most` matches; None: look at all."""
    [[plan]] = connection.execute(_ESTIMATE, {"asked": written(asked)})
    likely, rows = plan[0]["Plan"]["Plan Rows"], connection.scalar(_ROWS) or 0
    if likely < _MANY * most or rows < likely:
        return None
    enough = select(index.c.serial).order_by(index.c.serial.desc()).offset(int(1.2 * most * rows / likely))
    return connection.scalar(enough.limit(1))


def _in_field(terms: Sequence[str], field: str) -> str:
    found = " & ".join(f"'{standing(field, each)}'" for each in terms)
    if len(terms) == 1:
        return found
    in_a_row = " <-> ".join(f"'{each}':{_WEIGHTS[field]}" for each in terms)
    return f"({found} & ({in_a_row}))"


def _placed(article: Indexed) -> Iterator[str]:
    begin = 1
    for field, weight in _WEIGHTS.items():
        terms = getattr(article, field)
        yield from [f"'{term}':{at}{weight}" for at, term in enumerate(terms, begin) if term]
        begin += len(terms) + _GAP


def _unplaced(article: Indexed) -> Iterator[str]:
    yield from [f"'{term}'" for term in (*article.rest, *article.tags)]
