"""JSON interfaces, read by the dotted paths of an entry's `fields`. Pure."""

import json
import re
from typing import Any

from crawler.discovery.bodies import LARGEST_JSON, beginning, unpacked
from crawler.discovery.markup import plain
from crawler.discovery.paging import next_page
from crawler.discovery.times import moment, unix_moment
from crawler.discovery.told import EntryPage, Heard, Told
from storage.errors import EntryError
from storage.model import Source

_BRACES = re.compile(r"\{([^{}]*)\}")
_MOST_ITEMS = 5_000  # interfaces give a hundred or two a page


def read(page: EntryPage, source: Source) -> Heard:
    """What a JSON answer tells. Raises EntryError if it has no list at `fields.items`."""
    items = listed(at(loaded(page), page.entry.fields["items"]), page)
    link = page.entry.fields["link"]
    urls = ((item, address(item, link)) for item in items)
    told = tuple(_told(item, url, source, page) for item, url in urls if url)
    if items and not told:
        raise EntryError(f"{page.url}: no item has {link}; see fields in {source.id}.toml")
    return Heard(told=told, further=next_page(page) if told else (), may_be_empty=not told)


def loaded(page: EntryPage) -> Any:
    """The value of a JSON answer. Raises EntryError if it is none."""
    try:
        return json.loads(unpacked(page, LARGEST_JSON))
    except (ValueError, RecursionError) as error:
        said = beginning(page.body[:200].decode("utf-8", "replace"))
        raise EntryError(f"{page.url}: is not JSON ({said}); look whether the interface has moved") from error


def listed(value: Any, page: EntryPage) -> list[Any]:
    """`value` if it is a list, as far as it is read. Raises EntryError if not."""
    if not isinstance(value, list):
        raise EntryError(f"{page.url}: has no list of items where it should; look at its answer in a browser")
    return value[:_MOST_ITEMS]


def at(value: Any, path: str) -> Any:
    """What a dotted path names, None if nothing is there."""
    for name in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def address(item: Any, link: str) -> str:
    """The address of an item: what a dotted path names, or a template with such paths in braces.

    Slashes around a value in a template do not count. Empty where a value is missing or no text or number.
    """
    if "{" not in link:
        return _text(at(item, link))
    values = {path: _text(at(item, path)).strip("/") for path in _BRACES.findall(link)}
    return _BRACES.sub(lambda match: values[match[1]], link) if all(values.values()) else ""


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _told(item: Any, url: str, source: Source, page: EntryPage) -> Told:
    fields = page.entry.fields
    title, summary, given = (
        at(item, fields[name]) if name in fields else None for name in ("title", "summary", "published")
    )
    is_number = isinstance(given, (int, float)) and not isinstance(given, bool)
    text = str(given or "")
    return Told(
        url=url,
        title=plain(str(title or "")),
        summary=plain(str(summary or "")),
        published=unix_moment(float(text))
        if is_number or text.isdecimal()
        else moment(text, source, page.now),
    )
