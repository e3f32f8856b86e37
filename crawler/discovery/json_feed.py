"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1). Pure."""

import json
from typing import Any

from crawler.discovery.bodies import LARGEST_JSON, too_large
from crawler.discovery.markup import plain
from crawler.discovery.paging import next_page
from crawler.discovery.times import moment
from crawler.discovery.told import EntryPage, Heard, Told
from storage.errors import EntryError
from storage.model import Source

_MOST_ITEMS = 2_000  # as of any feed
_LONGEST = 2_000  # characters of a whole text that stands for a missing summary


def read(text: str, page: EntryPage, source: Source) -> Heard:
    """What a JSON Feed tells. Raises EntryError if the text is none."""
    if len(text) > LARGEST_JSON:
        raise too_large(page, LARGEST_JSON)
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EntryError(
            f"{page.url}: is not a feed: broken JSON ({error}); look for another feed"
        ) from error
    items = feed.get("items")
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version", "")):
        raise EntryError(f'{page.url}: is JSON, but no JSON Feed; kind = "json" reads it by its fields')
    rows = [(item, url) for item in items[:_MOST_ITEMS] if isinstance(item, dict) and (url := _link(item))]
    told = tuple(_told(item, url, source, page) for item, url in rows)
    named = feed.get("next_url")
    return Heard(
        told=told, further=next_page(page, [named] if isinstance(named, str) else ()) if told else ()
    )


def _link(item: dict[str, Any]) -> str:
    """Where an item is: its own page, else the one it is about, else an id that is an address."""
    given = (item.get("url"), item.get("external_url"), item.get("id"))
    urls = (url for url in given if isinstance(url, str) and url.strip())
    return next((url for url in urls if url != item.get("id") or "://" in url), "")


def _told(item: dict[str, Any], url: str, source: Source, page: EntryPage) -> Told:
    summary = _text(item, "summary") or _text(item, "content_text") or _text(item, "content_html")
    return Told(
        url=url,
        title=plain(_text(item, "title")),
        summary=plain(summary[:_LONGEST]),
        published=moment(_text(item, "date_published") or _text(item, "date_modified"), source, page.now),
    )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""
