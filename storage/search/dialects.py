"""The module that knows a database's own way of searching."""

from types import ModuleType

from sqlalchemy import Connection

from storage.search import postgresql, sqlite


def dialect(connection: Connection) -> ModuleType:
    """`sqlite` or `postgresql`: the same functions each."""
    return postgresql if connection.dialect.name == "postgresql" else sqlite
