"""The module that knows a database's own way of searching."""

from types import ModuleType

from sqlalchemy import Connection

from storage.search import postgresql, sqlite


def dialect(connection: Connection) -> ModuleType:
    """`sqlite` or `postgresql`: the same functions each."""
    return of_database(connection.dialect.name)


def of_database(name: str) -> ModuleType:
    """The module of a database by name."""
    return postgresql if name == "postgresql" else sqlite
