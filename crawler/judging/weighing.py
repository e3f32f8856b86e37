"""How surely an article is about a topic, by which sentences, and what makes it doubtful. Pure.

A sentence counts by how surely it names each side of the topic, itself or through its neighbours, title and
lead; the article by its best sentences (noisy or: Pearl 1988). Title and first sentences say what an article
is about: a side that only comes later is background, and so is a matter with another country.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, prod

from crawler.judging.passages import Passage
from crawler.judging.sightings import OTHER, RIVAL, Sighting
from storage.model import Doubt, Topic

_BEST = 4  # sentences that make the score: a long article is not more relevant for its length
_LISTED = 3  # other countries in a sentence that make it a list of countries
_OTHERS = 3  # words of other subjects that count
_OPENING = 4  # of so many sentences the first: a quarter of the text says, with the title, what it is about
_SHORTEST, _LONGEST = 2, 6  # sentences of an opening
_SENTENCE = 25  # characters: less is a dateline or a byline, not a sentence
_SURE = 0.6  # a side so sure in the opening is no background, another country so sure no mere origin
_TOLD = 0.4  # a side so sure in half of all sentences is no background either

Strengths = Sequence[dict[str, float]]  # of each passage: side -> how surely it is named


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as a topic sees it."""

    topic: Topic
    parts: tuple[Passage, ...]
    seen: tuple[Sighting, ...]

    @property
    def sides(self) -> tuple[str, ...]:
        """What must be present."""
        return tuple(side.id for side in self.topic.sides)

    @property
    def states(self) -> tuple[str, ...]:
        """The sides that are countries."""
        return tuple(side.id for side in self.topic.sides if side.country)

    @property
    def sentences(self) -> tuple[int, ...]:
        """The numbers of the sentences of the article's text."""
        whole = ((number, part) for number, part in enumerate(self.parts) if part.field == "text")
        return tuple(n for n, part in whole if not part.dropped and part.end - part.start > _SENTENCE)

    @property
    def opening(self) -> tuple[int, ...]:
        """The numbers of the sentences that say what the article is about."""
        quarter = ceil(len(self.sentences) / _OPENING)
        return self.sentences[: min(max(quarter, _SHORTEST), _LONGEST)]

    @property
    def head(self) -> tuple[int, ...]:
        """The numbers of title and subtitle."""
        return tuple(n for n, part in enumerate(self.parts) if part.field != "text")

    @property
    def lead(self) -> frozenset[int]:
        """The numbers of title, subtitle and lead."""
        return frozenset(n for n, part in enumerate(self.parts) if part.where != "body" and not part.dropped)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The score (0 to 1), the passages that made it, by number with theirs, best first, and the doubts."""

    score: float
    best: tuple[tuple[int, float], ...]
    doubts: tuple[Doubt, ...]


def weigh(reading: Reading) -> Weighed:
    """How surely the article is about the topic."""
    strengths = _strengths(reading)
    rivals = _rivals(reading)
    values = sorted(_values(reading, strengths, rivals), key=lambda value: (-value[1], value[0]))[:_BEST]
    lists = tuple(_lists(reading, strengths, rivals, (number for number, _ in values)))
    doubts = (
        *(tuple(_roles(reading)) or _background(reading, strengths)),
        *_partner(reading, strengths, rivals),
        *_subject(reading),
    )
    found = 1 - prod(1 - value for _, value in values)
    return Weighed(found * prod(each.left for each in doubts), tuple(values), (*lists, *doubts))


def _strengths(reading: Reading) -> Strengths:
    found: list[dict[str, float]] = [{} for _ in reading.parts]
    for each in reading.seen:
        side = each.match.side
        found[each.passage][side] = max(found[each.passage].get(side, 0.0), each.weight)
    return found


def _values(
    reading: Reading, strengths: Strengths, rivals: Sequence[Counter[str]]
) -> Iterator[tuple[int, float]]:
    """How surely each passage is about the topic, by its number.

    All sides but one stand in the passage itself; that one may stand beside it or in title and lead.
    """
    topic = reading.topic
    near = topic.proximity
    lead = _best(
        reading.sides,
        [each for each, part in zip(strengths, reading.parts, strict=True) if part.where != "body"],
    )
    for number, own in enumerate(strengths):
        if sum(bool(own.get(side)) for side in reading.sides) < len(reading.sides) - 1:
            continue
        beside = _best(reading.sides, strengths[max(number - 1, 0) : number + 2])
        value = prod(
            max(own.get(side, 0.0), near.next * beside[side], near.lead * lead[side])
            for side in reading.sides
        )
        listed = topic.doubts.list if _is_elsewhere(own, rivals[number], reading) else 1.0
        place = near.body if reading.parts[number].where == "body" else 1.0
        if value:
            yield number, value * listed * place


def _best(sides: Sequence[str], strengths: Strengths) -> dict[str, float]:
    return {side: max((each.get(side, 0.0) for each in strengths), default=0.0) for side in sides}


def _rivals(reading: Reading) -> list[Counter[str]]:
    """How often each passage names each rival."""
    found: list[Counter[str]] = [Counter() for _ in reading.parts]
    for each in reading.seen:
        if each.match.side == RIVAL and each.weight >= _SURE:
            found[each.passage][each.country] += 1
    return found


def _is_elsewhere(own: dict[str, float], rivals: Counter[str], reading: Reading) -> bool:
    """Whether a passage lists countries, or names a rival without all the topic's states."""
    return len(rivals) >= _LISTED or (bool(rivals) and not all(own.get(side) for side in reading.states))


