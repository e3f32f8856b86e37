"""Keys and types of a rule file: its content as a value of the model, or every mistake in them. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from crawler.checking.mistakes import Mistake, Place
from crawler.files import strict_value

T = TypeVar("T")
_UNKNOWN = "see docs/topics.md"
# A thousand names have one class. To mypy a class is nothing that can be hashed.
_hints: Callable[[type[Any]], Mapping[str, Any]] = cache(get_type_hints)  # type: ignore[assignment]


def shaped(kind: type[T], content: Mapping[str, Any]) -> tuple[T | None, tuple[Mistake, ...]]:
    """The dataclass `kind` of a file's content, unknown keys left out; None where a type is wrong."""
    value, wrong = strict_value(kind, content)
    unknown = (_named(mistake, kind) for mistake in _unknown_keys(kind, content))
    return value, (*unknown, *wrong)


def _named(mistake: Mistake, kind: type[Any]) -> Mistake:
    remedy = mistake.wrong
    if remedy == _UNKNOWN and mistake.place[-1] in _hints(kind):
        remedy = "it is of the whole file: write it above the first line in brackets"
    return Mistake(mistake.place, f"no such key here; {remedy}")


def _unknown_keys(kind: type[Any], content: Mapping[str, Any], above: Place = ()) -> Iterator[Mistake]:
    """The keys nobody reads, each with the one that may be meant."""
    hints = _hints(kind)
    for key, value in content.items():
        if key not in hints:
            meant = get_close_matches(key, hints, 1)
            yield Mistake((*above, key), f"write {meant[0]}" if meant else _UNKNOWN)
            continue
        inner = next((each for each in (hints[key], *get_args(hints[key])) if is_dataclass(each)), None)
        for number, each in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(inner, type) and isinstance(each, dict):
                place = (*above, key, number) if isinstance(value, list) else (*above, key)
                yield from _unknown_keys(inner, each, place)
