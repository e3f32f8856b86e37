"""In which order articles answer: title before lead before the rest, and the newer before the older. Pure.

`score` = 0.5 of the share of what is asked for that the title holds + 0.2 of the share that title or lead
hold + 0.3 / (1 + age in days / 30): a sum of plain divisions, the same in either database, and one that can
be explained to people.
"""

from collections.abc import Collection, Sequence, Set
from typing import NamedTuple

from storage.search.serial import seconds_of

MOST = 20_000  # the newest articles that are ranked
TITLE, LEAD, RECENCY = 0.5, 0.2, 0.3
_HALF = 30 * 86_400  # seconds until recency counts half


class Subject(NamedTuple):
    """Where one part of what is asked for stands: serials of articles."""

    title: Set[int]
    lead: Set[int]


class Ranked(NamedTuple):
    """An article that answers, and how well."""

    score: float
    serial: int


def ranked(serials: Collection[int], subjects: Sequence[Subject], now: int) -> list[Ranked]:
    """The articles, the best first; `now` in seconds since 1970."""
    whole = max(1, len(subjects))
    told: dict[int, float] = {}
    for title, lead in subjects:
        for each in title:
            told[each] = told.get(each, 0.0) + (TITLE + LEAD) / whole
        for each in lead - title:
            told[each] = told.get(each, 0.0) + LEAD / whole
    scored = (Ranked(told.get(each, 0.0) + _recency(each, now), each) for each in serials)
    return sorted(scored, reverse=True)


def _recency(serial: int, now: int) -> float:
    return RECENCY / (1 + max(0, now - seconds_of(serial)) / _HALF)
