"""Whether a page could matter at all, from its source, at a fraction of the cost of cleaning it. Pure.

Sound: a word that `judge` would find in the cleaned text is found here too. A side is missing only if the
page has no word of it: not with its tags in place, nor with the words joined that tags split, nor with those
around elements that cleaning may take out.
"""

from collections.abc import Set
from functools import lru_cache

from crawler.entities import Names
from crawler.looking.told import texts
from crawler.looking.traces import Traces
from crawler.rules import Rules
from storage.model import Judgement, Page, Relevance, Topic


def missing_sides(page: Page, rules: Rules) -> tuple[Judgement, ...]:
    """For each topic a judgement with the sides of which the page has no trace; () if it could matter.

    Looks at what the entry said and at the whole page, menus included.
    """
    traces = _traces(rules.topics, rules.names)
    terms: frozenset[str] = frozenset()
    sides: frozenset[tuple[str, str]] = frozenset()
    for text in texts(page):
        if text is None:
            return ()
        terms |= traces.terms(text)
        sides |= traces.sides(terms, text)
        if any(not _absent(topic, sides) for topic in rules.topics):
            return ()
    return tuple(_irrelevant(topic, _absent(topic, sides)) for topic in rules.topics)


@lru_cache(maxsize=4)
def _traces(topics: tuple[Topic, ...], names: Names) -> Traces:
    return Traces(topics, names)


def _absent(topic: Topic, sides: Set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(side.id for side in topic.sides if (topic.id, side.id) not in sides)


def _irrelevant(topic: Topic, missing: tuple[str, ...]) -> Judgement:
    why = f"no trace of {' nor of '.join(missing)} anywhere in the page"
    return Judgement(topic=topic.id, relevance=Relevance.IRRELEVANT, score=0.0, missing=missing, why=why)
