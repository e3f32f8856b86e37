"""Whether a page could matter at all, from its raw text, at a fraction of the cost of cleaning it. Pure.

Sound: a word that `judge` would find in the cleaned text is found here too. A side is missing only if the
page has no word of it, with entities and JSON escapes read, and both with its tags in place and with the
words joined that tags split.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from crawler.cleaning.markup import decode
from crawler.entities import Names
from crawler.judging.matching import phrase_words, readings
from crawler.judging.sightings import meanings
from crawler.rules import Rules
from storage.model import Entity, Judgement, Page, Relevance, Topic
from storage.text import vocabulary

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENTITY = re.compile(r"&[#a-zA-Z]")
_MACHINERY = re.compile(r"<(script|style)\b(?![^>]*json)", re.IGNORECASE)
_META = re.compile(r"<meta\b[^<>]*?\scontent=", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|t[dhr]|table|br|hr|section|article|main|header|footer|nav|aside|figure"
    r"|figcaption|blockquote|pre|option|dd|dt|dl|title|body|head|html|form|label|button)\b[^<>]*>",
    re.IGNORECASE,
)
_QUOTED = r"""(?>[^<>"']++|"[^"<>]*+>?[^"<>]*+"|'[^'<>]*+>?[^'<>]*+'|["'])*+"""  # one > at most in a value
_TAG = re.compile(rf"</?[a-zA-Z!]{_QUOTED}>")


def missing_sides(page: Page, rules: Rules) -> tuple[Judgement, ...]:
    """For each topic a judgement with the sides of which the page has no trace; () if it could matter.

    Looks at what the entry said and at the whole page, menus included.
    """
    text = _text(page)
    looks = [(topic, _absent(text, _traces(topic, rules.names))) for topic in rules.topics]
    if any(not absent for _, absent in looks):
        return ()
    return tuple(_irrelevant(topic, absent) for topic, absent in looks)


def _irrelevant(topic: Topic, missing: tuple[str, ...]) -> Judgement:
    why = f"no trace of {' nor of '.join(missing)} anywhere in the page"
    return Judgement(topic=topic.id, relevance=Relevance.IRRELEVANT, score=0.0, missing=missing, why=why)


def _text(page: Page) -> str:
    """All of the page that can become text; `_` where a tag may split a word or part two.

    JSON escapes and entities are read, twice, for some sites escape twice. Scripts and styles are out unless
    they hold JSON; what a meta tag says is in.
    """
    body = decode(page.body, dict(page.headers).get("content-type", "")).replace("\0", "")
    text = f"{page.link.title}\n{page.link.summary}\n{_META.sub(' ', _without_machinery(body))}"
    if "\\u" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    text = _without_tags(text)
    for _ in range(2):
        if _ENTITY.search(text):
            text = unescape(text)
    return text


def _without_tags(text: str) -> str:
    return _TAG.sub("_", _BLOCK.sub(" ", _without_comments(text)))


def _without_comments(text: str) -> str:
    """In one pass: a pattern would look for the end of each of a million beginnings."""
    kept, place = [], 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[place:start])
        place = end + 3
    return "_".join((*kept, text[place:]))


def _without_machinery(body: str) -> str:
    """A page without its scripts and styles, those that hold JSON left in."""
    kept, place = [], 0
    while opening := _MACHINERY.search(body, place):
        closing = body.find(f"</{opening[1]}", opening.end())
        if closing < 0:
            break
        kept.append(body[place : opening.start()])
        place = closing
    return " ".join((*kept, body[place:]))


@dataclass(frozen=True, slots=True)
class _Traces:
    """What must occur where a side is named: a word, all of a phrase, a beginning, or letters as written."""

    side: str
    words: frozenset[str]
    phrases: tuple[frozenset[str], ...]
    beginnings: tuple[str, ...]
    written: tuple[str, ...]

    def occur(self, text: str, found: frozenset[str]) -> bool:
        """Whether any does in a text; `found` is all that its words may be."""
        return (
            not self.words.isdisjoint(found)
            or any(phrase <= found for phrase in self.phrases)
            or any(each in text for each in self.written)
            or any(word.startswith(self.beginnings) for word in found)
        )


def _absent(text: str, traces: tuple[_Traces, ...]) -> tuple[str, ...]:
    """The sides without a trace, words parted where tags stood and then joined."""
    parted = text.replace("_", " ")
    found = _readings(parted)
    absent = [each for each in traces if not each.occur(parted, found)]
    if absent:
        joined = " ".join(word for word in _without_tags(text).split() if "_" in word).replace("_", "")
        found |= _readings(joined)
        absent = [each for each in absent if not each.occur(joined, found)]
    return tuple(each.side for each in absent)


def _readings(text: str) -> frozenset[str]:
    """What the words of a text may be."""
    return frozenset().union(*map(readings, vocabulary(text)))


@lru_cache(maxsize=16)
def _traces(topic: Topic, names: Names) -> tuple[_Traces, ...]:
    return tuple(_of_side(side.id, topic, names) for side in topic.sides)


def _of_side(side: str, topic: Topic, names: Names) -> _Traces:
    entities = tuple(_naming(side, topic, names))
    exact = {name for entity in entities for name in entity.exact}
    phrases = {name for entity in entities for name in entity.names} - exact
    phrases |= {word for each in entities if _is_of(each, side, topic) for word in each.adjectives}
    phrases |= {word for each in topic.sides if each.id == side for group in each.words for word in group.all}
    split = {phrase_words(phrase) for phrase in phrases}
    words = frozenset(each[0] for each in split if len(each) == 1)
    beginnings = tuple(sorted(word[:-1] for word in words if word.endswith("*")))
    several = {frozenset(word for word in each if not word.endswith("*")) for each in split}
    longer = tuple(each for each in several if len(each) > 1 and words.isdisjoint(each))
    return _Traces(side, words, longer, beginnings, tuple(sorted(exact)))


def _naming(side: str, topic: Topic, names: Names) -> Iterator[Entity]:
    """The entities that fill a side, by themselves or in a dual."""
    meeting = {name for dual in topic.duals if dual.side == side for name in dual.all[0]}
    for entity in names.entities.values():
        fills = any(term.side == side for term in meanings(entity, topic)) or _is_of(entity, side, topic)
        if fills or entity.id in meeting or f"{entity.country} {entity.kind}" in meeting:
            yield entity


def _is_of(entity: Entity, side: str, topic: Topic) -> bool:
    return any(each.id == side and each.country == entity.country for each in topic.sides)
