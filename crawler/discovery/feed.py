"""RSS and Atom feeds. Pure."""

import re
from typing import Any

import feedparser

from crawler.discovery.markup import plain
from crawler.discovery.times import moment
from crawler.discovery.told import EntryPage, Heard, Told
from storage.errors import EntryError
from storage.model import Source

_SHORT_LINK = re.compile(r"^https?://[^/?#]+/\?p=\d+$")  # what WordPress gives as guid


def read(page: EntryPage, source: Source) -> Heard:
    """What a feed tells. Raises EntryError if it is none."""
    # Bytes only: a str could name a local file. The header makes relative links absolute.
    parsed = feedparser.parse(page.body, response_headers=_headers(page))
    if not parsed.get("version") and not parsed.entries:
        raise EntryError(
            f"{page.url}: is not a feed ({_beginning(page.body)}); look for another feed or kind"
        )
    return Heard(told=tuple(_told(item, source, page) for item in parsed.entries if item.get("link")))


def _headers(page: EntryPage) -> dict[str, str]:
    headers = {"content-location": page.url}
    charset = re.search(r"charset=([\w-]+)", page.headers.get("content-type", ""))
    if charset and b"encoding=" not in page.body[:200]:
        headers["content-type"] = f"application/xml; charset={charset[1]}"
    return headers


def _told(item: Any, source: Source, page: EntryPage) -> Told:
    given = dict.get(item, "published") or dict.get(item, "updated") or ""
    guid = item.get("id", "")
    return Told(
        url=item["link"],
        title=plain(item.get("title", "")),
        summary=plain(item.get("summary", "")),
        published=moment(given, source, page.now),
        short_link=guid if _SHORT_LINK.match(guid) else "",
    )


def _beginning(body: bytes) -> str:
    start = " ".join(body[:200].decode("utf-8", "replace").split())[:40]
    return f"it begins with {start!r}" if start else "it is empty"
