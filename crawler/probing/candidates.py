"""Where the entries of a site may be, and which of those that answer are worth keeping. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.probing.homes import Home
from crawler.probing.told import EntryRead
from storage.model import Entry, EntryKind, Link

USUAL = "a usual place"
_FEED_PLACES = ("feed/", "rss", "rss.xml")
_SITEMAP_PLACES = ("sitemap_news.xml", "sitemap.xml")
_POSTS = "wp/v2/posts?per_page=20&_fields=id,date_gmt,link,title,excerpt&page={page}"
_NEWS = re.compile(r"news|actu|akhbar|noticias", re.IGNORECASE)
_NO_ARTICLES = re.compile(r"image|video|tag|categor|author|page-?sitemap|archive", re.IGNORECASE)
_MOST = 3  # feeds, and sitemaps, that a site names itself and that are tried
_FRESH = timedelta(days=60)
_RSS = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be there, and why we think so."""

    entry: Entry
    said: str  # who names it


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate that has told links."""

    entry: Entry
    read: EntryRead

    @property
    def is_dated(self) -> bool:
        """Whether most of its links have a date."""
        return 2 * sum(link.published is not None for link in self.read.links) > len(self.read.links)

    @property
    def is_news(self) -> bool:
        """Whether it is a sitemap of news: most of its links have a title."""
        titled = 2 * sum(bool(link.title) for link in self.read.links) > len(self.read.links)
        return self.entry.kind is EntryKind.SITEMAP and titled


def entry_of(url: str, body: bytes) -> Entry | None:
    """The entry an address is itself, if what it answers is a feed or a sitemap."""
    start = body[:2000]
    if _RSS.search(start):
        return Entry(kind=EntryKind.FEED, url=url)
    if _SITEMAP.search(start) or start.startswith(b"\x1f\x8b"):
        return Entry(kind=EntryKind.SITEMAP, url=url)
    return None


def candidates(home: Home, sitemaps: Sequence[str], given: Entry | None) -> Iterator[Candidate]:
    """What to try, the likeliest first: what the site names itself, then the usual places."""
    if given:
        yield Candidate(given, "the address given")
    for url in home.feeds[:_MOST]:
        yield Candidate(Entry(kind=EntryKind.FEED, url=url), "named by the front page")
    for url in _likeliest(sitemaps)[:_MOST]:
        yield Candidate(Entry(kind=EntryKind.SITEMAP, url=url), "named by robots.txt")
    yield from (_usual(EntryKind.FEED, home, place) for place in _FEED_PLACES)
    yield from (_usual(EntryKind.SITEMAP, home, place) for place in _SITEMAP_PLACES)
    rest = home.wordpress or f"{home.url}wp-json/"
    said = "named by the front page" if home.wordpress else USUAL
    yield Candidate(Entry(kind=EntryKind.WORDPRESS, url=f"{rest.rstrip('/')}/{_POSTS}"), said)


def _likeliest(sitemaps: Sequence[str]) -> list[str]:
    """Those of news first; those that cannot hold articles left out."""
    possible = [url for url in sitemaps if _NEWS.search(url) or not _NO_ARTICLES.search(url)]
    return sorted(possible, key=lambda url: not _NEWS.search(url))


def _usual(kind: EntryKind, home: Home, place: str) -> Candidate:
    return Candidate(Entry(kind=kind, url=home.url + place), USUAL)


def is_needed(candidate: Candidate, offers: Sequence[Offer]) -> bool:
    """Whether a candidate could still better what is on offer."""
    kind = candidate.entry.kind
    if any(offer.entry.url == candidate.entry.url for offer in offers):
        return False
    match kind:
        case EntryKind.FEED:
            return not any(offer.entry.kind is kind and offer.is_dated for offer in offers)
        case EntryKind.SITEMAP if candidate.said == USUAL or not _NEWS.search(candidate.entry.url):
            return not any(offer.is_dated for offer in offers)
        case EntryKind.SITEMAP:
            return not any(offer.is_news for offer in offers)
    return True


def choose(offers: Sequence[Offer], now: datetime) -> tuple[Offer, ...]:
    """The best offer, and WordPress's own interface beside it; none if there is no offer.

    The best is fresh, then a news sitemap, a feed with dates, WordPress, a feed, a sitemap.
    """
    best = max(offers, key=lambda offer: (_is_fresh(offer, now), _rank(offer)), default=None)
    others = (each for each in offers if each.entry.kind is EntryKind.WORDPRESS and each is not best)
    return (best, *others) if best else ()


def newest_links(offers: Sequence[Offer]) -> tuple[Link, ...]:
    """The links of some offers, one a key, in their order."""
    return tuple({link.key: link for offer in offers for link in offer.read.links}.values())


def _is_fresh(offer: Offer, now: datetime) -> bool:
    newest = offer.read.seen.newest
    return newest is not None and newest > now - _FRESH


def _rank(offer: Offer) -> int:
    if offer.is_news and offer.is_dated:
        return 5
    dated = {EntryKind.FEED: 4, EntryKind.WORDPRESS: 3, EntryKind.SITEMAP: 1}
    undated = {EntryKind.FEED: 2, EntryKind.WORDPRESS: 3, EntryKind.SITEMAP: 0}
    return (dated if offer.is_dated else undated)[offer.entry.kind]
