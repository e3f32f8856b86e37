"""What is known of an article, as terms of the index, so that it answers filters too. Pure.

A tag is `name=value` in lower case, percent-encoded; no word of a text holds a `=`.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote

from storage.model import Judgement

EVERYTHING = "all="  # every article has it
_LONGEST = 200  # characters of a value


@lru_cache(maxsize=10_000)
def tag(name: str, value: str) -> str:
    """The term that stands for a value."""
    return f"{name}={quote(value.lower()[:_LONGEST], safe='', errors='replace')}"


def tags_of(
    source: str, language: str, judgements: Iterable[Judgement], entities: Iterable[str]
) -> tuple[str, ...]:
    """The tags of an article."""
    known = [EVERYTHING, tag("source", source), tag("lang", language)]
    known += (tag("entity", each) for each in entities)
    known += (each for judgement in judgements for each in _judged(judgement))
    return tuple(dict.fromkeys(known))


def standing(field: str, term: str) -> str:
    """The term that stands for another one's being in a field, `title` or `lead`."""
    return f"{field}={term}"


def verdict_tag(verdict: str, topic: str) -> str:
    """The term of what is judged so for a topic, named in lower case."""
    return f"{tag('topic', topic)}={verdict}"


def _judged(judgement: Judgement) -> Iterator[str]:
    yield tag("verdict", judgement.relevance.value)
    yield verdict_tag(judgement.relevance.value, judgement.topic)
    if judgement.keeps:
        yield tag("topic", judgement.topic)
