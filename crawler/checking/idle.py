"""Words of a topic that change nothing. Pure."""

from collections import Counter
from collections.abc import Iterator

from crawler.checking.mistakes import Mistake, Place
from crawler.checking.phrases import Phrase, groups, phrases, phrases_of
from storage.model import Phrases, Side, Topic


def idle_phrases(topic: Topic) -> Iterator[Mistake]:
    """Phrases that change nothing: given twice, or silenced by a context."""
    for place, group in groups(topic):
        yield from _repeated(place, group)
    for number, side in enumerate(topic.sides):
        yield from _twice(number, side)
    yield from _silenced(topic)


def _repeated(place: Place, group: Phrases) -> Iterator[Mistake]:
    """Phrases that are twice in one list, in whatever spelling."""
    found = tuple(phrases_of(place, group))
    counted = Counter(phrase.key for phrase in found)
    first = {phrase.key: phrase for phrase in reversed(found)}
    for phrase in first.values():
        if counted[phrase.key] > 1:
            yield Mistake(phrase.place, f"{phrase.written!r} is in this list twice; take one out")


def _twice(number: int, side: Side) -> Iterator[Mistake]:
    """Phrases that a side has with two weights: only the greater would ever count."""
    seen: dict[tuple[str, ...], Phrase] = {}
    for n, group in enumerate(side.words):
        for phrase in phrases_of(("sides", number, "words", n), group):
            first = seen.setdefault(phrase.key, phrase)
            if first.group.weight != group.weight:
                also = f"“{first.group.why}” has it with {first.group.weight}"
                yield Mistake(
                    phrase.place, f"{phrase.written!r} twice: {also}; keep one (got {group.weight})"
                )


def _silenced(topic: Topic) -> Iterator[Mistake]:
    """Phrases of a side that are a context of weight 0 themselves."""
    silent = {
        phrase.key: phrase
        for phrase in phrases(topic)
        if phrase.place[0] == "contexts" and not phrase.group.weight
    }
    for phrase in phrases(topic):
        around = silent.get(phrase.key) or silent.get((phrase.language, *phrase.words))
        if phrase.place[0] == "sides" and around:
            yield Mistake(phrase.place, _never(phrase, around))


def _never(phrase: Phrase, around: Phrase) -> str:
    return f"{phrase.written!r} never counts: it is in the context “{around.group.why}”; take it out of one"
