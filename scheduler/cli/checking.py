"""`rasid topics check`: what a rule file contains, and what is wrong or suspicious in it."""

from pathlib import Path

import typer

from scheduler.cli.options import finish
from scheduler.cli.output import print_line
from scheduler.settings import Catalogue


def check_rules(file: Path | None, catalogue: Catalogue) -> None:
    """Print what a file contains, else how much is in use; a line for each mistake, then exit 1.

    Raises CatalogueError where a file cannot be read at all.
    """
    if file is None:
        _check_all(catalogue)
        return
    from crawler.checking.contents import counted
    from crawler.checking.files import check_file

    checked = check_file(file, catalogue.directory)
    for line in checked.contents:
        print_line(line)
    for line in checked.warnings:
        typer.echo(f"warning: {line}", err=True)
    finish(checked.mistakes)
    print_line(f"{file}: no mistakes, {counted(len(checked.warnings), 'warning')}")


def _check_all(catalogue: Catalogue) -> None:
    from crawler.checking.contents import counted
    from crawler.rules import load_rules

    rules = load_rules(catalogue.directory, catalogue.topics)
    found = ((len(rules.topics), "topic"), (len(rules.names.entities), "name"))
    print_line(f"{' and '.join(counted(*each) for each in found)} well formed")
