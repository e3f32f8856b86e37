"""Which fields the pages of a source have, and which they have lost. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from scheduler.health.rhythm import MONTH
from storage.model import CrawlDay, CrawlReport, SourceHealth

NEEDED = ("body", "title", "text", "published", "authors")
"""What pages should not lose; the other fields come and go."""

_DAYS = 14  # looked at where a source has few pages
_ENOUGH = 8  # pages that show a loss: of a field that 60 % had, one sample in a hundred lacks it by chance
_BASE = 20  # pages that show what is usual
_USUAL, _LOST = 0.6, 0.2  # of the pages
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
    crawls = _latest(health.crawls)
    if crawls:
        return _lost(crawls, health.days, min(known_since or crawls[-1].started, crawls[-1].started))
    days = _latest(health.days[:_DAYS])
    return _lost(days, health.days, min(known_since or days[-1].first, days[-1].first)) if days else None


def _latest(pages: Sequence[Each]) -> Sequence[Each]:
    """As few of the latest ones as show enough pages; none if all together do not."""
    seen = 0
    for number, each in enumerate(pages, 1):
        seen += each.extracted + each.bodyless
        if seen >= _ENOUGH:
            return pages[:number]
    return ()


def _lost(latest: Sequence[Pages], days: Sequence[CrawlDay], since: datetime) -> Loss | None:
    before = [day for day in days if day.last < since and since - day.last <= MONTH]
    if sum(each.extracted for each in before) < _BASE:
        return None
    had, has = coverage(before), coverage(latest)
    for name in NEEDED:
        if had.get(name, 0) >= _USUAL and has.get(name, 0) <= _LOST:
            pages = sum(each.extracted + each.bodyless for each in latest)
            return Loss(name, since, pages, had[name], has.get(name, 0))
    return None
