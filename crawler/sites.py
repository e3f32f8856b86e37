"""Which hosts are a source's, and which of them is its home. Pure."""

from urllib.parse import urlsplit, urlunsplit

from crawler.urls import bare_host, original_url
from storage.model import Source


def home_of(source: Source) -> str:
    """The host of the articles, without www: that of the links of the first entry."""
    first = source.entries[0]
    return bare_host(first.base or first.url)


def hosts_of(source: Source) -> tuple[str, ...]:
    """Every host a crawl of the source may ask, without www, sorted."""
    urls = (url for entry in source.entries for url in (entry.url, entry.pages, entry.base))
    mirrors = (mirror.removeprefix("www.") for mirror in source.mirrors)
    return tuple(sorted({*map(bare_host, urls), *mirrors} - {""}))


def home_url(url: str, source: Source | None) -> str:
    """The address an article has on the source's home, where `url` is one on a mirror or in an AMP cache.

    Any other address comes back as it is.
    """
    original = original_url(url)
    if source is None or bare_host(original) not in {each.removeprefix("www.") for each in source.mirrors}:
        return original
    first = urlsplit(source.entries[0].base or source.entries[0].url)
    return urlunsplit(urlsplit(original)._replace(scheme=first.scheme, netloc=first.netloc))
