"""RSS, RDF and Atom feeds, sound or broken, and JSON Feed where a feed turns out to be one. Pure."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import feedparser

from crawler.discovery import json_feed
from crawler.discovery.bodies import beginning, text_of, unpacked
from crawler.discovery.markup import plain, printable
from crawler.discovery.paging import next_page
from crawler.discovery.times import moment
from crawler.discovery.told import EntryPage, Heard, Told
from storage.errors import EntryError
from storage.model import Source

_MOST_ITEMS = 2_000  # feeds of thousands are archives; reading so many takes a second or two
_MOST_TAGS = 50_000  # so do these; the fullest of 300 feeds has 20,000
_TAG = re.compile("<")
_SHORT_LINK = re.compile(r"^https?://[^/?#]+/\?p=\d+$")  # what WordPress gives as guid
_ROOT = re.compile(r"<(?:[\w-]+:)?(?:rss|feed|RDF|channel)[\s>]", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[\w-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\b[^<>]*\?>", re.IGNORECASE)
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def read(page: EntryPage, source: Source) -> Heard:
    """What a feed tells. Raises EntryError if it is none."""
    text = printable(text_of(unpacked(page), page.headers.get("content-type", ""))).lstrip("\ufeff \n\t")
    if text.startswith("{"):
        return json_feed.read(text, page, source)
    if not _ROOT.search(text):
        raise EntryError(f"{page.url}: is not a feed ({beginning(text)}); look for another feed or kind")
    # Bytes only: a str could name a local file. The header makes relative links absolute.
    parsed = feedparser.parse(
        _sound(text).encode(),
        response_headers={"content-location": page.base, "content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # we take its words only; on the long texts of a large feed it costs 20 s
        resolve_relative_uris=False,
    )
    told = tuple(_told(item, url, source, page) for item in parsed.entries if (url := _link(item)))
    return Heard(told=told, further=next_page(page, _next_links(parsed)) if told else ())


def _sound(text: str) -> str:
    """A feed from its declaration on, which says UTF-8 by now, of a length that can be read."""
    root = _ROOT.search(text)
    doctype = text.find("<!DOCTYPE", 0, root.start()) if root else -1
    start = doctype if doctype >= 0 else root.start() if root else 0
    body = _DECLARATION.sub("", text[start:], count=1)
    ends = (_nth(_ITEM, body, _MOST_ITEMS), _nth(_TAG, body, _MOST_TAGS))
    return _HEAD + body[: min(ends)]


def _nth(pattern: re.Pattern[str], text: str, most: int) -> int:
    """Where the match after as many as may be begins; the end of the text if there are fewer."""
    beyond = next(islice(pattern.finditer(text), most, None), None)
    return beyond.start() if beyond else len(text)


def _link(item: Any) -> str:
    """The article of an item: not the way through a feed service, and never the name of a thing as `urn:`."""
    links = [link for link in item.get("links", ()) if link.get("href")]
    alternate = [link["href"] for link in links if link.get("rel") == "alternate"]
    own = [link["href"] for link in links if link.get("rel") == "self"]
    given = (dict.get(item, "feedburner_origlink"), dict.get(item, "link"), *alternate, *own, item.get("id"))
    return next((str(url) for url in given if url and re.match(r"(?!urn:|tag:)", str(url))), "")


def _next_links(parsed: Any) -> Iterator[str]:
    """Source: RFC 5005 section 3, paged feeds."""
    for link in parsed.feed.get("links", ()):
        if link.get("rel") == "next" and link.get("href"):
            yield link["href"]


def _told(item: Any, url: str, source: Source, page: EntryPage) -> Told:
    given = dict.get(item, "published") or dict.get(item, "updated") or ""
    guid = item.get("id", "")
    return Told(
        url=url,
        title=plain(item.get("title", "")),
        summary=plain(item.get("summary", "")),
        published=moment(given, source, page.now),
        short_link=guid if _SHORT_LINK.match(guid) else "",
    )
