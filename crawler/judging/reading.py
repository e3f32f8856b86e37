"""An article as a topic sees it: how surely its passages name the sides and other countries. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from crawler.judging.passages import Passage
from crawler.judging.sightings import Sighting
from crawler.judging.terms import RIVAL
from storage.model import Topic

LISTED = 3  # other countries in a sentence that make it a list of countries
SURE = 0.6  # a side so sure in the opening is no background, another country so sure no mere origin
SHORTEST = 2  # sentences of an opening
_LONGEST = 6
_OPENING = 4  # of so many sentences the first: a quarter of the text says, with the title, what it is about
_SENTENCE = 25  # characters: less is a dateline or a byline, not a sentence

Strength = dict[str, float]  # side -> how surely it is named


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
        return self.sentences[: min(max(quarter, SHORTEST), _LONGEST)]

    @property
    def head(self) -> tuple[int, ...]:
        """The numbers of title and subtitle."""
        return tuple(n for n, part in enumerate(self.parts) if part.field != "text")

    @property
    def lead(self) -> frozenset[int]:
        """The numbers of title, subtitle and lead."""
        return frozenset(n for n, part in enumerate(self.parts) if part.where != "body" and not part.dropped)


def strengths_of(reading: Reading) -> Sequence[Strength]:
    """How surely each passage names each side."""
    found: list[Strength] = [{} for _ in reading.parts]
    for each in reading.seen:
        side = each.match.side
        found[each.passage][side] = max(found[each.passage].get(side, 0.0), each.weight)
    return found


def best_of(sides: Sequence[str], strengths: Sequence[Strength]) -> Strength:
    """How surely each side is named where it is named best."""
    return {side: max((each.get(side, 0.0) for each in strengths), default=0.0) for side in sides}


def rivals_of(reading: Reading) -> list[Counter[str]]:
    """How often each passage names each rival."""
    found: list[Counter[str]] = [Counter() for _ in reading.parts]
    for each in reading.seen:
        if each.match.side == RIVAL and each.weight >= SURE:
            found[each.passage][each.country] += 1
    return found


def is_elsewhere(own: Strength, rivals: Counter[str], reading: Reading) -> bool:
    """Whether a passage lists countries, or names a rival without all the topic's states."""
    return len(rivals) >= LISTED or (bool(rivals) and not all(own.get(side) for side in reading.states))
