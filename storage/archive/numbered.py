"""Numbers that rows were given: one is never given again, also in another database."""

from sqlalchemy import Connection, Table, func, select, text


def last(connection: Connection, table: Table) -> int:
    """The last number that a row of a table was given; 0: none, or its rows are not numbered."""
    if "id" not in table.c:
        return 0
    if connection.dialect.name == "postgresql":
        sequence = _sequence(connection, table)
        if sequence is not None:
            asked = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"  # noqa: S608 - quoted
            return connection.scalar(text(asked)) or 0
    elif _counts(table):
        asked = "SELECT seq FROM sqlite_sequence WHERE name = :name"
        return connection.scalar(text(asked), {"name": table.name}) or 0
    return connection.scalar(select(func.max(table.c.id))) or 0


def go_on(connection: Connection, table: Table, number: int) -> None:
    """Let the next row get a number above this one."""
    if "id" not in table.c:
        return
    if connection.dialect.name == "postgresql":
        sequence = _sequence(connection, table)
        if sequence is not None:
            told = {"name": sequence, "last": max(number, 1), "called": number > 0}
            connection.execute(text("SELECT setval(CAST(:name AS regclass), :last, :called)"), told)
    elif _counts(table):
        told = {"name": table.name, "last": number}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), told)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), told)


def _counts(table: Table) -> bool:
    """Whether SQLite remembers the numbers of rows that are gone."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def _sequence(connection: Connection, table: Table) -> str | None:
    found: str | None = connection.scalar(
        text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}
    )
    return found
