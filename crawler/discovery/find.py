"""find_links(): a page of an entry in, its links out. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from crawler.discovery import feed, json_api, listing, sitemap, wordpress
from crawler.discovery.times import noon
from crawler.discovery.told import EntryPage, Found, Heard, Told
from crawler.sites import home_url
from crawler.urls import absolute, plain_url, same_site, untracked, url_day, url_key
from storage.errors import EntryError
from storage.model import EntryKind, Link, Source

_READERS: Mapping[EntryKind, Callable[[EntryPage, Source], Heard]] = {
    EntryKind.FEED: feed.read,
    EntryKind.SITEMAP: sitemap.read,
    EntryKind.LISTING: listing.read,
    EntryKind.WORDPRESS: wordpress.read,
    EntryKind.JSON: json_api.read,
}
_EARLIEST = 1900
_AHEAD = timedelta(days=1)  # clocks and zones differ
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def find_links(page: EntryPage, source: Source) -> Found:
    """The links of articles a page of an entry tells, one a key, newest first, and where it goes on.

    Links that leave the site or do not match `article_url` are left out. Raises EntryError ("URL: what,
    remedy") for an answer that is not what the entry's kind says, and for a first page without any article.
    """
    heard = _READERS[page.entry.kind](page, source)
    links = _merged(_links(heard.told, page, source))
    if not links and page.number == 1 and not heard.may_be_empty:
        raise EntryError(f"{page.url}: {_nothing(heard)}; see article_url in {source.id}.toml")
    newest_first = sorted(links, key=lambda link: link.published or _LONG_AGO, reverse=True)
    return Found(
        links=tuple(newest_first),
        further=heard.further if links or heard.may_be_empty else (),
        oldest=_oldest_end(links),
    )


def _oldest_end(links: Sequence[Link]) -> str:
    """Where the oldest link would stand: last, unless most neighbours come oldest first."""
    if not links:
        return ""
    dates = [link.published for link in links if link.published]
    rising = sum(one < two for one, two in pairwise(dates))
    falling = sum(one > two for one, two in pairwise(dates))
    return links[0 if rising > falling else -1].key


def _nothing(heard: Heard) -> str:
    return f"none of its {len(heard.told)} links is an article" if heard.told else "has no link at all"


def _links(told: Iterable[Told], page: EntryPage, source: Source) -> Iterator[Link]:
    for each in told:
        url = home_url(absolute(each.url, page.base), source)
        if not url or not is_article(url, source) or not on_site(url, source):
            continue
        short_link = absolute(each.short_link, page.base) if each.short_link else ""
        key = url_key(url)
        yield Link(
            url=untracked(url),
            key=key,
            source=source.id,
            title=each.title,
            summary=each.summary,
            published=_believed(each.published or _published(plain_url(url), source), page.now),
            aliases=tuple({url_key(short_link)} - {key}) if same_site(short_link, url) else (),
        )


def is_article(url: str, source: Source) -> bool:
    """Whether a web address is one of an article of the source, whatever trackers it carries."""
    return bool(re.search(source.article_url, plain_url(home_url(url, source))))


def on_site(url: str, source: Source) -> bool:
    """Whether a URL is of the site of one of the entries, or of a mirror."""
    home = home_url(url, source)
    return any(same_site(home, entry.base or entry.url) for entry in source.entries)


def _published(url: str, source: Source) -> datetime | None:
    day = url_day(url, source.article_url)
    return noon(day, ZoneInfo(source.timezone)) if day else None


def _believed(published: datetime | None, now: datetime) -> datetime | None:
    """A time that can be that of an article; the years 1 and 9999 are what systems write for none."""
    if published is None or not _EARLIEST <= published.year <= now.year + 1:
        return None
    return published if published <= now + _AHEAD else None


def _merged(links: Iterable[Link]) -> list[Link]:
    """One link a key; what the first does not say, a later one may."""
    merged: dict[str, Link] = {}
    for link in links:
        merged[link.key] = completed(merged.get(link.key, link), link)
    return list(merged.values())


def completed(link: Link, other: Link) -> Link:
    """A link with what it does not say itself of what `other`, of the same key, says."""
    return replace(
        link,
        title=link.title or other.title,
        summary=link.summary or other.summary,
        published=link.published or other.published,
        aliases=tuple(dict.fromkeys((*link.aliases, *other.aliases))),
    )
