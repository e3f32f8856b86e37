"""The command `rasid db move`."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import Config, Json, open_archive
from scheduler.cli.output import print_line, print_table
from scheduler.cli.rows import write_json
from scheduler.loading import load_settings
from storage.errors import ArchiveError
from storage.model import Moved

if TYPE_CHECKING:
    from storage.archive import Archive

_PAUSE = 0.5  # seconds between two lines of progress


def move(
    url: Annotated[str, typer.Argument(metavar="URL", help="sqlite:///FILE or postgresql://USER@HOST/NAME")],
    json: Json = False,
    config: Config = None,
) -> None:
    """Copy the whole archive to an empty database, of the other kind or the same; it stays as it is."""
    from scheduler import backing_up

    with (
        open_archive(load_settings(config)) as archive,
        _target(url) as target,
        backing_up.alone(archive, patience=0),
    ):
        told = archive.keeping.move(target.keeping, datetime.now(UTC), _progress(json=json))
    if json:
        write_json(told)
    else:
        _tell(told)


def _target(url: str) -> "Archive":
    """The other database. Raises ArchiveError, which names the argument, if there is none."""
    from storage.archive import Archive

    try:
        target = Archive(url)
        target.running.greet()
    except ArchiveError as error:
        raise ArchiveError(str(error).replace("[database] url", "URL")) from error
    return target


def _tell(told: Moved) -> None:
    print_table(("table", "rows"), told.rows.items())
    print_line(f"{told.target}: written, and the same as the archive in {told.asked} searches")
    print_line("Now set [database] url to it, run rasid db check, and start the service.")
    print_line("The archive that was copied is left as it was.")


def _progress(*, json: bool) -> Callable[[str, int, int], None]:
    """How far it has come, for who looks on."""
    if json or not sys.stderr.isatty():
        return lambda _table, _done, _of: None
    latest = 0.0

    def tell(table: str, done: int, of: int) -> None:
        nonlocal latest
        if done == of or monotonic() - latest > _PAUSE:
            latest = monotonic()
            typer.echo(f"{table}: {done:,} of {of:,}", err=True)

    return tell
