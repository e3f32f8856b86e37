"""What is wrong with settings, in one line that names file or variable, key and remedy."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from storage.errors import ConfigError

_MOVED = {("snapshots", "days"): ("archive", "keep_snapshots_days")}


def refuse(content: Mapping[str, Any], file: Path) -> None:
    """Raise ConfigError for a secret in the file, and for a key that has another name now."""
    for (table, key), (new, name) in _MOVED.items():
        if key in _table(content, table):
            raise ConfigError(f"{file}: [{table}] {key}: is called [{new}] {name} now; rename it")
    if "password" in _table(content, "mail"):
        raise ConfigError(
            f"{file}: [mail] password: no secrets here; set password_file or RASID_MAIL__PASSWORD"
        )
    if "@" in str(_table(content, "crawl").get("proxy")):
        raise ConfigError(f"{file}: [crawl] proxy: no secrets here; set proxy_file or RASID_CRAWL__PROXY")


def refuse_variables(tables: Mapping[str, FieldInfo]) -> None:
    """Raise ConfigError for a variable of ours that no setting is called by."""
    moved = {_variable(*old): _variable(*new) for old, new in _MOVED.items()}
    known = {
        _variable(table, key)
        for table, model in tables.items()
        for key in getattr(model.annotation, "model_fields", ())
    }
    for name in sorted(os.environ):
        upper = name.upper()
        ours = upper.startswith("RASID_") and not upper.startswith("RASID_TEST_")
        if upper in moved:
            raise ConfigError(f"{name}: is called {moved[upper]} now; rename it")
        if ours and upper not in known | {"RASID_CONFIG"}:
            raise ConfigError(f"{name}: no such setting; see rasid.example.toml for the tables and keys")


def explain(error: ValidationError, file: Path) -> str:
    """What is wrong with the first value that is."""
    first = error.errors()[0]
    table, *keys = (str(part) for part in first["loc"])
    key = ".".join(keys)
    if first["type"] == "extra_forbidden":
        return f"{file}: {f'[{table}] {key}'.rstrip()}: no such setting; see rasid.example.toml"
    variable = _variable(table, key)
    where = variable if variable in os.environ else f"{file}: [{table}] {key}".rstrip()
    given = "" if "password" in key or key == "proxy" else f" (got {first['input']!r})"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}{given}"


def _variable(table: str, key: str) -> str:
    return f"RASID_{table}__{key}".upper()


def _table(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = content.get(name)
    return table if isinstance(table, dict) else {}
