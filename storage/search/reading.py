"""Many numbers out of a database."""

from typing import Any

from sqlalchemy import Connection, Select


def integers(connection: Connection, asked: Select[int]) -> list[int]:
    """A column of numbers, by the driver alone: of 20,000, the rows of the library cost more than they do."""
    with connection.execute(asked) as result:
        cursor: Any = result.cursor
        return [number for (number,) in cursor.fetchall()]
