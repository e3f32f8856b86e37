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
        begin = crawls[-1].started if crawls else days[-1].first if days else None
        if begin:
            found = _lost(crawls or days, health.days, min(known_since or begin, begin))
            if found:
                return found
    return None


def _latest(pages: Sequence[Each], enough: int, least: int) -> Sequence[Each]:
    """As few of the latest ones as saw enough pages, `least` of them any; none if all together did not."""
    seen = having = 0
    for number, each in enumerate(pages, 1):
        seen += each.extracted + each.bodyless
        having += bool(each.extracted + each.bodyless)
        if seen >= enough and having >= least:
            return pages[:number]
    return ()


def _lost(latest: Sequence[Pages], days: Sequence[CrawlDay], since: datetime) -> Loss | None:
    before = [day for day in days if day.last < since and since - day.last <= MONTH]
    base = sum(each.extracted for each in before)
    if base < _BASE:
        return None
    had, has = coverage(before), coverage(latest)
    extracted = sum(each.extracted for each in latest)
    looked_at = extracted + sum(each.bodyless for each in latest)
    for name in NEEDED:
        pages = looked_at if name == "body" else extracted
        usual, found = had.get(name, 0.0), has.get(name, 0.0)
        believed = usual * base / (base + 1)  # nothing is quite sure
        if usual >= _USUAL and found <= _LOST and _chance(round(found * pages), pages, believed) < _CHANCE:
            return Loss(name, since, pages, usual, found)
    return None


def _chance(at_most: int, of: int, share: float) -> float:
    """How likely at most so many of them have what that share has (binomial distribution)."""
    return sum(comb(of, each) * share**each * (1 - share) ** (of - each) for each in range(at_most + 1))
