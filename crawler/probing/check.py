"""check_source(): robots.txt, every entry and the newest article of a source, each as it is today."""

from datetime import UTC, datetime

from crawler.discovery import is_article
from crawler.probing.articles import read_article
from crawler.probing.entries import read_entry
from crawler.probing.finding import conclude
from crawler.probing.site import Site
from crawler.probing.told import Check
from crawler.rules import Rules
from storage.model import Source

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


async def check_source(source: Source, site: Site, rules: Rules) -> Check:
    """Ask a source's site for what a crawl would ask it for, and say what came."""
    reads = [await read_entry(site, entry, source) for entry in source.entries]
    links = [link for read in reads for link in read.links if is_article(link.url, source)]
    newest = max(links, key=lambda link: link.published or _LONG_AGO, default=None)
    article = await read_article(site, newest, source, rules) if newest else None
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
