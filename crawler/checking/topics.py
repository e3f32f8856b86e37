"""What is wrong with a topic that can be read. Pure."""

from collections.abc import Iterator
from dataclasses import fields

from crawler.checking.mistakes import Mistake, Place
from crawler.checking.phrases import KINDS, LANGUAGES, groups, has_words, phrase_mistakes
from crawler.countries import is_country
from crawler.entities import Names
from storage.model import Side, Topic

_OWN = ("rival", "other", "context")  # sides that the engine has itself


def topic_mistakes(topic: Topic) -> Iterator[Mistake]:
    """Everything in a topic that makes no sense by itself, in the order of the file's keys."""
    if not topic.sides:
        yield Mistake(("sides",), "a topic needs at least one [[sides]]")
    if not topic.labels:
        yield Mistake(("labels",), f"no name for people; give one in one of {', '.join(LANGUAGES)}")
    yield from _labels(("labels",), topic.labels)
    for number, side in enumerate(topic.sides):
        yield from _of_side(number, side)
        if side.id in [each.id for each in topic.sides[:number]]:
            yield Mistake(("sides", number, "id"), f"two sides have this id; rename one (got {side.id!r})")
    yield from _weights(topic)
    yield from _of_duals(topic)
    yield from _of_rivals(topic)
    yield from phrase_mistakes(topic)


def name_mistakes(topic: Topic, names: Names) -> Iterator[Mistake]:
    """Names that a topic refers to and no names file has."""
    for number, side in enumerate(topic.sides):
        for name in side.entities:
            if name not in names.entities:
                yield Mistake(("sides", number, "entities"), _unknown(name))
    for number, dual in enumerate(topic.duals):
        for name in (name for group in dual.all for name in group):
            if " " in name:
                yield from _of_kind(("duals", number, "all"), name)
            elif name not in names.entities:
                yield Mistake(("duals", number, "all"), _unknown(name))


def _unknown(name: str) -> str:
    return (
        f"no names file has {name!r}; add it to one in entities/, or write COUNTRY KIND such as “ES service”"
    )


def _of_kind(place: Place, name: str) -> Iterator[Mistake]:
    country, _, kind = name.partition(" ")
    if not is_country(country):
        yield Mistake(place, f"{country!r} is no country code; write one such as ES (got {name!r})")
    if kind not in KINDS:
        yield Mistake(place, f"{kind!r} is no kind; write one of {', '.join(KINDS)} (got {name!r})")


def _labels(place: Place, labels: object) -> Iterator[Mistake]:
    known = labels if isinstance(labels, dict) else {}
    for language in known:
        if language not in LANGUAGES:
            yield Mistake((*place, language), f"must be one of {', '.join(LANGUAGES)} (got {language!r})")
        elif not known[language].strip():
            yield Mistake((*place, language), "an empty name; write one, or take it out")


def _of_side(number: int, side: Side) -> Iterator[Mistake]:
    place: Place = ("sides", number)
    if not side.id or side.id in _OWN:
        yield Mistake((*place, "id"), f"write a word of your own, such as spain (got {side.id!r})")
    yield from _labels((*place, "labels"), side.labels)
    if side.country and not is_country(side.country):
        remedy = "write two capitals such as ES"
        yield Mistake(
            (*place, "country"), f"no code of a country (ISO 3166); {remedy} (got {side.country!r})"
        )
    weights = (*side.kinds.values(), *side.entities.values(), *(g.weight for g in side.words if has_words(g)))
    if not any(weights):
        yield Mistake(place, "nothing can fill this side; give it words, kinds or entities")
    yield from _of_kinds(place, side)
    for n, group in enumerate(side.words):
        if group.role and not side.country:
            remedy = "a role is of a state: give the side country, or take role out"
            yield Mistake((*place, "words", n, "role"), f"{remedy} (got {group.role!r})")


def _of_kinds(place: Place, side: Side) -> Iterator[Mistake]:
    for kind in side.kinds:
        if kind not in (*KINDS, "adjective"):
            known = ", ".join((*KINDS, "adjective"))
            yield Mistake((*place, "kinds"), f"must be one of {known} (got {kind!r})")
    if "adjective" in side.kinds and not side.country:
        yield Mistake((*place, "kinds"), "adjectives are of a country; give country (got 'adjective')")


def _weights(topic: Topic) -> Iterator[Mistake]:
    for place, weight in _given(topic):
        if not 0 <= weight <= 1:
            yield Mistake(place, f"must be between 0 and 1 (got {weight})")
    least, enough = topic.thresholds.borderline, topic.thresholds.relevant
    for name, value in (("relevant", enough), ("borderline", least)):
        if value == 0:
            wrong = "at 0 every page would be kept; write a score above it, such as 0.3"
            yield Mistake(("thresholds", name), f"{wrong} (got {value})")
    if least > enough:
        place = ("thresholds", "borderline")
        yield Mistake(place, f"must not exceed relevant, {enough} (got {least})")


def _given(topic: Topic) -> Iterator[tuple[Place, float]]:
    for key in ("thresholds", "proximity", "doubts"):
        values = getattr(topic, key)
        yield from (((key, each.name), getattr(values, each.name)) for each in fields(values))
    for number, side in enumerate(topic.sides):
        for key, weights in (("kinds", side.kinds), ("entities", side.entities)):
            yield from ((("sides", number, key, name), weight) for name, weight in weights.items())
    yield from (((*place, "weight"), group.weight) for place, group in groups(topic))
    yield from ((("duals", number, "weight"), dual.weight) for number, dual in enumerate(topic.duals))


def _of_duals(topic: Topic) -> Iterator[Mistake]:
    sides = sorted({side.id for side in topic.sides})
    for number, dual in enumerate(topic.duals):
        if not dual.why.strip():
            yield Mistake(
                ("duals", number, "why"), "say what the names are together: it is told as evidence (got '')"
            )
        if dual.side not in sides:
            yield Mistake(("duals", number, "side"), f"must be one of {', '.join(sides)} (got {dual.side!r})")
        if len(dual.all) < 2 or not all(dual.all):
            remedy = "give at least two lists of names, none empty"
            yield Mistake(("duals", number, "all"), f"{remedy} (got {[list(each) for each in dual.all]})")


def _of_rivals(topic: Topic) -> Iterator[Mistake]:
    states = {side.country: side.id for side in topic.sides}
    for number, code in enumerate(topic.rivals):
        if not is_country(code):
            yield Mistake(("rivals", number), f"no code of a country (ISO 3166) such as DZ (got {code!r})")
        elif code in states:
            yield Mistake(("rivals", number), f"is the side {states[code]}; take it out (got {code!r})")
