"""One thing wrong in a rule file, and where people find it. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

Place = tuple[str | int, ...]  # keys and numbers, from the outside in


class Mistake(NamedTuple):
    """What is wrong at a place of a file, with the value and the remedy."""

    place: Place
    wrong: str


def key_of(content: object, place: Iterable[str | int]) -> str:
    """A place as people find it: one of a list by its `id` or its `why`, else by its number from 0."""
    named = []
    for part in place:
        content = _inside(content, part)
        named.append(_called(content, part))
    return ".".join(named)


def _inside(content: object, part: str | int) -> object:
    """What is at one part of a place; None if nothing is."""
    match content, part:
        case dict(), _:
            return content.get(part)
        case list() | tuple(), int() if part < len(content):
            return content[part]
        case _, str():
            return getattr(content, part, None)
    return None


def _called(content: object, part: str | int) -> str:
    if isinstance(part, str):
        return part
    name, why = _inside(content, "id"), _inside(content, "why")
    if isinstance(name, str) and name:
        return name
    return f"“{why}”" if isinstance(why, str) and why else str(part)
