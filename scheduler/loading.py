"""Loading the settings: from rasid.toml and the environment, with what is wrong in one line."""

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scheduler import mistakes
from scheduler.hiding import secrets_of
from scheduler.settings import Database, Settings
from storage.errors import ConfigError


def load_settings(path: Path | None = None, *, needed: bool = True) -> Settings:
    """The settings of `path`, else of RASID_CONFIG, else of rasid.toml in the working directory.

    Where there is none of these and no RASID_DATABASE__URL either, the defaults are good enough for what
    needs no archive (`needed=False`). Raises ConfigError naming file or variable, key and remedy.
    """
    file, named = settings_file(path), path or os.environ.get("RASID_CONFIG")
    if not named and not file.exists():
        if needed and "RASID_DATABASE__URL" not in os.environ:
            raise ConfigError(f"{file.absolute()}: no such file; {_REMEDY}")
        return _settings({}, file)
    return _settings(_read(file), file)


def settings_file(path: Path | None = None) -> Path:
    """The file of the settings, whether or not it is there."""
    return path or Path(os.environ.get("RASID_CONFIG") or "rasid.toml")


_REMEDY = "copy rasid.example.toml to rasid.toml, or name your file with --config"


def _read(file: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"{file}: no such file; {_REMEDY}") from error
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    mistakes.refuse(content, file)
    return content


def _settings(content: dict[str, Any], file: Path) -> Settings:
    mistakes.refuse_variables(Settings.model_fields)
    try:
        settings = Settings(**content)
    except ValidationError as error:
        raise ConfigError(mistakes.explain(error, file)) from error
    whole = _with_absolute_paths(settings, file.absolute().parent)
    return whole.model_copy(update={"log": whole.log.without(secrets_of(whole, os.environ))})


def _with_absolute_paths(settings: Settings, home: Path) -> Settings:
    url = settings.database.url
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/"):
        url = f"{prefix}{home / url.removeprefix(prefix)}"
    directory, password = settings.catalogue.directory, settings.mail.password_file
    proxy, signing = settings.crawl.proxy_file, settings.mail.dkim_key_file
    return settings.model_copy(
        update={
            "database": Database(url=url),
            "catalogue": settings.catalogue.model_copy(
                update={"directory": home / directory if directory else None}
            ),
            "crawl": settings.crawl.model_copy(update={"proxy_file": home / proxy if proxy else None}),
            "snapshots": settings.snapshots.model_copy(
                update={"directory": home / settings.snapshots.directory}
            ),
            "backups": settings.backups.model_copy(update={"directory": home / settings.backups.directory}),
            "digest": settings.digest.model_copy(update={"outbox": home / settings.digest.outbox}),
            "mail": settings.mail.model_copy(
                update={
                    "password_file": home / password if password else None,
                    "dkim_key_file": home / signing if signing else None,
                }
            ),
        }
    )
