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
        Told(url=link.get("href", ""), title=" ".join(link.text_content().split()), published=times.get(link))
        for link in links
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
) -> Mapping[HtmlElement, datetime | None]:
    """The time of each link whose card, an element around it with no link elsewhere, holds a `<time>`."""
    cards: dict[HtmlElement, list[HtmlElement]] = {}
    for link in links:
        for around in (link, *islice(link.iterancestors(), _CARD)):
            cards.setdefault(around, []).append(link)
    found: dict[HtmlElement, datetime | None] = {}
    for time in tree.iter("time"):
        arounds = islice(time.iterancestors(), _CARD)
        card = next((cards[around] for around in arounds if around in cards), [])
        if len({link.get("href") for link in card}) == 1:
            when = moment(time.get("datetime") or "", source, page.now)
            found.update((link, when) for link in card if link not in found)
    return found
