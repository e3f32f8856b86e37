"""Sitemaps (sitemaps.org), news sitemaps and sitemap indexes, as XML or plain text, gzipped or not. Pure."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice

from lxml import etree

from crawler.discovery.bodies import beginning, text_of, unpacked
from crawler.discovery.markup import plain, printable
from crawler.discovery.parts import Part, worth_reading
from crawler.discovery.times import moment
from crawler.discovery.told import EntryPage, Heard, Told
from crawler.urls import absolute
from storage.errors import EntryError
from storage.model import Source

_MANY = 50_000  # URLs: the limit of sitemaps.org
_ASIDE = ("sitemap-image", "sitemap-video", "pagemap", "xhtml")  # have a loc, title or date of their own
_ROOT = re.compile(r"(?>(?:<!--.*?-->\s*|<\?.*?\?>\s*)*)<(?:\w+:)?(?:urlset|sitemapindex)[\s/>]", re.DOTALL)
_PLAIN = ("http://", "https://")

Row = Mapping[str, str]


def read(page: EntryPage, source: Source) -> Heard:
    """What a sitemap tells. Raises EntryError if it is none, or has no URL."""
    text = printable(text_of(unpacked(page), page.headers.get("content-type", ""))).lstrip("\ufeff \n\t\r")
    if text.startswith(_PLAIN):
        lines = islice((line.strip() for line in text.splitlines()), _MANY)
        return Heard(told=tuple(Told(url=line) for line in lines if line.startswith(_PLAIN)))
    rows = list(islice(_rows(text, page), _MANY)) if "<" in text else []
    if not rows and not _ROOT.match(_without_declaration(text)):
        raise EntryError(
            f"{page.url}: is not a sitemap ({beginning(text)}); look in robots.txt for another one"
        )
    if not rows and not page.met and page.number == 1:
        raise EntryError(f"{page.url}: is a sitemap without a single URL; look in robots.txt for another one")
    if not rows:
        return Heard(told=(), may_be_empty=True)  # two days without news, or a month just begun
    told = tuple(_told(row, source, page) for kind, row in rows if kind == "url")
    named = tuple(part for kind, row in rows if kind == "sitemap" if (part := _part(row, source, page)))
    if not told and not named:
        raise EntryError(f"{page.url}: lists no page; look in robots.txt for another sitemap")
    return Heard(told=told, further=worth_reading(named, page.since), may_be_empty=bool(named))


def _part(row: Row, source: Source, page: EntryPage) -> Part | None:
    """A part of an index; None for what is no web address, or the index itself."""
    url = absolute(row["loc"], page.url)
    changed = moment(row.get("lastmod", ""), source, page.now)
    return Part(url=url, changed=changed) if url not in ("", page.url) else None


def _rows(text: str, page: EntryPage) -> Iterator[tuple[str, Row]]:
    """("url" or "sitemap", local tag name -> text) of every entry with a `loc`."""
    parsing = etree.iterparse(
        BytesIO(_without_declaration(text).encode("utf-8", "replace")),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for _, element in parsing:
            kind = _local_name(element)
            if kind not in ("url", "sitemap"):
                continue
            row = dict(_texts(element))
            if element.getparent() is not None:
                element.getparent().remove(element)
            if row.get("loc"):
                yield kind, row
    except etree.XMLSyntaxError as error:
        raise EntryError(
            f"{page.url}: is not a sitemap: {error.msg}; look in robots.txt for another one"
        ) from error


def _without_declaration(text: str) -> str:
    """A text whose encoding is that of the bytes made of it, whatever it said before."""
    return text.partition("?>")[2].lstrip() if text.startswith("<?xml") else text


def _texts(element: etree._Element) -> Iterator[tuple[str, str]]:
    """What an entry says of itself; an index that forgets `<loc>` says its address as bare text."""
    bare = (element.text or "").strip()
    if bare.startswith(_PLAIN):
        yield "loc", bare
    for child in element.iter(etree.Element):
        text = (child.text or "").strip()
        if text and child is not element and not any(name in child.tag.lower() for name in _ASIDE):
            yield _local_name(child), text


def _local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _told(row: Row, source: Source, page: EntryPage) -> Told:
    given = row.get("publication_date") or row.get("lastmod", "")
    return Told(url=row["loc"], title=plain(row.get("title", "")), published=moment(given, source, page.now))
