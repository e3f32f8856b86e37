"""The limits of a crawl as rasid.toml sets them."""

from importlib.metadata import version
from pathlib import Path

from crawler.limits import Limits
from scheduler.settings import Settings
from storage.errors import ConfigError


def limits_of(settings: Settings) -> Limits:
    """What [crawl] says, with the user agent sites get to see: "Rasid/<version> (+<contact>)".

    Raises ConfigError naming the key.
    """
    crawl = settings.crawl
    return Limits(
        user_agent=f"Rasid/{version('rasid')} (+{crawl.contact or 'no contact'})",
        route=crawl.route or "",
        proxy=crawl.proxy.get_secret_value() if crawl.proxy else _first_line(crawl.proxy_file),
        delay=crawl.delay,
        timeout=crawl.timeout,
        max_bytes=crawl.max_bytes,
        max_pages=crawl.max_pages,
        sources_at_once=crawl.sources_at_once,
        deadline=crawl.deadline,
    )


def require_contact(settings: Settings) -> None:
    """Raise ConfigError where the sites of the real web would not learn who we are."""
    if not settings.crawl.contact and not settings.crawl.route:
        raise ConfigError("[crawl] contact is not set; give a page or address where site owners reach you")


def _first_line(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return next(iter(file.read_text(encoding="utf-8").splitlines()), "").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"[crawl] proxy_file: {file}: cannot be read") from error
