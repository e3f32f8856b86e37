"""The limits of a crawl as rasid.toml sets them. Pure."""

from importlib.metadata import version

from crawler.limits import Limits
from scheduler.settings import Settings


def limits_of(settings: Settings) -> Limits:
    """What [crawl] says, with the user agent sites get to see: "Rasid/<version> (+<contact>)"."""
    crawl = settings.crawl
    return Limits(
        user_agent=f"Rasid/{version('rasid')} (+{crawl.contact or 'no contact'})",
        route=crawl.route or "",
        delay=crawl.delay,
        timeout=crawl.timeout,
        max_bytes=crawl.max_bytes,
        max_pages=crawl.max_pages,
        sources_at_once=crawl.sources_at_once,
    )
