"""Commands for whoever runs Rasid: the database and the rules."""

from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.options import Config, Json, open_archive
from scheduler.cli.output import print_line, print_table
from scheduler.cli.rows import write_json
from scheduler.settings import load_settings

db = typer.Typer(help="The database.", no_args_is_help=True)
topics = typer.Typer(help="The rules of what is relevant.", no_args_is_help=True)


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


@topics.command("list")
def list_topics(json: Json = False, config: Config = None) -> None:
    """List the topics."""
    from crawler.rules import load_topics

    found = load_topics(load_settings(config, needed=False).catalogue.directory)
    if json:
        write_json(found)
    else:
        print_table(("id", "name"), ((each.id, each.labels.get("en", "")) for each in found))


@topics.command("check")
def check_topic(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Default: all rules in use.")] = None,
    config: Config = None,
) -> None:
    """Say whether a topic file, or all rules in use, can be read."""
    from crawler.rules import load_rules, load_topic

    if file is not None:
        print_line(f"{file}: topic {load_topic(file).id} is well formed")
        return
    rules = load_rules(load_settings(config, needed=False).catalogue.directory)
    print_line(f"{len(rules.topics)} topics and {len(rules.names.entities)} names are well formed")
