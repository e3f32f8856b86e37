"""What many commands share: options, the archive, the way out."""

import sys
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.periods import moment_of
from scheduler.settings import Settings
from storage.errors import ConfigError, InputError
from storage.model import Topic

if TYPE_CHECKING:
    from storage.archive import Archive

MOST = 2**63 - 1  # what a database counts to
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings; default: RASID_CONFIG, else ./rasid.toml."),
]
TopicId = Annotated[str | None, typer.Option("--topic", help="Its id; default: [digest] topic.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


class Language(StrEnum):
    """The languages Rasid speaks."""

    AR = "ar"
    FR = "fr"
    EN = "en"


def open_archive(settings: Settings) -> "Archive":
    """The configured archive. Raises ArchiveError unless it is there and of this version."""
    from storage.archive import Archive

    archive = Archive(settings.database.url)
    archive.check()
    return archive


def create_archive(settings: Settings) -> "Archive":
    """The configured archive, made where there is none yet.

    Raises ArchiveError if it is of another version.
    """
    from storage.archive import Archive

    archive = Archive(settings.database.url)
    archive.create()
    return archive


def chosen_topic(name: str | None, settings: Settings, known: Iterable[Topic]) -> str:
    """The id of the topic asked for, else of the digest's. Raises InputError for one that is not in use."""
    wanted, ids = name or settings.digest.topic, [each.id for each in known]
    if wanted not in ids:
        key = "" if name else "rasid.toml: [digest] topic: "
        raise InputError(f"{key}{wanted}: no such topic; there are {', '.join(ids)}")
    return wanted


def past(text: str | None, now: datetime, option: str) -> datetime | None:
    """The moment that an option names. Raises BadParameter (wrong usage) for none, or one that is to come."""
    if text is None:
        return None
    try:
        moment = moment_of(text, now, option)
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from error
    if moment >= now:
        raise typer.BadParameter(f"{option} {text}: not past yet; write a day such as 2026-11-01, or 7d")
    return moment


def finish(problems: Iterable[object]) -> None:
    """Print one line per problem on standard error; exit 1 if there is one."""
    if tell_problems(problems):
        raise typer.Exit(1)


def tell_problems(problems: Iterable[object]) -> bool:
    """Print one line per problem on standard error; whether there was one."""
    lines = [str(problem) for problem in problems]
    for line in lines:
        typer.echo(line, err=True)
    return bool(lines)


def tell_progress(line: str, json: bool) -> None:
    """How far a long command has come, for who looks on."""
    if not json and sys.stderr.isatty():
        typer.echo(line, err=True)
