"""What the cheap look spares: python -m benchmarks.cheap_look [FOLDER|MANIFEST.jsonl]

Without an argument the pages are invented (`benchmarks.pages`). Each page is looked at once and extracted
once, in one process, as a crawl does; printed are the milliseconds of processor a page and the ratio of
extraction to the look, by what the look finds; then how many pages pass whose menus name both countries, and
how many others.
"""

import logging
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TypeVar

from benchmarks.pages import press, read_pages
from crawler.cheap_look import missing_sides
from crawler.clean import extract
from crawler.cleaning.markup import parse, text_of
from crawler.rules import Rules, load_rules
from storage.errors import PageError
from storage.model import Article, Page

T = TypeVar("T")
_WARMING = 4  # pages that are looked at and extracted before
_LABEL = 3  # words of a link of a menu


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a page was to the look, and the seconds that look and extraction took."""

    found: str
    look: float
    extraction: float
    names_both: bool

    @property
    def passes(self) -> bool:
        return self.found == "may matter"


def main(where: str = "") -> None:
    """Print costs, ratios and pass rates."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    rules = load_rules()
    pages = tuple(read_pages(Path(where)) if where else press())
    for page in press(hosts=_WARMING, pages=1, seed=2):
        _seen(page, rules)
    seen = tuple(_seen(page, rules) for page in pages)
    size = statistics.median(len(page.body) for page in pages) / 1000
    sys.stdout.write(
        f"{len(pages)} pages, median {size:.0f} kB{'ms look':>16}{'extraction':>12}{'ratio':>7}\n"
    )
    for name in ("no trace at all", "a side is missing", "may matter"):
        sys.stdout.write(_costs(name, [each for each in seen if each.found == name]))
    sys.stdout.write(_costs("all without trace", [each for each in seen if not each.passes]))
    for name, both in (("menus name both countries", True), ("other menus", False)):
        sys.stdout.write(_rate(name, [each for each in seen if each.names_both is both]))


def _costs(name: str, seen: list[_Seen]) -> str:
    if not seen:
        return f"  {name:20} none\n"
    look = 1000 * sum(each.look for each in seen) / len(seen)
    extraction = 1000 * sum(each.extraction for each in seen) / len(seen)
    return f"  {name:20} {len(seen):4} pages {look:10.2f} {extraction:11.2f} {extraction / look:6.1f}\n"


def _rate(name: str, seen: list[_Seen]) -> str:
    passing = sum(each.passes for each in seen)
    return f"  {name:26} {passing} of {len(seen)} pages pass ({100 * passing / max(1, len(seen)):.0f} %)\n"


def _seen(page: Page, rules: Rules) -> _Seen:
    missing, looking = _timed(lambda: missing_sides(page, rules))
    _, extracting = _timed(lambda: _extract(page))
    absent = sum(len(each.missing) for each in missing)
    known = sum(len(topic.sides) for topic in rules.topics)
    found = "may matter" if not absent else "no trace at all" if absent == known else "a side is missing"
    return _Seen(found, looking, extracting, _names_both(page, rules))


def _extract(page: Page) -> Article | None:
    try:
        return extract(page, None)
    except PageError:
        return None


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def _names_both(page: Page, rules: Rules) -> bool:
    """Whether the short links of a page name every country of a topic."""
    try:
        links = [text_of(each) for each in parse(page).iter("a")]
    except PageError:
        return False
    labels = "".join(f"<p>{escape(each)}</p>" for each in links if len(each.split()) <= _LABEL)
    menu = Page(link=page.link, url=page.url, status=200, body=labels.encode(), fetched=page.fetched)
    missing = {each.topic: each.missing for each in missing_sides(menu, rules)}
    countries = (tuple(side.id for side in topic.sides if side.country) for topic in rules.topics)
    absent = (missing.get(topic.id, ()) for topic in rules.topics)
    return any(set(sides).isdisjoint(lacking) for sides, lacking in zip(countries, absent, strict=True))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
