"""Commands for whoever runs Rasid: the database."""

import typer

from scheduler.cli.options import Config, open_archive
from scheduler.cli.output import print_line
from scheduler.settings import load_settings

db = typer.Typer(help="The database.", no_args_is_help=True)


@db.command()
def upgrade(config: Config = None) -> None:
    """Create the archive, or bring it to this version."""
    from storage.archive import Archive

    with Archive(load_settings(config).database.url) as archive:
        archive.upgrade()
    print_line("the archive is of this version")


@db.command()
def check(config: Config = None) -> None:
    """Say whether the archive can be reached and is of this version."""
    with open_archive(load_settings(config)):
        print_line("the archive is there and of this version")
