"""Which fields the pages of a source have, and which they have lost. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import comb
from typing import TypeVar

from scheduler.health.rhythm import MONTH
from storage.model import CrawlDay, CrawlReport, SourceHealth

NEEDED = ("body", "title", "text", "published", "authors")
"""What pages should not lose; the other fields come and go."""

_DAYS = 21  # looked at where a source has few pages
_SAMPLES = (8, 16)  # latest pages that are asked, from three crawls at least
_BASE = 12  # pages that show what is usual
_USUAL, _LOST = 0.6, 0.2  # of the pages
_CHANCE = 1e-5  # of so bad a sample from pages as they were: a busy source is asked a thousand times a month
Pages = CrawlReport | CrawlDay
Each = TypeVar("Each", CrawlReport, CrawlDay)


@dataclass(frozen=True, slots=True)
class Loss:
    """What pages no longer have."""

    name: str
    since: datetime
    pages: int  # that show it
    had: float  # the share that had it before
    has: float


def coverage(pages: Iterable[Pages]) -> dict[str, float]:
    """Which share of the pages had each field; `body`: of those that should hold an article, how many did."""
    counted = tuple(pages)
    extracted = sum(each.extracted for each in counted)
    looked_at = extracted + sum(each.bodyless for each in counted)
    shares = {"body": extracted / looked_at} if looked_at else {}
    for name in dict.fromkeys(name for each in counted for name in each.fields):
        shares[name] = sum(each.fields.get(name, 0) for each in counted) / (extracted or 1)
    return shares


def loss(health: SourceHealth, known_since: datetime | None = None) -> Loss | None:
    """What the latest pages lack that those of the four weeks before had.

    The latest crawls are asked, and where they saw too few pages, the latest days. known_since: since when
    it is known; what is usual was so before.
    """
    for enough in _SAMPLES:
        crawls = _latest(health.crawls, enough, least=3)
        days = _latest(health.days[:_DAYS], enough, least=1)
        found = _lost(crawls or days, health, known_since)
        if found:
            return found
    return None


def shows(health: SourceHealth, name: str) -> bool:
    """Whether the latest pages have the field again; not where too few are known."""
    crawls = _latest(health.crawls, _SAMPLES[0], least=3)
    latest: Sequence[Pages] = crawls or _latest(health.days[:_DAYS], _SAMPLES[0], least=1)
    return coverage(latest).get(name, 0.0) > _LOST


def _latest(pages: Sequence[Each], enough: int, least: int) -> Sequence[Each]:
    """As few of the latest ones as saw enough pages, `least` of them any; none if all together did not."""
    seen = having = 0
    for number, each in enumerate(pages, 1):
        seen += each.extracted + each.bodyless
        having += bool(each.extracted + each.bodyless)
        if seen >= enough and having >= least:
            return pages[:number]
    return ()


def _lost(latest: Sequence[Pages], health: SourceHealth, known_since: datetime | None) -> Loss | None:
    has = coverage(latest)
    for name in NEEDED:
        pages, found = sum(_pages(each, name) for each in latest), has.get(name, 0.0)
        if not pages or found > _LOST:
            continue
        began = _began(name, latest, health)
        since = min(known_since or began, began)
        before = [day for day in health.days if day.last < since and since - day.last <= MONTH]
        base, usual = sum(each.extracted for each in before), coverage(before).get(name, 0.0)
        believed = usual * base / (base + 1)  # nothing is quite sure
        unlikely = _chance(round(found * pages), pages, believed) < _CHANCE
        if base >= _BASE and usual >= _USUAL and unlikely:
            return Loss(name, since, pages, usual, found)
    return None


def _began(name: str, latest: Sequence[Pages], health: SourceHealth) -> datetime:
    """Since when the pages of crawl after crawl, or of day after day, lack the field without a break."""
    began = _moment(latest[-1])
    crawls = [each for each in health.crawls if _moment(each) < began]
    known = min(map(_moment, (*latest, *crawls)))
    earlier: tuple[Pages, ...] = (*crawls, *(day for day in health.days if day.last < known))
    for each in earlier:
        if not _pages(each, name):
            continue
        if coverage((each,)).get(name, 0.0) > _LOST:
            break
        began = _moment(each)
    return began


def _moment(pages: Pages) -> datetime:
    return pages.started if isinstance(pages, CrawlReport) else pages.first


def _pages(pages: Pages, name: str) -> int:
    """How many of them could have the field."""
    return pages.extracted + (pages.bodyless if name == "body" else 0)


def _chance(at_most: int, of: int, share: float) -> float:
    """How likely at most so many of them have what that share has (binomial distribution)."""
    return sum(comb(of, each) * share**each * (1 - share) ** (of - each) for each in range(at_most + 1))
