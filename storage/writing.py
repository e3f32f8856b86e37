"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, TableClause, insert
from sqlalchemy.exc import DBAPIError


def write_all(connection: Connection, table: TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all of the same columns; what refers to another row of a table may come before it."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        connection.execute(insert(table), list(rows))


def _copy(connection: Connection, table: TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
    from psycopg import Error, sql

    names = tuple(rows[0])
    bound = [_bound(connection, table, name) for name in names]
    target = (sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names)))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(*target)
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([bind(row[name]) for name, bind in zip(names, bound, strict=True)])
    except Error as error:
        raise DBAPIError("COPY", None, error) from error


def _bound(connection: Connection, table: TableClause, name: str) -> Any:
    """What makes of a value of a column the one that the driver takes."""
    bind = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return bind or (lambda value: value)
