"""How surely an article is about a topic. Pure.

A passage counts by how surely it names each side of the topic, itself or through its neighbours, title and
lead; the article by its best passages (noisy or: Pearl 1988). Title and first sentences say what an article
is about: a side that only comes later is background, and so is a matter with another country.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from crawler.judging.passages import Passage
from crawler.judging.sightings import OTHER, RIVAL, Sighting
from storage.model import Topic

_BEST = 4  # passages that make the score: a long article is not more relevant for its length
_NEXT, _LEAD = 0.9, 0.8  # what a side is worth here that the next passage, or title and lead, name
_PLACE = {"title": 1.0, "subtitle": 1.0, "lead": 1.0, "body": 0.6}
_LISTED = 3  # rivals in a passage that make it a list of countries
_RIVAL = 0.4  # what is left of a matter that is with another country
_OTHERS = 3  # words of another subject that count
_OPENING = 2  # sentences of the text that, with the title, say what it is about
_SENTENCE = 25  # characters: less is a dateline or a byline, not a sentence
_SURE = 0.6  # a side so sure in the opening is no background, a rival so sure no mere origin
_PARTY = 0.5  # a state less sure than this everywhere is a nationality or an origin, no party
_TOLD = 0.4  # a side so sure in half of all sentences is no background either
_BACKGROUND = 0.55  # what is left of an article of which a side is background


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
    def text(self) -> tuple[int, ...]:
        """The numbers of the sentences of the article's text."""
        whole = ((number, part) for number, part in enumerate(self.parts) if part.field == "text")
        return tuple(n for n, part in whole if not part.dropped and part.end - part.start > _SENTENCE)

    @property
    def head(self) -> tuple[int, ...]:
        """The numbers of title and subtitle."""
        return tuple(n for n, part in enumerate(self.parts) if part.field != "text")


Strengths = Sequence[dict[str, float]]  # of each passage: side -> how surely it is named


def weigh(reading: Reading) -> float:
    """How surely the article is about the topic, 0 to 1."""
    strengths = _strengths(reading)
    values = sorted(_values(reading, strengths), reverse=True)[:_BEST]
    found = 1 - prod(1 - value for value in values)
    return found * _main_thing(reading, strengths) * _partner(reading, strengths) * _subject(reading)


def _strengths(reading: Reading) -> Strengths:
    found: list[dict[str, float]] = [{} for _ in reading.parts]
    for each in reading.seen:
        side = each.match.side
        found[each.passage][side] = max(found[each.passage].get(side, 0.0), each.weight)
    return found


def _values(reading: Reading, strengths: Strengths) -> Iterator[float]:
    """How surely each passage is about the topic.

    All sides but one stand in the passage itself; that one may stand beside it or in title and lead.
    """
    lead = _best(
        reading.sides,
        [each for each, part in zip(strengths, reading.parts, strict=True) if part.where != "body"],
    )
    rivals = _rivals(reading)
    for number, own in enumerate(strengths):
        if sum(bool(own.get(side)) for side in reading.sides) < len(reading.sides) - 1:
            continue
        beside = _best(reading.sides, strengths[max(number - 1, 0) : number + 2])
        value = prod(
            max(own.get(side, 0.0), _NEXT * beside[side], _LEAD * lead[side]) for side in reading.sides
        )
        listed = _RIVAL if _is_elsewhere(own, rivals[number], reading) else 1.0
        yield value * listed * _PLACE[reading.parts[number].where]


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


def _main_thing(reading: Reading, strengths: Strengths) -> float:
    """What is left where a side is neither in title or first sentences nor in half of all sentences.

    So too where a state is named only by people's nationality or origin.
    """
    opening = [strengths[number] for number in (*reading.head, *reading.text[:_OPENING])]
    anywhere = _best(reading.states, strengths)
    if min(anywhere.values(), default=1.0) < _PARTY:
        return _BACKGROUND
    surest = _best(reading.sides, opening)
    told = [strengths[number] for number in reading.text]
    for side in reading.sides:
        if 2 * sum(each.get(side, 0.0) >= _TOLD for each in told) >= len(told) > _OPENING:
            surest[side] = 1.0
    return _BACKGROUND + (1 - _BACKGROUND) * min(1.0, min(surest.values()) / _SURE)


def _partner(reading: Reading, strengths: Strengths) -> float:
    """What is left where title or lead name a rival more often than one of the topic's states."""
    lead = {number for number, part in enumerate(reading.parts) if part.where != "body" and not part.dropped}
    named_rivals = _rivals(reading)
    rivals = sum((named_rivals[number] for number in lead), Counter())
    title = _best(reading.states, [strengths[number] for number in reading.head])
    if not rivals or all(title.values()):
        return 1.0
    named = Counter(each.match.side for each in reading.seen if each.passage in lead and each.weight > _RIVAL)
    return 1.0 if min(named[side] for side in reading.states) >= max(rivals.values()) else _RIVAL


def _subject(reading: Reading) -> float:
    """What is left where title and lead speak of another subject."""
    words: dict[str, float] = {}
    for each in reading.seen:
        if each.match.side == OTHER and each.weight and each.match.where != "body":
            words[each.match.term] = each.weight
    return prod(sorted(words.values())[:_OTHERS])
