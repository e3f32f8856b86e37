"""What speaks against an article being of a topic: background, roles, other countries, subjects. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from crawler.judging.reading import LISTED, SHORTEST, SURE, Reading, Strength, best_of, is_elsewhere
from crawler.judging.readings import readings
from crawler.judging.terms import OTHER, RIVAL
from storage.model import Doubt
from storage.text import fold

_TOLD = 0.4  # a side so sure in half of all sentences is no background
_OTHERS = 3  # words of other subjects that count


def doubts(
    reading: Reading, strengths: Sequence[Strength], rivals: Sequence[Counter[str]], clear: Collection[int]
) -> Iterator[Doubt]:
    """What lowers the score of the whole article; `clear` passages are surely about the topic."""
    yield from tuple(_roles(reading)) or _background(reading, strengths)
    yield from _partner(reading, strengths, rivals)
    yield from _subject(reading, clear)


def lists(
    reading: Reading,
    strengths: Sequence[Strength],
    rivals: Sequence[Counter[str]],
    numbers: Collection[int],
) -> Iterator[Doubt]:
    """That passages by these numbers are of other countries too; each has been counted for less."""
    elsewhere = {n for n in numbers if is_elsewhere(strengths[n], rivals[n], reading)}
    if elsewhere:
        yield Doubt(kind="list", left=reading.topic.doubts.list, text=_named(reading, RIVAL, elsewhere))


def _background(reading: Reading, strengths: Sequence[Strength]) -> Iterator[Doubt]:
    """The side that is neither sure in title and first sentences nor told in half of all sentences."""
    surest = best_of(reading.sides, [strengths[n] for n in (*reading.head, *reading.opening)])
    told = [strengths[number] for number in reading.sentences]
    for side in reading.sides:
        if 2 * sum(each.get(side, 0.0) >= _TOLD for each in told) >= len(told) > SHORTEST:
            surest[side] = 1.0
    side = min(surest, key=lambda each: surest[each])
    if surest[side] < SURE:
        least = reading.topic.doubts.background
        yield Doubt(kind="background", left=least + (1 - least) * surest[side] / SURE, side=side)


def _roles(reading: Reading) -> Iterator[Doubt]:
    """A state that the article names in roles only."""
    for side in reading.states:
        counted = [each for each in reading.seen if each.match.side == side and each.weight]
        if counted and all(each.match.role for each in counted):
            role = max(counted, key=lambda each: each.weight).match.role
            yield Doubt(kind="role", left=reading.topic.doubts.role, side=side, role=role)
            return


def _partner(
    reading: Reading, strengths: Sequence[Strength], rivals: Sequence[Counter[str]]
) -> Iterator[Doubt]:
    """The rival that title and lead name more often than one of the topic's states."""
    named_rivals = sum((rivals[number] for number in reading.lead), Counter[str]())
    title = best_of(reading.states, [strengths[number] for number in reading.head])
    if not named_rivals or all(title.values()):
        return
    sure, lead = reading.topic.doubts.rival, reading.lead
    named = Counter(each.match.side for each in reading.seen if each.passage in lead and each.weight > sure)
    if min(named[side] for side in reading.states) < max(named_rivals.values()):
        yield Doubt(kind="rival", left=sure, text=_named(reading, RIVAL, reading.lead))


def _subject(reading: Reading, clear: Collection[int]) -> Iterator[Doubt]:
    """The words of other subjects in title and lead, each once in all its forms.

    Those of a clear sentence are by the way.
    """
    found: dict[str, Doubt] = {}
    unclear = reading.lead - set(clear)
    for each in reading.seen:
        if each.match.side == OTHER and each.passage in unclear:
            plainest = readings(fold(each.match.term))[-1]
            found[plainest] = Doubt(kind="other", left=each.weight, text=each.match.text, why=each.why)
    yield from sorted(found.values(), key=lambda doubt: doubt.left)[:_OTHERS]


def _named(reading: Reading, side: str, passages: Collection[int]) -> str:
    """What these passages name of a side, as written, each once."""
    found = (
        each.match.text
        for each in reading.seen
        if each.match.side == side and each.weight and each.passage in passages
    )
    return ", ".join(list(dict.fromkeys(found))[:LISTED])
