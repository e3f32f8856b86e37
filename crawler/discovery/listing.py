"""Listings: HTML pages whose links are the news. Pure."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.discovery.markup import parse_html
from crawler.discovery.told import EntryPage, Heard, Told
from storage.errors import EntryError
from storage.model import Source


def read(page: EntryPage, source: Source) -> Heard:  # noqa: ARG001 - all readers are asked alike
    """What a listing tells: every link its selector names, each as often as it stands there."""
    tree = parse_html(page.body, page.headers.get("content-type", ""))
    if tree is None:
        raise EntryError(f"{page.url}: is not an HTML page; look whether the entry has moved")
    told = tuple(_told(tree, page.entry.links))
    has_more = bool(told) and "{page}" in (page.entry.pages or page.entry.url)
    pattern = page.entry.pages or page.entry.url
    further = (pattern.replace("{page}", str(page.number + 1)),) if has_more else ()
    return Heard(told=told, further=further if told else ())


def _told(tree: HtmlElement, selector: str) -> Iterator[Told]:
    for link in tree.cssselect(selector):
        url = link.get("href") or ""
        if url:
            yield Told(url=url, title=" ".join(link.text_content().split()))
