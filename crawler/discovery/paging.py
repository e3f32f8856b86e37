"""The URLs of the pages of an entry. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from crawler.discovery.told import EntryPage
from crawler.urls import absolute, same_site
from storage.model import Entry, EntryKind


def page_url(entry: Entry, number: int = 1, after: datetime | None = None) -> str:
    """The URL of a page of an entry, the first being 1.

    A WordPress entry is asked only for posts published `after` a time, and for their further pages, unless
    its URL says so itself (developer.wordpress.org/rest-api/reference/posts).
    """
    pattern = entry.pages if entry.pages and number > 1 else entry.url
    url = pattern.replace("{page}", str(number))
    if entry.kind is not EntryKind.WORDPRESS:
        return url
    if number > 1 and "{page}" not in pattern:
        url = _asking(url, "page", str(number))
    return url if after is None else _asking(url, "after", f"{after.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _asking(url: str, name: str, value: str) -> str:
    """A URL with one more parameter, unless it has one of that name."""
    query = urlsplit(url).query
    if name in parse_qs(query, keep_blank_values=True):
        return url
    return f"{url}{'&' if query else '?'}{urlencode({name: value})}"


def next_page(page: EntryPage, named: Iterable[str] = ()) -> tuple[str, ...]:
    """The page after this one: by the entry's pattern, else the first on its site that it `named` as next."""
    pattern = page.entry.pages or page.entry.url
    if "{page}" in pattern or page.entry.kind is EntryKind.WORDPRESS:
        return (page_url(page.entry, page.number + 1, page.since if page.met else None),)
    urls = (absolute(url, page.url) for url in named)
    return tuple(url for url in urls if url != page.url and same_site(url, page.url))[:1]
