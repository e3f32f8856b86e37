"""Sitemaps (sitemaps.org), news sitemaps and sitemap indexes, gzipped or not. Pure."""

import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from crawler.discovery.markup import plain
from crawler.discovery.times import moment
from crawler.discovery.told import EntryPage, Heard, Told
from crawler.urls import absolute
from storage.errors import EntryError
from storage.model import Source

_LARGEST = 50_000_000  # bytes unpacked: the limit of sitemaps.org
_MANY = 50_000  # URLs: the same


def read(page: EntryPage, source: Source) -> Heard:
    """What a sitemap tells. Raises EntryError if it is none, or has no URL."""
    rows = list(_rows(_unpacked(page), page))
    if not rows:
        raise EntryError(f"{page.url}: is a sitemap without a single URL; look in robots.txt for another one")
    told = tuple(_told(row, source, page) for kind, row in rows if kind == "url")
    children = _children([row for kind, row in rows if kind == "sitemap"], page)
    if not told and not children:
        raise EntryError(f"{page.url}: lists no page; look in robots.txt for another sitemap")
    return Heard(told=told, further=children)


def _children(rows: list[dict[str, str]], page: EntryPage) -> tuple[str, ...]:
    """The sitemaps an index names besides itself, the newest first."""
    newest_first = sorted(rows, key=lambda row: row.get("lastmod", ""), reverse=True)
    urls = dict.fromkeys(absolute(row["loc"], page.url) for row in newest_first)
    return tuple(url for url in urls if url not in ("", page.url))


def _rows(body: bytes, page: EntryPage) -> Iterator[tuple[str, dict[str, str]]]:
    """("url" or "sitemap", local tag name -> text) of every entry with a `loc`."""
    parsing = etree.iterparse(
        BytesIO(body), events=("end",), recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )
    rows = 0
    try:
        for _, element in parsing:
            kind = _local_name(element)
            if kind not in ("url", "sitemap") or rows >= _MANY:
                continue
            row = dict(_texts(element))
            element.clear()
            if row.get("loc"):
                rows += 1
                yield kind, row
    except etree.XMLSyntaxError as error:
        raise EntryError(
            f"{page.url}: is not a sitemap: {error.msg}; look in robots.txt for another one"
        ) from error


def _texts(element: etree._Element) -> Iterator[tuple[str, str]]:
    for child in element.iter(etree.Element):
        text = (child.text or "").strip()
        if text and "sitemap-image" not in child.tag:  # an image has a loc and a title of its own
            yield _local_name(child), text


def _local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _told(row: dict[str, str], source: Source, page: EntryPage) -> Told:
    given = row.get("publication_date") or row.get("lastmod", "")
    return Told(url=row["loc"], title=plain(row.get("title", "")), published=moment(given, source, page.now))


def _unpacked(page: EntryPage) -> bytes:
    if not page.body.startswith(b"\x1f\x8b"):
        return page.body
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = unpacking.decompress(page.body, _LARGEST)
    except zlib.error as error:
        raise EntryError(
            f"{page.url}: is not gzip as it begins: {error}; look for another sitemap"
        ) from error
    if unpacking.unconsumed_tail:
        raise EntryError(f"{page.url}: is larger than 50 MB unpacked; name one of its parts instead")
    return body
