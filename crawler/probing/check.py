"""check_source(): robots.txt, every entry and the newest article of a source, each as it is today."""

from collections.abc import Iterable
from datetime import UTC, datetime

from crawler.discovery import is_article
from crawler.fetching.searching import only_searches
from crawler.probing.articles import read_article
from crawler.probing.entries import read_entry
from crawler.probing.finding import conclude
from crawler.probing.site import Site
from crawler.probing.told import ArticleSeen, Check, State
from crawler.rules import Rules
from storage.model import Link, Source

_TRIES = 3  # as many as a crawl takes before it pauses
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


async def check_source(source: Source, site: Site, rules: Rules) -> Check:
    """Ask a source's site for what a crawl would ask it for, and say what came, search services left out."""
    if only_searches(source):
        return Check(
            source=source.id, finding="not checked", remedy="a search service is asked by crawls alone"
        )
    reads = [await read_entry(site, entry, source) for entry in source.entries]
    links = [link for read in reads for link in read.links if is_article(link.url, source)]
    article = await _newest(links, source, site, rules)
    entries = tuple(read.seen for read in reads)
    finding, remedy = conclude(source, entries, article)
    return Check(
        source=source.id,
        finding=finding,
        remedy=remedy,
        robots=site.robots_seen(),
        entries=entries,
        article=article,
    )


async def _newest(links: Iterable[Link], source: Source, site: Site, rules: Rules) -> ArticleSeen | None:
    """The newest article; where it cannot be had, the next, for one page is no measure of a site."""
    newest_first = sorted({link.key: link for link in links}.values(), key=_published, reverse=True)
    seen = None
    for link in newest_first[:_TRIES]:
        seen = await read_article(site, link, source, rules)
        if seen.state is State.OK:
            break
    return seen


def _published(link: Link) -> datetime:
    return link.published or _LONG_AGO
