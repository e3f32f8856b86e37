"""How surely an article is about a topic, by which sentences, and what makes it doubtful. Pure.

A sentence counts by how surely it names each side of the topic, itself or through its neighbours, title and
lead; the article by its best sentences (noisy or: Pearl 1988). Title and first sentences say what an article
is about: a side that only comes later is background, and so is a matter with another country.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from crawler.judging.doubting import doubts, lists
from crawler.judging.reading import Reading, Strength, best_of, is_elsewhere, rivals_of, strengths_of
from storage.model import Doubt

_BEST = 4  # sentences that make the score: a long article is not more relevant for its length
_CLEAR = 0.8  # a sentence so surely about the topic names another subject by the way


@dataclass(frozen=True, slots=True)
class Weighed:
    """The score (0 to 1), the passages that made it, by number with theirs, best first, and the doubts.

    `lifted`: it is worth a look, though the passages alone would not make it so.
    """

    score: float
    best: tuple[tuple[int, float], ...]
    doubts: tuple[Doubt, ...]
    lifted: bool = False


def weigh(reading: Reading) -> Weighed:
    """How surely the article is about the topic."""
    strengths, rivals = strengths_of(reading), rivals_of(reading)
    values = dict(_values(reading, strengths, rivals))
    best = sorted(values.items(), key=lambda value: (-value[1], value[0]))[:_BEST]
    clear = {number for number, value in values.items() if value >= _CLEAR}
    against = tuple(doubts(reading, strengths, rivals, clear))
    score = (1 - prod(1 - value for _, value in best)) * prod(each.left for each in against)
    least = reading.topic.thresholds.borderline
    lifted = score < least and _is_worth_a_look(reading, strengths, against)
    listed = lists(reading, strengths, rivals, [number for number, _ in best])
    return Weighed(least if lifted else score, tuple(best), (*listed, *against), lifted)


def _is_worth_a_look(reading: Reading, strengths: Sequence[Strength], against: Sequence[Doubt]) -> bool:
    """Whether the matter opens the article, with a state only by the way, and no other partner or subject."""
    opening = best_of(reading.sides, [strengths[number] for number in (*reading.head, *reading.opening)])
    matters = [opening[side] for side in reading.sides if side not in reading.states]
    is_sure = min(matters, default=0.0) >= reading.topic.thresholds.matter
    return is_sure and not {"rival", "other"} & {each.kind for each in against}


def _values(
    reading: Reading, strengths: Sequence[Strength], rivals: Sequence[Counter[str]]
) -> Iterator[tuple[int, float]]:
    """How surely each passage is about the topic, by its number.

    All sides but one stand in the passage itself; that one may stand beside it or in title and lead.
    """
    topic = reading.topic
    near = topic.proximity
    elsewhere = [is_elsewhere(own, named, reading) for own, named in zip(strengths, rivals, strict=True)]
    lent = [
        _scaled(own, topic.doubts.list if each else 1.0)
        for own, each in zip(strengths, elsewhere, strict=True)
    ]
    lead = best_of(
        reading.sides, [each for each, part in zip(lent, reading.parts, strict=True) if part.where != "body"]
    )
    for number, own in enumerate(strengths):
        if sum(bool(own.get(side)) for side in reading.sides) < len(reading.sides) - 1:
            continue
        beside = best_of(reading.sides, lent[max(number - 1, 0) : number + 2])
        value = prod(
            max(own.get(side, 0.0), near.next * beside[side], near.lead * lead[side])
            for side in reading.sides
        )
        listed = topic.doubts.list if elsewhere[number] else 1.0
        place = near.body if reading.parts[number].where == "body" else 1.0
        if value:
            yield number, value * listed * place


def _scaled(strength: Strength, by: float) -> Strength:
    """What a passage lends to others: one that is about other countries has less to say of the topic's."""
    return {side: value * by for side, value in strength.items()}
