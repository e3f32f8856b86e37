"""What the paths through a page found, field by field, and the best of it. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

Findings = Mapping[str, tuple[str, ...]]  # field -> what was found, the likeliest first; no empty ones


class Path(NamedTuple):
    """A way to learn of an article, and what it found."""

    name: str  # json-ld | meta | select | markup | trafilatura | entry
    found: Findings


def findings(**fields: tuple[str, ...]) -> Findings:
    """The fields with whitespace normalised, the empty ones left out."""
    return {
        name: tuple(" ".join(each.split()) for each in values) for name, values in fields.items() if values
    }


def best(field: str, paths: tuple[Path, ...]) -> tuple[tuple[str, ...], str]:
    """What the first path that knows a field found, and that path's name; empty if none does."""
    return next(((path.found[field], path.name) for path in paths if path.found.get(field)), ((), ""))
