"""Commands for many articles at once: import, export."""

import gzip
import os
import shutil
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Annotated, cast

import typer

from scheduler.cli.options import Config, Json, TopicId, chosen_topic, create_archive, open_archive
from scheduler.cli.output import print_line
from scheduler.cli.rows import write_json
from scheduler.dossiers import dossier_row
from scheduler.loading import load_settings
from scheduler.signals import stop_event
from storage.errors import InputError

if TYPE_CHECKING:
    from scheduler.importing import Outcome


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE.jsonl", help="Also .jsonl.gz; -: standard input.")],
    grouping: Annotated[
        bool,
        typer.Option(" /--no-grouping", help="A row without story is a story of its own."),
    ] = True,
    topic: TopicId = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Take articles in; what is there is passed over, so that it may be broken off and run again."""
    from crawler.rules import load_topics
    from scheduler import jobs
    from scheduler.importing import Asked, import_file, lines_of
    from scheduler.reading_in import Means

    settings = load_settings(config)
    directory, topics = settings.catalogue.directory, tuple(settings.catalogue.topics)
    chosen, told = chosen_topic(topic, settings, load_topics(directory, topics)), _Told()
    with create_archive(settings) as archive, stop_event() as stop, _opened(file) as opened:
        jobs.load_catalogue(settings, archive)  # what comes in is found by the names of who it is about
        means = Means(
            name="standard input" if file == "-" else file,
            now=datetime.now(UTC),
            topic=chosen,
            directory=directory,
            topics=topics,
            grouping=grouping,
            database=archive.bulk.database,
        )
        asked = Asked(
            file=opened,
            lines=lines_of(opened),
            means=means,
            complain=lambda line: typer.echo(line, err=True),
            tell=told.hear,
            stopping=stop.is_set,
        )
        outcome = import_file(archive, asked)
    _tell(outcome, means.name, json)


class Format(StrEnum):
    """What an export may be."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def export(
    query: Annotated[str, typer.Argument(metavar="[QUERY]", help="As for search; default: everything.")] = "",
    form: Annotated[Format, typer.Option("--format")] = Format.JSONL,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Default: standard output.")
    ] = None,
    config: Config = None,
) -> None:
    """Write every article that answers a query, by id."""
    from reports.export import writer
    from storage.query import parse_query

    if form is Format.PARQUET and out is None and sys.stdout.isatty():
        raise typer.BadParameter("parquet is no text for a terminal; give --out FILE")
    asked = parse_query(query, now=datetime.now(UTC)) if query.strip() else None
    for part in asked.not_understood if asked else ():
        typer.echo(f"not understood: {part}", err=True)
    write = writer(form.value)
    with open_archive(load_settings(config)) as archive, _target(out) as target:
        write(map(dossier_row, archive.bulk.matching(asked)), target)


@contextmanager
def _target(out: Path | None) -> Iterator[IO[bytes]]:
    """Where an export goes: a file is there whole or not at all, a pipe or device gets it as it comes."""
    try:
        if out is None:
            with open(sys.stdout.fileno(), "wb", closefd=False) as target:
                yield target
        elif out.exists() and not out.is_file():
            with out.open("wb") as target:
                yield target
        else:
            with _whole(Path(os.path.realpath(out))) as target:  # a link stays one
                yield target
    except BrokenPipeError:
        raise
    except OSError as error:
        name = "standard output" if out is None else out
        raise InputError(f"{name}: {error.strerror or error}") from error


@contextmanager
def _whole(out: Path) -> Iterator[IO[bytes]]:
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def _tell(outcome: "Outcome", name: str, json: bool) -> None:
    """What an import came to; exit 1 where a line was bad or it did not come to its end."""
    if json:
        write_json({"read": outcome.read, **asdict(outcome)})
    else:
        print_line(_closing(outcome))
    if outcome.stopped:
        typer.echo(f"{name}: stopped before its end; run it again", err=True)
    if outcome.bad or outcome.stopped:
        raise typer.Exit(1)


class _Told:
    """How far an import has come, on a terminal."""

    def __init__(self) -> None:
        self._last = datetime.now(UTC)

    def hear(self, outcome: "Outcome") -> None:
        now = datetime.now(UTC)
        if sys.stderr.isatty() and (now - self._last).total_seconds() >= 5:
            self._last = now
            typer.echo(_closing(outcome), err=True)


def _closing(outcome: "Outcome") -> str:
    counts = {
        "imported": outcome.imported,
        "already there": outcome.there,
        "bad": outcome.bad,
        "not relevant": outcome.irrelevant,
        "same as another": outcome.same,
    }
    told = (f"{number:,} {what}" for what, number in counts.items() if number or what != "same as another")
    return f"{outcome.read:,} read: {', '.join(told)}"


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    """A file that can be read twice. Raises InputError where it cannot be read."""
    name = "standard input" if file == "-" else file
    try:
        if file == "-":
            with TemporaryFile() as kept:
                shutil.copyfileobj(sys.stdin.buffer, kept)
                yield kept
        elif file.endswith(".gz"):
            with gzip.open(file) as unpacked:
                yield cast(IO[bytes], unpacked)
        else:
            with Path(file).open("rb") as plain:
                yield plain
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name}: {getattr(error, 'strerror', None) or error}") from error
