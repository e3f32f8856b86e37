"""Commands for whoever runs Rasid: the database."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scheduler.cli.options import Config, Json, finish, open_archive
from scheduler.cli.output import print_line, print_table
from scheduler.cli.rows import write_json
from scheduler.loading import load_settings
from storage.model import Backup

if TYPE_CHECKING:
    from storage.archive import Archive

db = typer.Typer(help="The database.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(metavar="FILE")]


@db.command()
def upgrade(
    backup: Annotated[
        bool, typer.Option(" /--no-backup", help="Do not back up an older archive first.")
    ] = True,
    config: Config = None,
) -> None:
    """Create the archive, or bring it to this version, after a backup."""
    from scheduler import backing_up
    from scheduler.workers import open_queue

    settings = load_settings(config)
    with _archive(config) as archive, backing_up.alone_if_older(archive):
        told = backing_up.upgrade(settings, archive, datetime.now(UTC), backup=backup)
        if settings.work.engine == "procrastinate":
            open_queue(settings).install(archive)
    if told:
        print_line(f"{told.file}: written, {_size(told.bytes)}, the archive as it was (schema {told.schema})")
    print_line("the archive is of this version")


@db.command()
def check(json: Json = False, config: Config = None) -> None:
    """Say whether the archive can be reached, is of this version and in order."""
    with _archive(config) as archive:
        found = archive.keeping.findings()
    if json:
        write_json({"findings": found})
        raise typer.Exit(1 if found else 0)
    finish(found)
    print_line("the archive is there, of this version and in order")


@db.command()
def backup(file: File, json: Json = False, config: Config = None) -> None:
    """Write the whole archive to a new file, while others read and write."""
    with _archive(config) as archive:
        told = archive.keeping.backup(file, datetime.now(UTC))
    _tell(told, "written", json=json)


@db.command()
def restore(
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite an archive that holds something.")
    ] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Let the archive be what it was when a backup was made."""
    with _archive(config) as archive:
        told = archive.keeping.restore(file, replace=replace)
    _tell(told, "restored", json=json)


@db.command()
def reindex(json: Json = False, config: Config = None) -> None:
    """Make the search index anew from the articles."""
    with _archive(config) as archive:
        number = archive.keeping.reindex(_progress(json=json))
    if json:
        write_json({"articles": number})
    else:
        print_line(f"{number:,} articles are in the search index")


@db.command()
def tidy(json: Json = False, config: Config = None) -> None:
    """Do now what the service does once a day: forget what is old, tidy the database."""
    from scheduler import upkeep

    settings = load_settings(config)
    with open_archive(settings) as archive:
        steps = tuple(upkeep.tidy(settings, archive, datetime.now(UTC)))
    if json:
        write_json(steps)
    else:
        print_table(("what", "came to"), ((each.name, each.said) for each in steps if not each.failed))
    finish(f"{each.name}: {each.said}" for each in steps if each.failed)


def _archive(config: Config) -> "Archive":
    """The configured archive, whether or not it is there."""
    from storage.archive import Archive

    return Archive(load_settings(config).database.url)


def _tell(told: Backup, done: str, *, json: bool) -> None:
    if json:
        write_json(told)
        return
    print_table(("table", "rows"), told.rows.items())
    made = told.made.astimezone(UTC)
    print_line(f"{told.file}: {done}, {_size(told.bytes)}, made {made:%Y-%m-%d %H:%M} UTC")


def _size(number: int) -> str:
    """Bytes as people say them."""
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:,} {unit}"
        number = round(number / 1000)
    return f"{number:,} GB"


def _progress(*, json: bool) -> Any:
    def tell(done: int) -> None:
        if not json and sys.stderr.isatty() and not done % 10_000:
            typer.echo(f"{done:,} articles", err=True)

    return tell
