"""Rule files: TOML on disk to values, or one error naming file, key and value.

The shipped files lie in `sources/`, `topics/` and `entities/` of this package; the user's directory has the
same three folders, and a file there replaces the shipped one of the same name.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from crawler.checking.mistakes import Mistake, key_of
from crawler.checking.values import wrong_value
from storage.errors import CatalogueError

T = TypeVar("T")
SHIPPED = Path(__file__).parent
_CURLY = tuple("“”„‟«»‘’‚‹›″＂")
_ODD_SPACES = tuple("\u00a0\u2007\u202f\u200b\u200e\u200f\ufeff")


def rule_files(folder: str, directory: Path | None = None) -> tuple[Path, ...]:
    """The TOML files of one folder by name, the user's in place of the shipped of the same name."""
    if directory is not None and not directory.is_dir():
        raise CatalogueError(f"{directory}: no such directory; see [catalogue] directory in rasid.toml")
    found = {path.name: path for path in (SHIPPED / folder).glob("*.toml")}
    if directory is not None:
        found |= {path.name: path for path in (directory / folder).glob("*.toml")}
    return tuple(found[name] for name in sorted(found))


def read_rules(path: Path) -> dict[str, Any]:
    """The content of one rule file.

    Raises CatalogueError if it cannot be read or is not TOML, then with line and column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except IsADirectoryError as error:
        raise CatalogueError(f"{path}: a folder; name a .toml file in it") from error
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CatalogueError(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from error
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CatalogueError(f"{path}: not valid TOML: {error}{_hint(str(error), text)}") from error


def to_value(kind: type[T], content: Mapping[str, Any], path: Path) -> T:
    """The dataclass `kind` filled from a file's content.

    Raises CatalogueError naming file, key and value for an unknown, missing or ill-typed key.
    """
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    for key in content:
        if key not in known:
            raise CatalogueError(f"{path}: {key}: no such key; known are {', '.join(sorted(known - {'id'}))}")
    try:
        return cast(T, _adapter(cast(Any, kind)).validate_python(content))
    except ValidationError as error:
        first = _mistakes(error)[0]
        raise CatalogueError(f"{path}: {key_of(content, first.place)}: {first.wrong}") from error


def strict_value(kind: type[T], content: Mapping[str, Any]) -> tuple[T | None, tuple[Mistake, ...]]:
    """The dataclass `kind` of a file's content, else every missing key and wrong type.

    A text is no number and no `true`; keys that `kind` does not have are left out.
    """
    try:
        return cast(
            T, _adapter(cast(Any, kind)).validate_json(json.dumps(content, default=str), strict=True)
        ), ()
    except ValidationError as error:
        return None, _mistakes(error)


def _mistakes(error: ValidationError) -> tuple[Mistake, ...]:
    found = ((each["loc"], each["type"], each["input"], each["msg"]) for each in error.errors())
    return tuple(Mistake(place, wrong_value(kind, place, value, said)) for place, kind, value, said in found)


def _hint(error: str, text: str) -> str:
    """What may be wrong with the line that TOML stumbled over: word processors change quotes and spaces."""
    if "end of document" in error:
        return "; a bracket or quote is not closed"
    place = re.search(r"at line (\d+), column (\d+)", error)
    if place is None:
        return ""
    line, column = text.split("\n")[int(place[1]) - 1].strip("\r"), int(place[2])
    odd = next((each for each in line[column - 1 :] + line if each in _CURLY or each in _ODD_SPACES), None)
    if odd in _CURLY:
        return f'; {odd} is no quote of TOML, write a straight " in: {line.strip()}'
    if odd:
        return f"; U+{ord(odd):04X} is no plain space, write the line anew: {line.strip()}"
    return f"; in: {line.strip()}"


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
