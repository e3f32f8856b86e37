"""Commands that probe sites and keep nothing in the archive: sources check, sources add."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.crawling import Names
from scheduler.cli.options import Config, Json, finish, tell_progress
from scheduler.cli.rows import plain, write_json
from scheduler.loading import load_settings
from scheduler.settings import Catalogue, Settings
from storage.errors import ConfigError, InputError

if TYPE_CHECKING:
    from crawler.probing.told import Check, Proposal, Wanted
    from storage.model import Source


def check(names: Names = None, json: Json = False, config: Config = None) -> None:
    """Probe sources as they are today: robots.txt, every entry, the newest article."""
    from crawler.catalogue import readable_sources
    from scheduler import jobs, probes
    from scheduler.cli.probed import print_check, print_checks

    settings = _quiet(load_settings(config, needed=False))
    known, problems = readable_sources(settings.catalogue.directory)
    chosen = jobs.choose(jobs.as_set(known, settings.catalogue), names or ())
    done = probes.check(
        settings, chosen, tell=lambda each: tell_progress(f"{each.source}: {each.finding}", json)
    )
    if json:
        write_json(done)
    else:
        for each in done:
            print_check(each)
        print_checks(done)
    finish((*problems, *(_line(each) for each in done if not each.usable)))


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Of the site, or of its feed or sitemap.")],
    id: Annotated[str, typer.Option("--id", help="Of the source; default: from the host.")] = "",
    country: Annotated[
        str, typer.Option("--country", help="Two letters, where the site does not tell.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Save without asking.")] = False,
    over: Annotated[
        bool,
        typer.Option("--replace", help="Save over a source of the same id, or beside one of the same site."),
    ] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Find the entries of a site, show three of its articles, and save it as a source."""
    from crawler.probing.told import Wanted
    from scheduler import probes
    from scheduler.cli.probed import print_proposal

    settings = _quiet(load_settings(config, needed=False))
    wanted = _allowed(Wanted(url=url, id=id, country=country.upper()), settings, over=over)
    proposal = probes.find(settings, wanted, tell=lambda step: _step(step, json))
    if not json:
        print_proposal(proposal)
    saved = _save(proposal, settings) if yes or _agrees(json) else None
    if json:
        write_json({**plain(proposal), "saved": saved})
    elif saved:
        typer.echo(f"{saved}: saved; `rasid crawl {proposal.source.id}` crawls it")
    if saved is None:
        finish([f"{proposal.source.id}: nothing is saved; run it again with --yes to save the file"])


def _allowed(wanted: "Wanted", settings: Settings, *, over: bool) -> "Wanted":
    """What is wanted, with its id. Raises a RasidError where it could not be saved in the end."""
    from crawler.countries import is_country
    from crawler.probing.whereabouts import stranger

    if settings.catalogue.directory is None:
        raise ConfigError(
            "[catalogue] directory is not set; name a folder of yours in rasid.toml: sources are saved there"
        )
    if wanted.country and not is_country(wanted.country):
        raise InputError(f"--country {wanted.country}: no code of a country (ISO 3166); give one such as MA")
    unknown = stranger(wanted)
    if not over:
        _require_new(unknown, settings.catalogue)
    return replace(wanted, id=unknown.id)


def _require_new(unknown: "Source", catalogue: Catalogue) -> None:
    """Raises InputError where the id is taken, or the site is crawled already."""
    from crawler.catalogue import readable_sources
    from crawler.sites import hosts_of
    from scheduler.jobs import as_set

    folder = catalogue.directory
    known, _ = readable_sources(folder if folder and folder.exists() else None)
    own = folder / "sources" / f"{unknown.id}.toml" if folder else None
    if (own and own.exists()) or unknown.id in {source.id for source in known}:
        raise InputError(f"{unknown.id}: there is such a source; choose another --id, or --replace it")
    hosts = set(hosts_of(unknown))
    for source in as_set(known, catalogue):
        if source.enabled and not hosts.isdisjoint(hosts_of(source)):
            host = min(hosts.intersection(hosts_of(source)))
            raise InputError(f"{host}: {source.id} crawls it already; --replace says that you want both")


def _save(proposal: "Proposal", settings: Settings) -> str:
    from crawler.probing.source_file import save_source

    assert settings.catalogue.directory  # noqa: S101 - `_allowed` has seen it
    return str(save_source(proposal.source.id, proposal.text, settings.catalogue.directory))


def _agrees(json: bool) -> bool:
    """Ask where somebody can answer."""
    if json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm("Save it?")


def _quiet(settings: Settings) -> Settings:
    """The log of a probe is what it prints."""
    if settings.log.level == "debug":
        return settings
    return settings.model_copy(update={"log": settings.log.model_copy(update={"level": "critical"})})


def _line(check: "Check") -> str:
    return f"{check.source}: {check.finding}: {check.remedy}"


def _step(step: str, json: bool) -> None:
    if json:
        tell_progress(step, json)
    else:
        from scheduler.cli.output import print_line, readable

        print_line(readable(step))
