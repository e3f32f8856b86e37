"""Rule files: TOML on disk to values, or one error naming file, key and value.

The shipped files lie in `sources/`, `topics/` and `entities/` of this package; the user's directory has the
same three folders, and a file there replaces the shipped one of the same name.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from crawler.checking.mistakes import key_of
from storage.errors import CatalogueError

T = TypeVar("T")
SHIPPED = Path(__file__).parent


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
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except IsADirectoryError as error:
        raise CatalogueError(f"{path}: a folder; name a .toml file in it") from error
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CatalogueError(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        open_still = "; a bracket or quote is not closed" if "end of document" in str(error) else ""
        raise CatalogueError(f"{path}: not valid TOML: {error}{open_still}") from error


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
        first = error.errors()[0]
        where = key_of(content, first["loc"])
        given = "" if first["type"] == "missing" else f" (got {first['input']!r})"
        raise CatalogueError(f"{path}: {where}: {first['msg']}{given}") from error


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
