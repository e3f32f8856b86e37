"""What is done on time or on demand, as plain functions: keep the catalogue in step, choose whose turn it is,
crawl (`scheduler.crawling`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from crawler.catalogue import readable_sources
from crawler.rules import load_rules
from scheduler.crawling import crawl
from scheduler.health import next_turn
from scheduler.limits import require_contact
from scheduler.settings import Catalogue, Settings
from storage.archive import Archive
from storage.errors import ConfigError, InputError, RasidError
from storage.model import Source, SourceHealth

__all__ = ["as_set", "choose", "crawl", "due", "load_catalogue", "read_catalogue", "require_contact"]


def load_catalogue(settings: Settings, archive: Archive) -> tuple[tuple[Source, ...], tuple[RasidError, ...]]:
    """The sources that can be read, and what is wrong with the others; archive and rules files are in step.

    Raises CatalogueError for a topic or names file that is wrong: nothing can be judged without them, and
    ConfigError for an id in [catalogue] that no source has, and for a topic of the digest that is not in use.
    """
    sources, problems = read_catalogue(settings)
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    wanted, ids = settings.digest.topic, [topic.id for topic in rules.topics]
    if wanted not in ids:
        raise ConfigError(f"[digest] topic: {wanted} is not in use; there are {', '.join(ids)}")
    archive.load_catalogue(sources, rules.topics, rules.names.entities.values())
    return sources, problems


def read_catalogue(settings: Settings) -> tuple[tuple[Source, ...], tuple[RasidError, ...]]:
    """The sources that can be read, enabled as [catalogue] says, and what is wrong with the others.

    Raises ConfigError for an id in [catalogue] that no source has.
    """
    known, problems = readable_sources(settings.catalogue.directory)
    return tuple(as_set(known, settings.catalogue)), problems


def choose(sources: Iterable[Source], names: Iterable[str]) -> tuple[Source, ...]:
    """The sources of these ids, else every enabled one.

    Raises InputError naming an id nobody knows.
    """
    known = {source.id: source for source in sources}
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            raise InputError(f"{name}: no such source; see `rasid sources list`")
    return tuple(known[name] for name in wanted) or tuple(each for each in known.values() if each.enabled)


def due(
    sources: Iterable[Source],
    health: Iterable[SourceHealth],
    now: datetime,
    revisits: frozenset[str] = frozenset(),
) -> tuple[Source, ...]:
    """The enabled sources whose turn it is by their own rhythm (scheduler.health.polling), and not paused.

    Those of `revisits`, which have articles to be looked at again, are due as often as a source can be,
    unless they fail.
    """
    known = {each.source: each for each in health}
    soon = revisits - {each.source for each in known.values() if each.failures}
    return tuple(
        each
        for each in sources
        if each.enabled and _turn(_polled(each, soon), known.get(each.id), now) <= now
    )


def as_set(sources: tuple[Source, ...], chosen: Catalogue) -> Iterator[Source]:
    """The sources, enabled as [catalogue] says. Raises ConfigError for an id there that no source has."""
    known = {source.id for source in sources}
    for key, names in (("only", chosen.only), ("also", chosen.also)):
        for name in names:
            if name not in known:
                raise ConfigError(f"[catalogue] {key}: {name}: no such source; see `rasid sources list`")
    for source in sources:
        wanted = source.id in chosen.only if chosen.only else source.enabled
        yield replace(source, enabled=wanted or source.id in chosen.also)


def _polled(source: Source, soon: frozenset[str]) -> Source:
    if source.id not in soon:
        return source
    return replace(source, poll=min(source.poll, source.poll_least), poll_most=source.poll_least)


def _turn(source: Source, health: SourceHealth | None, now: datetime) -> datetime:
    return next_turn(source, health or SourceHealth(source=source.id), now)
