"""Search services: what they report is a tip, not a link we follow from them. Pure.

Google News as RSS: at most about a hundred items, titles as "Headline - Outlet", addresses of its own; an
edition it does not have is silently another one. GDELT DOC 2.0 as JSON: addresses of the outlets, at most
250; its errors are plain text with status 200. Both want few requests, far between.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from crawler.discovery.json_api import at, listed, loaded
from crawler.discovery.markup import plain
from crawler.discovery.times import moment
from crawler.discovery.told import EntryPage
from crawler.urls import bare_host, url_key
from storage.errors import EntryError
from storage.model import Source, Tip

GOOGLE = "news.google.com"
_MOST = 100  # items of an answer of Google News: there may be more


def read_tips(page: EntryPage, source: Source) -> tuple[Tip, ...]:
    """The headlines a service reports. Raises EntryError if it answers with something else."""
    is_google = urlsplit(page.entry.url).hostname == GOOGLE
    return tuple(_google(page, source) if is_google else _gdelt(page, source))


def wants_less(page: EntryPage) -> bool:
    """Whether the service says that it is asked too often: GDELT does so in plain text with status 200."""
    return b"limit requests" in page.body[:500].lower() and not page.body.lstrip().startswith((b"{", b"<"))


def is_cut(page: EntryPage, found: tuple[Tip, ...]) -> bool:
    """Whether the service has given as many as it can, so that there may be more."""
    return urlsplit(page.entry.url).hostname == GOOGLE and len(found) >= _MOST


def _google(page: EntryPage, source: Source) -> Iterator[Tip]:
    asked, given = (parse_qs(urlsplit(url).query).get("ceid") for url in (page.entry.url, page.url))
    if asked != given:
        raise EntryError(f"{page.url}: answers for another edition ({given}); see ceid in {source.id}.toml")
    for item in _rss(page).iter("item"):
        outlet = item.find("source")
        name = (outlet.text or "").strip() if outlet is not None else ""
        yield _tip(
            page,
            source,
            url=item.findtext("link", ""),
            title=plain(item.findtext("title", "")).removesuffix(f" - {name}"),
            outlet=outlet.get("url", "") if outlet is not None else "",
            published=item.findtext("pubDate", ""),
        )


def _rss(page: EntryPage) -> etree._Element:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(page.body, parser)
    except (etree.XMLSyntaxError, ValueError):  # not a single element, or nothing at all
        root = None
    if root is None or root.tag != "rss":
        raise EntryError(f"{page.url}: is not RSS; the service may refuse automatic questions")
    return root


def _gdelt(page: EntryPage, source: Source) -> Iterator[Tip]:
    if not page.body.lstrip().startswith(b"{"):
        said = " ".join(page.body[:200].decode("utf-8", "replace").split())
        raise EntryError(f"{page.url}: answers {said!r} instead of JSON; ask less often, or mend the query")
    rows: Any = at(loaded(page), "articles")
    for row in listed(rows if rows is not None else [], page):
        yield _tip(
            page,
            source,
            url=str(at(row, "url") or ""),
            title=plain(str(at(row, "title") or "")),
            outlet=f"https://{at(row, 'domain') or ''}",
            published=str(at(row, "seendate") or ""),
        )


def _tip(page: EntryPage, source: Source, *, url: str, title: str, outlet: str, published: str) -> Tip:
    return Tip(
        service=source.id,
        url=url,
        key=url_key(url),
        title=title,
        outlet=bare_host(outlet),
        seen=page.now,
        published=moment(published, source, page.now),
    )
