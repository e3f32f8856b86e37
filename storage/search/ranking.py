"""In which order articles answer: title before lead before the rest, and the newer before the older. Pure.

`score` = 0.5 of the share of what is asked for that the title holds + 0.2 of the share that title or lead
hold + 0.3 / (1 + age in days / 30): a sum of plain divisions, the same in either database, and one that can
be explained to people.
"""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from heapq import nlargest
from typing import NamedTuple

from storage.search.serial import seconds_of

MOST = 20_000  # the newest articles that are ranked
TITLE, LEAD, RECENCY = 0.5, 0.2, 0.3
_HALF = 30 * 86_400  # seconds until recency counts half

Ranked = tuple[float, int]
"""Score and serial of an article that answers."""


class Subject(NamedTuple):
    """Where one part of what is asked for stands: serials of articles."""

    title: Set[int]
    lead: Set[int]


def best(
    serials: Iterable[int], subjects: Sequence[Subject], now: int, most: int, after: Ranked | None = None
) -> list[Ranked]:
    """The best `most` articles that come after one, the best first; `now` in seconds since 1970.

    `serials` come with the newest first: of those whose title and lead say as much, only the first count.
    """
    told = _told(subjects)
    found: list[Ranked] = []
    alike: Counter[float] = Counter()
    for each in serials:
        share = told.get(each, 0.0)
        if alike[share] < most:
            ranked = share + _recency(each, now), each
            if after is None or ranked < after:
                alike[share] += 1
                found.append(ranked)
    return nlargest(most, found)


def _told(subjects: Sequence[Subject]) -> dict[int, float]:
    """What title and lead give, where they give anything."""
    told: dict[int, float] = {}
    for title, lead in subjects:
        own = dict.fromkeys(lead, LEAD / len(subjects)) | dict.fromkeys(title, (TITLE + LEAD) / len(subjects))
        told = own if not told else told | {each: told.get(each, 0.0) + share for each, share in own.items()}
    return told


def _recency(serial: int, now: int) -> float:
    return RECENCY / (1 + max(0, now - seconds_of(serial)) / _HALF)
