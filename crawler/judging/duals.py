"""Names that together are the matter of a topic, such as the interior ministers of both states. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from crawler.entities import Names
from crawler.judging.sightings import Sighting
from storage.model import Dual, Topic

_Named = dict[str, list[Sighting]]  # what an entity is called in a dual -> its sightings


def duals(
    seen: Sequence[Sighting], topic: Topic, names: Names, day: date | None = None
) -> tuple[Sighting, ...]:
    """For each dual of the topic, a sighting where one of each of its names stand in adjoining passages.

    A person goes also by the offices held on the day of the article (None: by any ever held).
    """
    named: _Named = {}
    for each in seen:
        if each.match.entity and each.weight:
            for name in names.called(each.match.entity, day):
                named.setdefault(name, []).append(each)
    return tuple(found for dual in topic.duals for found in _met(dual, named))


def _met(dual: Dual, named: _Named) -> Iterator[Sighting]:
    groups = [_named(group, named) for group in dual.all]
    others = [{each.passage for each in group} for group in groups[1:]]
    for first in groups[0]:
        near = {first.passage - 1, first.passage, first.passage + 1}
        if not any(near.isdisjoint(passages) for passages in others):
            match = replace(first.match, side=dual.side, term=dual.why, role="")
            yield replace(first, match=match, weight=dual.weight)


def _named(group: Sequence[str], named: _Named) -> list[Sighting]:
    """The sightings of a group, each once: a minister is a person of the country and holds its office."""
    found = {
        (each.passage, each.match.where, each.match.start): each
        for name in group
        for each in named.get(name, ())
    }
    return list(found.values())
