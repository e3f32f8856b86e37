"""Sources: whether their hosts have addresses, and their robots.txt lets us in."""

from collections.abc import Iterable, Iterator

from crawler.probing.told import Access, Way
from scheduler.doctor.finding import Finding, bad, good, note
from scheduler.doctor.installation import Installation
from scheduler.settings import Settings

_SLOW = 30.0  # seconds between two requests


def examine_sources(installation: Installation) -> Iterator[Finding]:
    """Each enabled source; robots.txt is asked for, and nothing else. Raises ConfigError."""
    yield from _names(installation.settings)
    found = installation.access()
    if _nobody(found):
        told = "no host of any source has an address: this machine has no name server, or no way out"
        yield bad("hosts", f"{told}; see /etc/resolv.conf, and [crawl] proxy where only a proxy leads out")
        return
    for each in found:
        yield _finding(each)


def _names(settings: Settings) -> Iterator[Finding]:
    crawl = settings.crawl
    way = "route" if crawl.route else "proxy" if crawl.proxy or crawl.proxy_file else ""
    if way:
        yield note("hosts", f"[crawl] {way} is set: whether names have addresses is left out, we do not ask")


def _nobody(found: Iterable[Access]) -> bool:
    ways = [way for each in found for way in each.ways]
    return len(ways) > 1 and all(way.kind == "dns" for way in ways)


def _finding(access: Access) -> Finding:
    if access.failed:
        return note(access.source, access.failed)
    shut = [way for way in access.ways if way.kind]
    needed = [way for way in shut if not way.optional]
    if needed or len(shut) == len(access.ways):
        return bad(access.source, _why((needed or shut)[0], access.source))
    if shut:
        return note(access.source, f"{_why(shut[0], access.source)}; other entries let us in")
    return _open(access)


def _why(way: Way, source: str) -> str:
    alone = f"see rasid sources check {source}"
    return f"{way.url}: {way.why}; {way.remedy}; {alone}" if way.remedy else f"{way.url}: {way.why}; {alone}"


def _open(access: Access) -> Finding:
    refusing = next((each for each in access.robots if each.status in (401, 403)), None)
    if refusing is not None:
        told = f"{refusing.url}: HTTP {refusing.status}, which forbids nothing, but pages may be refused too"
        return note(access.source, f"{told}; see rasid sources check {access.source}")
    slow = max((each.delay for each in access.robots), default=0.0)
    said = f"lets us in, {slow:g} s between requests"
    if slow < _SLOW:
        return good(access.source, said)
    return note(access.source, f"{said}: a crawl takes long; nothing to do but to know it")
