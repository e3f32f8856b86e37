"""Where an article names the sides of a topic, and what of it does not count. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from crawler.entities import Names, mentions
from crawler.judging.matching import Lexicon
from crawler.judging.passages import Passage, dateline
from storage.model import Article, Entity, Match, Phrases, Side, Topic
from storage.text import Word, words

RIVAL = "rival"  # sides of no topic: another country, another subject
OTHER = "other"
_CONTEXT = "context"
_DATELINE = 0.3  # what a place tells that only says where the report was written


@dataclass(frozen=True, slots=True)
class Sighting:
    """A match in passage number `passage`, and how surely it fills its side (0 to 1)."""

    match: Match
    weight: float
    passage: int
    country: str = ""
    alone: bool = True
    why: str = ""  # of another subject: which


@dataclass(frozen=True, slots=True)
class Term:
    """What a phrase stands for in a topic."""

    side: str
    phrase: str
    weight: float
    exact: bool = False
    alone: bool = True
    why: str = ""
    role: str = ""
    country: str = ""
    entity: str = ""
    suppressed: str = ""


@dataclass(frozen=True, slots=True)
class _Span:
    """A term seen at [start, end) of a field."""

    term: Term
    start: int
    end: int


def sightings(article: Article, topic: Topic, names: Names, parts: Sequence[Passage]) -> tuple[Sighting, ...]:
    """Every match of the topic's rules in the passages, the suppressed ones with their reason."""
    fields = {"title": article.title, "subtitle": article.subtitle, "text": article.text}
    day = article.published.date() if article.published else None
    known = _known(topic, names)
    found = (_in_field(fields[name], name, known, day, parts) for name in fields if fields[name])
    return tuple(_supported([each for field in found for each in field]))


def _supported(seen: Sequence[Sighting]) -> Iterator[Sighting]:
    """The sightings; those that do not count alone only where another of their side does."""
    firm = {each.match.side for each in seen if each.alone and each.weight}
    for each in seen:
        if each.alone or each.match.side in firm:
            yield each
        else:
            yield replace(each, match=replace(each.match, suppressed="does not count alone"), weight=0.0)


def _in_field(
    text: str, field: str, known: "_Known", day: date | None, parts: Sequence[Passage]
) -> Iterator[Sighting]:
    numbered = [(number, part) for number, part in enumerate(parts) if part.field == field]
    starts = [part.start for _, part in numbered]
    opening = dateline(text) if field == "text" else 0
    for span in _counted(_spans(text, known, day)):
        number, part = numbered[max(bisect_right(starts, span.start) - 1, 0)]
        term = _in_dateline(span.term) if span.end <= opening and span.term.side != OTHER else span.term
        match = _match(span, term, text, part)
        weight = 0.0 if match.suppressed else term.weight
        yield Sighting(match, weight, number, term.country, term.alone, term.why)


def _in_dateline(term: Term) -> Term:
    """A place that only says where the report was written."""
    return replace(term, weight=term.weight * _DATELINE, role=term.role or "dateline")


def _match(span: _Span, term: Term, text: str, part: Passage) -> Match:
    written = text[span.start : span.end]
    return Match(
        side=term.side,
        term=term.phrase,
        text=written,
        where=part.where,
        start=span.start,
        end=span.end,
        entity=term.entity,
        suppressed=part.dropped or term.suppressed,
        role=term.role,
    )


def _counted(spans: Iterable[_Span]) -> Iterator[_Span]:
    """The spans that are not part of a longer one of their side, with what contexts leave of them."""
    ordered = sorted(spans, key=_order)
    context: _Span | None = None
    reached: dict[tuple[str, str], int] = {}
    for span in ordered:
        key = (span.term.side, span.term.country)
        if span.term.side == _CONTEXT:
            context = span if context is None or span.end > context.end else context
        elif span.end > reached.get(key, -1):
            reached[key] = span.end
            yield _in_context(span, context)


def _order(span: _Span) -> tuple[int, int, bool, float]:
    """First come the longer, of the same length contexts, then the surer."""
    return span.start, -span.end, span.term.side != _CONTEXT, -span.term.weight


def _in_context(span: _Span, context: _Span | None) -> _Span:
    if context is None or span.end > context.end or span.term.side == OTHER:
        return span
    own, around = span.term, context.term
    left = replace(own, weight=own.weight * around.weight, role=around.role or own.role)
    return replace(span, term=left if around.weight else replace(left, suppressed=around.why))


def _spans(text: str, known: "_Known", day: date | None) -> Iterator[_Span]:
    tokens = words(text)
    for mention in mentions(text, tokens, known.names):
        for term in known.meanings(mention.entity, day):
            yield _Span(replace(term, phrase=mention.text), mention.start, mention.end)
    yield from _phrases(text, tokens, known.lexicon)


def _phrases(text: str, tokens: Sequence[Word], lexicon: Lexicon[Term]) -> Iterator[_Span]:
    for found in lexicon.find(tokens):
        start, end = tokens[found.first].start, tokens[found.last - 1].end
        for term in found.values:
            if not term.exact or term.phrase == text[start:end]:
                yield _Span(term, start, end)


@dataclass(frozen=True, slots=True)
class _Known:
    """The rules of a topic, ready for matching."""

    names: Names
    lexicon: Lexicon[Term]
    entities: Mapping[str, tuple[Term, ...]]  # id -> what naming it means

    def meanings(self, entity: str, day: date | None) -> Iterator[Term]:
        """What naming the entity means on a day: by itself, and by the offices it holds."""
        for each in (entity, *self.names.offices(entity, day)):
            yield from (replace(term, entity=entity) for term in self.entities[each])


@lru_cache(maxsize=16)
def _known(topic: Topic, names: Names) -> _Known:
    entities = names.entities.values()
    phrases = [*_topic_terms(topic), *(term for entity in entities for term in _adjectives(entity, topic))]
    meant = {entity.id: tuple(meanings(entity, topic)) for entity in entities}
    return _Known(names, Lexicon((term.phrase, term) for term in phrases), meant)


def _topic_terms(topic: Topic) -> Iterator[Term]:
    for side in topic.sides:
        yield from (term for phrases in side.words for term in _terms(side.id, phrases))
    yield from (term for phrases in topic.contexts for term in _terms(_CONTEXT, phrases))
    yield from (term for phrases in topic.others for term in _terms(OTHER, phrases))


def _terms(side: str, group: Phrases) -> Iterator[Term]:
    for phrase in group.all:
        yield Term(side, phrase, group.weight, group.exact, group.alone, group.why, group.role)


def _adjectives(entity: Entity, topic: Topic) -> Iterator[Term]:
    for side in topic.sides:
        if side.country == entity.country:
            weight = side.kinds.get("adjective", 0.0)
            yield from (Term(side.id, word, weight, entity=entity.id) for word in entity.adjectives)
    if entity.country in topic.rivals:
        yield from (Term(RIVAL, word, 1.0, country=entity.country) for word in entity.adjectives)


def meanings(entity: Entity, topic: Topic) -> Iterator[Term]:
    """What naming the entity means to the topic."""
    for side in topic.sides:
        weight = _weight(entity, side)
        if weight:
            yield Term(side.id, "", weight, entity=entity.id)
    if entity.country in topic.rivals:
        yield Term(RIVAL, "", 1.0, country=entity.country, entity=entity.id)


def _weight(entity: Entity, side: Side) -> float:
    own = side.kinds.get(entity.kind, 0.0) if side.country in ("", entity.country) else 0.0
    return side.entities.get(entity.id, own)
