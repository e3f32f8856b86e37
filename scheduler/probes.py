"""Probes as plain functions, each in a child process for the reasons of a crawl (docs/adr/0004)."""

from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Any

from crawler.probing.told import Access, Check, Proposal, Wanted
from scheduler.children import DONE, Child, Say
from scheduler.limits import limits_of, require_contact
from scheduler.settings import Settings
from storage.errors import EntryError, RasidError
from storage.model import Source

_HURRY = 10  # seconds for one request, where only robots.txt is asked for
_ENDLESS = "came to no end, by [crawl] deadline if by nobody else"


def check(
    settings: Settings, sources: Iterable[Source], *, tell: Callable[[Check], None]
) -> tuple[Check, ...]:
    """Probe sources and say what came of each, in their order, also where the child was killed or died.

    `tell` hears each check as it is done. Raises ConfigError where the sites would not learn who we are, and
    what the child raises of RasidError.
    """
    wanted = tuple(sources)
    done: dict[str, Check] = {}
    for each in _in_child(settings, _check_child, wanted):
        tell(each)
        done[each.source] = each
    return tuple(done.get(source.id) or _unchecked(source) for source in wanted)


def access(settings: Settings, sources: Iterable[Source], *, seconds: int) -> tuple[Access, ...]:
    """Whether each source lets us in, in their order, within so many seconds for all of them together.

    Raises as `check`.
    """
    wanted = tuple(sources)
    hurried = settings.crawl.model_copy(
        update={"deadline": seconds, "timeout": min(settings.crawl.timeout, _HURRY)}
    )
    told = _in_child(settings.model_copy(update={"crawl": hurried}), _access_child, wanted)
    done = {each.source: each for each in told}
    late = f"nothing was heard of it within {seconds} s; ask again: rasid sources check"
    return tuple(
        done.get(source.id) or Access(source=source.id, failed=f"{late} {source.id}") for source in wanted
    )


def find(settings: Settings, wanted: Wanted, *, tell: Callable[[str], None]) -> Proposal:
    """Look for the entries and articles of a site; `tell` hears each step.

    Raises ConfigError as `check`, EntryError where nothing is found that a crawl could use, InputError where
    the site does not tell what has to be known.
    """
    for each in _in_child(settings, _find_child, wanted):
        if isinstance(each, Proposal):
            return each
        tell(each)
    raise EntryError(f"{wanted.url}: the probe {_ENDLESS}; try again later")


def _unchecked(source: Source) -> Check:
    remedy = f"the probe {_ENDLESS}; check this source alone"
    return Check(source=source.id, finding="not checked", remedy=remedy)


def _in_child(settings: Settings, work: Callable[..., int], *given: object) -> Iterator[Any]:
    """What a child tells until it ends or is killed at the deadline."""
    require_contact(settings)
    child = Child(work, *given, settings, name="rasid-probe", log=settings.log)
    end = monotonic() + settings.crawl.deadline
    try:
        while child.says(max(0.0, end - monotonic())):
            said = child.hear()
            if isinstance(said, RasidError):
                raise said
            yield said
    except EOFError:
        pass
    finally:
        child.kill()


def _check_child(sources: tuple[Source, ...], settings: Settings, say: Say) -> int:
    from crawler.probing.run import check_sources
    from crawler.rules import load_rules

    check_sources(
        sources,
        archive_url=settings.database.url,
        rules=load_rules(settings.catalogue.directory, settings.catalogue.topics),
        limits=limits_of(settings),
        tell=say,
    )
    return DONE


def _access_child(sources: tuple[Source, ...], settings: Settings, say: Say) -> int:
    from crawler.probing.run import look_at_access

    look_at_access(sources, archive_url=settings.database.url, limits=limits_of(settings), tell=say)
    return DONE


def _find_child(wanted: Wanted, settings: Settings, say: Say) -> int:
    from crawler.probing.run import find_source

    find_source(wanted, archive_url=settings.database.url, limits=limits_of(settings), tell=say)
    return DONE
