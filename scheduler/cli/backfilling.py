"""The command that records what is old: backfill."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import Config, Json, create_archive, finish
from scheduler.cli.output import print_reports, print_table
from scheduler.cli.rows import write_json
from scheduler.loading import load_settings
from scheduler.settings import Settings
from scheduler.signals import stop_event
from storage.errors import InputError
from storage.event import event
from storage.model import Backfill, CrawlReport, Source

if TYPE_CHECKING:
    from storage.archive import Archive

log = logging.getLogger(__name__)
What = Annotated[
    list[str] | None, typer.Argument(metavar="SOURCE...|FILE...", help="Sources; with --warc, files.")
]


def backfill(
    what: What = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="How far back.")] = None,
    again: Annotated[bool, typer.Option("--again", help="From the beginning, though it is done.")] = False,
    warc: Annotated[bool, typer.Option("--warc", help="The arguments are WARC files.")] = False,
    queue: Annotated[bool, typer.Option("--queue", help="Leave it to the workers.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Record older articles, newest first; a second run goes on where the first stopped."""
    if not what or warc == bool(since):
        raise typer.BadParameter("give SOURCE... with --since DATE, or --warc FILE...")
    settings, files = load_settings(config), tuple(map(Path, what))
    if queue:
        from scheduler.cli.queueing import queue_files, queue_sources

        if since is None:
            queue_files(settings, files, json=json)
        else:
            queue_sources(settings, what, _moment(since), again=again, json=json)
    elif since is None:
        _files(settings, files, json=json)
    else:
        _sources(settings, tuple(what), _moment(since), again=again, json=json)


def _sources(settings: Settings, names: tuple[str, ...], since: datetime, *, again: bool, json: bool) -> None:
    from scheduler import jobs
    from scheduler.log import set_up_logging

    set_up_logging(settings.log)
    told = _Told()
    with create_archive(settings) as archive, stop_event() as stop:
        known, _ = jobs.load_catalogue(settings, archive)
        chosen = jobs.choose(known, names)
        _check(chosen, archive)
        if again:
            archive.backfills.forget([source.id for source in chosen])
        reports = jobs.crawl(
            settings,
            chosen,
            tell=lambda _: None,
            now=datetime.now(UTC),
            stopping=stop.is_set,
            since=since,
            progress=told.hear,
        )
    if json:
        write_json({"backfills": told.all, "reports": reports})
    else:
        told.print()
        print_reports(reports)
    finish(problem for report in reports for problem in (*report.problems, *_unfinished(report)))


def _check(sources: Iterable[Source], archive: "Archive") -> None:
    """Raise InputError for a source that has nothing to go back to, or wants to be left alone for now."""
    from crawler.fetching.searching import only_searches

    paused = {each.source: each.paused_until for each in archive.health()}
    for source in sources:
        if only_searches(source):
            raise InputError(f"{source.id}: is a search service: there is nothing to back-fill")
        until = paused.get(source.id)
        if until is not None and until > datetime.now(UTC):
            raise InputError(f"{source.id}: paused until {until:%Y-%m-%d %H:%M} UTC; run it again then")


def _files(settings: Settings, files: tuple[Path, ...], *, json: bool) -> None:
    from scheduler.backfills import read_files
    from scheduler.log import set_up_logging

    set_up_logging(settings.log)
    told = _Told()
    with create_archive(settings), stop_event() as stop:
        problems = read_files(settings, files, progress=told.hear, stopping=stop.is_set)
    if json:
        write_json({"backfills": told.all})
    else:
        told.print()
    finish((*problems, *(["stopped before its end; run it again"] if stop.is_set() else [])))


class _Told:
    """What has been said of each back-fill last."""

    def __init__(self) -> None:
        self._last: dict[str, Backfill] = {}

    @property
    def all(self) -> tuple[Backfill, ...]:
        return tuple(self._last.values())

    def hear(self, backfill: Backfill) -> None:
        self._last[backfill.name] = backfill
        log.info(event("back-filled", name=backfill.name, pages=backfill.pages, kept=backfill.kept))

    def print(self) -> None:
        rows = ((each.name, each.pages, each.kept, "done" if each.done else "to go on") for each in self.all)
        print_table(("what", "pages", "kept", ""), rows)


def _unfinished(report: CrawlReport) -> tuple[str, ...]:
    if report.outcome == "done" or report.problems:
        return ()
    return (f"{report.source}: {report.outcome}; run it again to go on",)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--since {text}: not a date such as 2026-01-31") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
