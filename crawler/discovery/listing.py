"""Listings: HTML pages whose links are the news. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from crawler.discovery.markup import parse_html
from crawler.discovery.paging import next_page
from crawler.discovery.times import moment
from crawler.discovery.told import EntryPage, Heard, Told
from storage.errors import EntryError
from storage.model import Source

_MOST_LINKS = 5_000  # the fullest front pages have some hundreds
_CARD = 5  # elements around a link, at most, within which a time may be its own


def read(page: EntryPage, source: Source) -> Heard:
    """What a listing tells: every link its selector names, each as often as it stands there."""
    tree = parse_html(page.body, page.headers.get("content-type", ""))
    if tree is None:
        raise EntryError(f"{page.url}: is not an HTML page; look whether the entry has moved")
    links = list(islice(_links(tree, page.entry.links), _MOST_LINKS))
    times = _times(tree, links, page, source)
    told = tuple(
        Told(url=url, title=" ".join(link.text_content().split()), published=times.get(url))
        for link in links
        if (url := link.get("href", ""))
    )
    return Heard(told=told, further=next_page(page, _next_links(tree)) if told else ())


def _links(tree: HtmlElement, selector: str) -> Iterator[HtmlElement]:
    return (link for link in tree.cssselect(selector) if link.get("href"))


def _next_links(tree: HtmlElement) -> Iterator[str]:
    for link in tree.iter("a", "link"):
        if "next" in (link.get("rel") or "").lower().split() and link.get("href"):
            yield link.get("href", "")


def _times(
    tree: HtmlElement, links: Iterable[HtmlElement], page: EntryPage, source: Source
) -> Mapping[str, datetime | None]:
    """The time of each address whose card, an element around it with no link elsewhere, holds a `<time>`."""
    cards: dict[HtmlElement, str] = {}  # what the links in an element lead to; empty: to several places
    for link in links:
        url = link.get("href", "")
        for around in (link, *islice(link.iterancestors(), _CARD)):
            cards[around] = url if cards.get(around, url) == url else ""
    times: dict[str, datetime | None] = {}
    for time in tree.iter("time"):
        url = next((cards[around] for around in islice(time.iterancestors(), _CARD) if around in cards), "")
        if url and url not in times:
            times[url] = moment(time.get("datetime") or "", source, page.now)
    return times