def _lists(
    reading: Reading, strengths: Strengths, rivals: Sequence[Counter[str]], numbers: Iterator[int]
) -> Iterator[Doubt]:
    elsewhere = {n for n in numbers if _is_elsewhere(strengths[n], rivals[n], reading)}
    if elsewhere:
        yield Doubt(kind="list", left=reading.topic.doubts.list, text=_named(reading, RIVAL, elsewhere))


def _background(reading: Reading, strengths: Strengths) -> Iterator[Doubt]:
    """The side that is neither sure in title and first sentences nor told in half of all sentences."""
    surest = _best(reading.sides, [strengths[n] for n in (*reading.head, *reading.opening)])
    told = [strengths[number] for number in reading.sentences]
    for side in reading.sides:
        if 2 * sum(each.get(side, 0.0) >= _TOLD for each in told) >= len(told) > _SHORTEST:
            surest[side] = 1.0
    side = min(surest, key=lambda each: surest[each])
    if surest[side] < _SURE:
        least = reading.topic.doubts.background
        yield Doubt(kind="background", left=least + (1 - least) * surest[side] / _SURE, side=side)


def _roles(reading: Reading) -> Iterator[Doubt]:
    """A state that the article names in roles only."""
    for side in reading.states:
        counted = [each for each in reading.seen if each.match.side == side and each.weight]
        if counted and all(each.match.role for each in counted):
            role = max(counted, key=lambda each: each.weight).match.role
            yield Doubt(kind="role", left=reading.topic.doubts.role, side=side, role=role)
            return


def _partner(reading: Reading, strengths: Strengths, rivals: Sequence[Counter[str]]) -> Iterator[Doubt]:
    """The rival that title and lead name more often than one of the topic's states."""
    named_rivals = sum((rivals[number] for number in reading.lead), Counter[str]())
    title = _best(reading.states, [strengths[number] for number in reading.head])
    if not named_rivals or all(title.values()):
        return
    sure = reading.topic.doubts.rival
    named = Counter(
        each.match.side for each in reading.seen if each.passage in reading.lead and each.weight > sure
    )
    if min(named[side] for side in reading.states) < max(named_rivals.values()):
        yield Doubt(kind="rival", left=sure, text=_named(reading, RIVAL, reading.lead))


def _subject(reading: Reading) -> Iterator[Doubt]:
    """The words of other subjects in title and lead, each once."""
    found: dict[str, Doubt] = {}
    for each in reading.seen:
        if each.match.side == OTHER and each.weight and each.match.where != "body":
            found[each.match.term] = Doubt(kind="other", left=each.weight, text=each.match.text, why=each.why)
    yield from sorted(found.values(), key=lambda doubt: doubt.left)[:_OTHERS]


def _named(reading: Reading, side: str, passages: Collection[int]) -> str:
    """What these passages name of a side, as written, each once."""
    found = (
        each.match.text
        for each in reading.seen
        if each.match.side == side and each.weight and each.passage in passages
    )
    return ", ".join(list(dict.fromkeys(found))[:_LISTED])
