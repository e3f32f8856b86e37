"""Probes as the commands run them: in a child process, over real HTTP, guards and all."""

from collections.abc import Callable, Iterable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from crawler.limits import Limits
from crawler.probing.told import Check, Proposal, Wanted
from storage.errors import RasidError
from storage.model import Source
from tests.children import child
from tests.crawler.crawling import AGENT, DEADLINE

NOWHERE = "sqlite:////nowhere/at/all/rasid.db"


def check(route: str, *sources: Source, archive_url: str = NOWHERE) -> dict[str, Check]:
    """What came of probing sources, by id."""
    return {each.source: each for each in _told(_check, sources, archive_url, _limits(route))}


def find(route: str, url: str, *, id: str = "found", country: str = "MA") -> Proposal:
    """The proposal for a site. Raises what the probe raises."""
    *_, last = _told(_find, Wanted(url=url, id=id, country=country), _limits(route))
    if isinstance(last, RasidError):
        raise last
    assert isinstance(last, Proposal)
    return last


def _limits(route: str) -> Limits:
    return Limits(user_agent=AGENT, route=route, delay=0.0, timeout=2.0)


def _told(target: Callable[..., None], *work: object) -> Iterator[Any]:
    receiver, sender = Pipe(duplex=False)
    probing = child(target, *work, sender)
    probing.start()
    sender.close()
    while receiver.poll(DEADLINE):
        try:
            yield receiver.recv()
        except EOFError:
            break
    probing.join(DEADLINE)


def _check(sources: Iterable[Source], archive_url: str, limits: Limits, sender: Connection) -> None:
    from crawler.probing.run import check_sources
    from crawler.rules import load_rules

    check_sources(sources, archive_url=archive_url, rules=load_rules(), limits=limits, tell=sender.send)


def _find(wanted: Wanted, limits: Limits, sender: Connection) -> None:
    from crawler.probing.run import find_source

    try:
        find_source(wanted, archive_url=NOWHERE, limits=limits, tell=sender.send)
    except RasidError as error:
        sender.send(error)
