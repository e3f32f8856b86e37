"""Which sources may not be crawled at the same time, as they share a host. Pure."""

from collections.abc import Iterable, Mapping

from crawler.sites import hosts_of
from storage.model import Source


def locks_of(sources: Iterable[Source]) -> Mapping[str, str]:
    """The lock of each source, by id: the first of all hosts that it is tied to.

    Sources are tied by a host they share, and by other sources between them: a task has one lock, so
    whoever may meet has the same one. The whole catalogue has to be given, disabled sources too: they are
    crawled by name.
    """
    known = tuple(sources)
    above: dict[str, str] = {}
    for source in known:
        first, *others = hosts_of(source)
        for host in others:
            _tie(above, first, host)
    return {source.id: f"host {_root(above, hosts_of(source)[0])}" for source in known}


def _tie(above: dict[str, str], one: str, other: str) -> None:
    first, second = sorted((_root(above, one), _root(above, other)))
    if first != second:
        above[second] = first


def _root(above: Mapping[str, str], host: str) -> str:
    while host in above:
        host = above[host]
    return host
