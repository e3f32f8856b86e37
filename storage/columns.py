"""Column types of our own: moments and values, the same on both databases."""

from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter
from sqlalchemy import JSON, DateTime, Dialect, Text, TypeDecorator

from storage.model import Reason


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC (SQLite forgets zones). Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from outside: what a database refuses, NUL and lone surrogates, becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return value if value is None else storable(value)


class Key(TypeDecorator[str]):
    """A URL's key, short enough for an index of PostgreSQL (2704 bytes)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return value if value is None else short_key(value)


class Value(TypeDecorator[Any]):
    """A value of `kind`, a dataclass of the model or built of such, kept as JSON."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, _dialect: Dialect) -> Any:
        return _adapter(self.kind).dump_python(value, mode="json")

    def process_result_value(self, value: Any, _dialect: Dialect) -> Any:
        return _adapter(self.kind).validate_python(value)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _in_words(said: Any) -> Any:
    """A reason; an archive or a file of before has it in words."""
    return Reason(kind="", why=said) if isinstance(said, str) else said


Reasons = tuple[Annotated[Reason, BeforeValidator(_in_words)], ...]


def storable(text: str) -> str:
    """The text as both databases take it."""
    whole = text.replace("\0", "\ufffd")
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def short_key(key: str) -> str:
    """The key itself, or one of 600 characters that stands for a longer one."""
    whole = storable(key)
    if len(whole) <= 600:
        return whole
    return f"{whole[:536]}{sha256(whole.encode()).hexdigest()}"
