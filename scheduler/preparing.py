"""What a service reads once, at its start: sources and rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from crawler.clock import now
from crawler.rules import Rules, fingerprint, load_rules
from scheduler import jobs
from scheduler.aside import aside
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError
from storage.model import Source

_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was read, and what of it can be told."""

    sources: tuple[Source, ...]
    problems: tuple[RasidError, ...]  # sources that cannot be read
    is_behind: bool  # whether the archive was judged by other rules


def prepared(settings: Settings, stopping: Callable[[], bool]) -> Prepared:
    """Bring the archive in step with the catalogue and the rules, in a process of its own.

    Raises as `jobs.load_catalogue` and `aside`.
    """
    return aside(
        _prepare,
        settings,
        name="reading sources and rules",
        seconds=_SECONDS,
        log=settings.log,
        stopping=stopping,
    )


def note_rules(archive: Archive, rules: Rules, now: datetime) -> bool:
    """Say which rules are in use from now on; whether what is archived was judged by others."""
    archive.judging.use_rules(fingerprint(rules, version("rasid")), now)
    return archive.judging.is_behind()


def _prepare(settings: Settings) -> Prepared:
    with Archive(settings.database.url) as archive:
        sources, problems = jobs.load_catalogue(settings, archive)
        rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
        is_behind = note_rules(archive, rules, now())
    return Prepared(sources=sources, problems=problems, is_behind=is_behind)
