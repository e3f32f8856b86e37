"""The values of a row of JSON, each of the type it should be. Pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from storage.errors import InputError

_SHOWN = 60  # characters of a wrong value
E = TypeVar("E", bound=StrEnum)


class Fields:
    """A row; what reads a field raises InputError naming it for a value of the wrong type."""

    def __init__(self, row: Mapping[str, Any], within: str = "") -> None:
        self._row, self._within = row, within

    def __contains__(self, name: str) -> bool:
        return self._row.get(name) is not None

    def text(self, name: str, most: int, *, plain: bool = False) -> str:
        """A text of at most so many characters, "" where there is none; `plain`: without controls."""
        value = self._row.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._refuse(name, "not a text")
        if len(value) > most:
            self._refuse(name, f"longer than {most:,} characters")
        if plain and not value.isprintable():
            self._refuse(name, "holds a control character")
        return value

    def texts(self, name: str, most: int, *, plain: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        values = self._list(name)
        return tuple(Fields({name: each}, self._within).text(name, most, plain=plain) for each in values)

    def moment(self, name: str) -> datetime | None:
        """A time in ISO 8601: UTC where it has no offset, a day alone is its noon."""
        value = self.text(name, 64)
        if not value:
            return None
        try:
            if len(value) == len("2026-01-31"):
                return datetime.combine(date.fromisoformat(value), time(12), UTC)
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self._refuse(name, "not an ISO 8601 date")
        return moment

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self._row.get(name)
        if value is not None and not isinstance(value, bool):
            self._refuse(name, "not true or false")
        return default if value is None else value

    def whole(self, name: str) -> int:
        """A whole number as a database keeps it."""
        value = self._row.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not -(1 << 63) <= value < 1 << 63:
            self._refuse(name, "not a whole number")
        return value

    def wholes(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        return tuple(Fields({name: each}, self._within).whole(name) for each in self._list(name))

    def share(self, name: str) -> float:
        """A number from 0 to 1, 0 where there is none."""
        value = self._row.get(name)
        if value is None:
            return 0.0
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            self._refuse(name, "not a number from 0 to 1")
        return float(value)

    def name(self, name: str) -> str:
        """What names a thing of the file, a number or a text; "" where there is none."""
        value = self._row.get(name)
        return (
            str(value) if isinstance(value, int) and not isinstance(value, bool) else self.text(name, 2_048)
        )

    def names(self, name: str) -> tuple[str, ...]:
        """A list of names."""
        return tuple(Fields({name: each}, self._within).name(name) for each in self._list(name))

    def rows(self, name: str) -> "tuple[Fields, ...]":
        """A list of objects."""
        return tuple(Fields(self._object(name, each), f"{self._within}{name}.") for each in self._list(name))

    def mapping(self, name: str) -> dict[str, str]:
        """Texts by name."""
        found = self._object(name, self._row.get(name) or {})
        if not all(isinstance(each, str) for each in found.values()):
            self._refuse(name, "not an object of texts")
        return dict(found)

    def choice(self, name: str, choices: type[E]) -> E:
        """One of the values of an enumeration."""
        value = self._row.get(name)
        if value not in [each.value for each in choices]:
            self._refuse(name, f"not one of {', '.join(each.value for each in choices)}")
        return choices(value)

    def read(self, name: str, understand: Callable[[Any], Any]) -> Any:
        """What `understand` makes of the value; its ValueError says what is wrong."""
        try:
            return understand(self._row.get(name))
        except ValueError as error:
            self._refuse(name, str(error).splitlines()[0])

    def refuse(self, why: str) -> NoReturn:
        """Raise InputError for the row as a whole."""
        raise InputError(f"{self._within}{why}")

    def _list(self, name: str) -> list[Any]:
        value = self._row.get(name)
        if value is not None and not isinstance(value, list):
            self._refuse(name, "not a list")
        return value or []

    def _object(self, name: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._refuse(name, "not an object")
        return value

    def _refuse(self, name: str, why: str) -> NoReturn:
        shown = repr(self._row.get(name))
        raise InputError(
            f"{self._within}{name}: {why} (got {shown[:_SHOWN]}{'…' if len(shown) > _SHOWN else ''})"
        )
