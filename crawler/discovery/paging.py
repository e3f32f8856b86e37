"""The URLs of the pages of an entry. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from crawler.discovery.told import EntryPage
from crawler.urls import absolute, same_site
from storage.model import Entry, EntryKind


def page_url(entry: Entry, number: int = 1, after: datetime | None = None) -> str:
    """The URL of a page of an entry, the first being 1.

    A WordPress entry is asked only for posts published `after` a time, unless its URL says so itself
    (developer.wordpress.org/rest-api/reference/posts).
    """
    pattern = entry.pages if entry.pages and number > 1 else entry.url
    url = pattern.replace("{page}", str(number))
    if after is None or entry.kind is not EntryKind.WORDPRESS or "after=" in urlsplit(url).query:
        return url
    limit = urlencode({"after": f"{after.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"})
    return f"{url}{'&' if urlsplit(url).query else '?'}{limit}"


def next_page(page: EntryPage, named: Iterable[str] = ()) -> tuple[str, ...]:
    """The page after this one: by the entry's pattern, else the first on its site that it `named` as next."""
    if "{page}" in (page.entry.pages or page.entry.url):
        return (page_url(page.entry, page.number + 1, page.since if page.met else None),)
    urls = (absolute(url, page.url) for url in named)
    return tuple(url for url in urls if url != page.url and same_site(url, page.url))[:1]
