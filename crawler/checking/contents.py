"""What a topic or names file contains, in lines for whoever wrote it. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from crawler.checking.mistakes import Mistake
from crawler.checking.phrases import KINDS, count
from crawler.entities import Names
from storage.model import Entity, Side, Topic


def topic_contents(topic: Topic, names: Names) -> Iterator[str]:
    """The topic, each of its sides with what fills it, and the rest."""
    state = "" if topic.enabled else " (disabled)"
    yield f"topic {topic.id}{state}: {', '.join(topic.labels.values())}"
    for side in topic.sides:
        yield f"side {side.id}: {', '.join(_fills(side, names))}"
    if topic.duals:
        yield f"duals: {'; '.join(dual.why for dual in topic.duals)}"
    for key, groups in (("contexts", topic.contexts), ("others", topic.others)):
        if groups:
            yield f"{key}: {'; '.join(group.why for group in groups)} ({count(groups)})"
    if topic.rivals:
        yield f"rivals: {', '.join(topic.rivals)}"
    least = topic.thresholds
    yield f"thresholds: relevant from {least.relevant}, borderline from {least.borderline}"


def name_contents(entities: Sequence[Entity]) -> Iterator[str]:
    """The names of a file, by kind."""
    kinds = Counter(each.kind for each in entities)
    told = (f"{number} {kind}" for kind, number in sorted(kinds.items()))
    spellings = sum(len(each.names) for each in entities)
    yield f"{counted(len(entities), 'name')} with {counted(spellings, 'spelling')}: {', '.join(told)}"


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 name, 2 names."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def topic_warnings(topic: Topic, names: Names) -> Iterator[Mistake]:
    """What is legal and can yet hardly be meant."""
    countries = {entity.country for entity in names.entities.values()}
    for number, side in enumerate(topic.sides):
        if side.kinds and side.country not in countries:
            wrong = f"no names file has a name of {side.country}: kinds count for nothing"
            yield Mistake(("sides", number, "country"), wrong)
        elif side.country and (idle := _nameless(side, names)):
            wrong = f"no names file has any of {side.country}: {', '.join(idle)}"
            remedy = "add some in entities/, or take the kind out"
            yield Mistake(("sides", number, "kinds"), f"{wrong}; {remedy}")
        if not side.labels:
            yield Mistake(("sides", number, "labels"), f"none: people will read {side.id!r}")
    for number, code in enumerate(topic.rivals):
        if code not in countries:
            yield Mistake(("rivals", number), f"no names file has a name of {code}: it is never seen")
    for number, dual in enumerate(topic.duals):
        both = sorted({name for group in dual.all for name in group if _groups_of(name, dual.all) > 1})
        if both:
            yield Mistake(
                ("duals", number, "all"), f"in two lists, so that one mention does: {', '.join(both)}"
            )


def _nameless(side: Side, names: Names) -> list[str]:
    """Kinds that a side counts and of which its country has no name."""
    own = [entity for entity in names.entities.values() if entity.country == side.country]
    known = {entity.kind for entity in own} | {"adjective" for entity in own if entity.adjectives}
    return [kind for kind in side.kinds if kind in (*KINDS, "adjective") and kind not in known]


def _groups_of(name: str, groups: Sequence[Sequence[str]]) -> int:
    return sum(name in group for group in groups)


def _fills(side: Side, names: Names) -> Iterator[str]:
    if side.country:
        own = Counter(e.kind for e in names.entities.values() if e.country == side.country)
        kinds = (f"{own[kind]} {kind} ({weight:g})" for kind, weight in side.kinds.items() if own[kind])
        yield f"names of {side.country} ({', '.join(kinds) or 'none'})"
    elif side.kinds:
        yield f"every {', '.join(side.kinds)}"
    if side.entities:
        yield f"{counted(len(side.entities), 'name')} by id"
    if side.words:
        yield f"{counted(len(side.words), 'group')} of words ({count(side.words)})"
