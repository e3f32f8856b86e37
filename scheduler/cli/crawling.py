"""Commands that fetch: crawl, service; and what is watched: sources."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from scheduler.cli.options import Config, Json, create_archive, finish, tell_problems
from scheduler.cli.output import print_line, print_reports, print_table
from scheduler.cli.rows import write_json
from scheduler.loading import load_settings
from scheduler.signals import stop_event
from storage.errors import InputError
from storage.model import CrawlReport, Problem, Source

sources = typer.Typer(help="What is watched.", no_args_is_help=True)
Names = Annotated[list[str] | None, typer.Argument(metavar="SOURCE...", help="Default: all enabled.")]


def crawl(
    names: Names = None,
    due: Annotated[bool, typer.Option("--due", help="Only the sources whose turn it is.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Crawl once, now, and say what came of it."""
    from scheduler import jobs
    from scheduler.log import set_up_logging

    settings = load_settings(config)
    if settings.log.level != "debug":  # the table and the problem lines say it all
        settings = settings.model_copy(update={"log": settings.log.model_copy(update={"level": "critical"})})
    set_up_logging(settings.log)
    now = datetime.now(UTC)
    with create_archive(settings) as archive, stop_event() as stop:
        known, problems = jobs.load_catalogue(settings, archive)
        try:
            chosen = jobs.choose(known, names or ())
        except InputError:
            tell_problems(problems)
            raise
        if due:
            chosen = jobs.due(chosen, archive.health(), now, archive.revisions.due_sources(now))
        tell = _progress(json)
        reports = jobs.crawl(settings, chosen, tell=tell, now=now, stopping=stop.is_set)
    if json:
        write_json(reports)
    else:
        print_reports(reports)
    finish((*problems, *(problem for report in reports for problem in _problems(report))))


def service(config: Config = None) -> None:
    """Run the background service until SIGTERM: crawls and digests on time."""
    from scheduler.log import set_up_logging
    from scheduler.service import serve

    settings = load_settings(config)
    set_up_logging(settings.log)
    with stop_event() as stop:
        serve(settings, stop)


@sources.command("list")
def list_sources(json: Json = False, config: Config = None) -> None:
    """List the sources with what we know of their sites."""
    known, problems = _catalogue(config)
    if json:
        write_json(known)
    else:
        rows = ((each.id, each.name, each.country, each.language, _state(each), each.grade) for each in known)
        print_table(("id", "name", "country", "language", "polled", "evidence"), rows)
    finish(problems)


@sources.command()
def show(
    name: Annotated[str, typer.Argument(metavar="SOURCE")], json: Json = False, config: Config = None
) -> None:
    """Show one source: its entries, patterns and note."""
    known, _ = _catalogue(config)
    found = next((each for each in known if each.id == name), None)
    if found is None:
        raise InputError(f"{name}: no such source; see `rasid sources list`")
    if json:
        write_json(found)
        return
    print_line(f"{found.name} ({found.id}), {found.country}, {_state(found)}, evidence {found.grade}", "bold")
    for entry in found.entries:
        print_line(f"  {entry.kind.value}: {entry.url}")
    print_line(f"  articles: {found.article_url}")
    print_line(f"  {found.delay:g} s between requests")
    if found.note:
        print_line(f"  {found.note}")


def _problems(report: CrawlReport) -> tuple[Problem, ...]:
    stopped = Problem(source=report.source, where="crawl", what="stopped before its end; run it again")
    return (*report.problems, *([stopped] if report.outcome == "stopped" else []))


def _catalogue(config: Config) -> tuple[tuple[Source, ...], tuple[Exception, ...]]:
    from crawler.catalogue import readable_sources

    return readable_sources(load_settings(config, needed=False).catalogue.directory)


def _state(source: Source) -> str:
    return f"every {source.poll_least} to {source.poll_most} min" if source.enabled else "disabled"


def _progress(json: bool) -> Callable[[CrawlReport], None]:
    def tell(report: CrawlReport) -> None:
        if not json and sys.stderr.isatty():
            typer.echo(f"{report.source}: {report.fetched} fetched, {report.relevant} relevant", err=True)

    return tell
