"""Whether a site lets us in: its name, its robots.txt, and nothing else of it."""

from scrapy import Request

from crawler.fetching.answers import Refused
from crawler.guards.robots import RULES_ONLY
from crawler.probing.site import Site
from crawler.probing.told import Access, Way
from storage.model import Entry, RobotsFile, Source


async def access_of(source: Source, site: Site, seen: dict[str, RobotsFile]) -> Access:
    """What robots.txt says of each entry of a source; of a host in `seen` it is not asked for again."""
    site.robots.update(seen)
    ways = [await _way(entry, site) for entry in source.entries]
    seen.update(site.robots)
    hosts = {each.origin for each in ways}
    robots = tuple(each for each in site.robots_seen() if each.url.removesuffix("/robots.txt") in hosts)
    return Access(source=source.id, ways=tuple(ways), robots=robots, ahead=tuple(site.ahead))


async def _way(entry: Entry, site: Site) -> Way:
    url, optional = entry.url.replace("{page}", "1"), entry.optional or entry.backfill
    answer = await site.get(Request(url, meta={RULES_ONLY: True}))
    if not isinstance(answer, Refused):
        return Way(url=url, optional=optional)
    why = answer.why
    return Way(url=url, optional=optional, kind=why.kind, why=why.reason, remedy=answer.remedy)
