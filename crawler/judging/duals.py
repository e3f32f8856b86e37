"""Names that together are the matter of a topic, such as the interior ministers of both states. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.entities import Names
from crawler.judging.sightings import Sighting
from storage.model import Dual, Topic


def duals(seen: Sequence[Sighting], topic: Topic, names: Names) -> tuple[Sighting, ...]:
    """For each dual of the topic, a sighting where one of each of its names stand in adjoining passages."""
    named: dict[str, list[Sighting]] = {}
    for each in seen:
        if each.match.entity and each.weight:
            named.setdefault(each.match.entity, []).append(each)
    return tuple(found for dual in topic.duals for found in _met(dual, named, names))


def _met(dual: Dual, named: dict[str, list[Sighting]], names: Names) -> Iterator[Sighting]:
    groups = [_of(group, named, names) for group in dual.all]
    for first in groups[0]:
        if all(any(abs(first.passage - each.passage) <= 1 for each in group) for group in groups[1:]):
            match = replace(first.match, side=dual.side, term=dual.why)
            yield replace(first, match=match, weight=dual.weight)


def _of(group: Sequence[str], named: dict[str, list[Sighting]], names: Names) -> list[Sighting]:
    """The sightings of the names of a group, each an id or a country and a kind."""
    found = []
    for entity_id, each in named.items():
        entity = names.entities[entity_id]
        if entity_id in group or f"{entity.country} {entity.kind}" in group:
            found += each
    return found
