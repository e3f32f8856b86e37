"""Where an article names the sides of a topic, and what of it does not count. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from crawler.entities import Names, mentions
from crawler.judging.matching import Lexicon, Named
from crawler.judging.passages import Passage, dateline
from crawler.judging.terms import CONTEXT, OTHER, Known, Term, known_of
from storage.model import Article, Match, Mention, Topic
from storage.text import Word, words

_WHERE = ("place", "country")  # kinds of names that say where
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
class _Span:
    """A term seen at [start, end) of a field."""

    term: Term
    start: int
    end: int


def sightings(article: Article, topic: Topic, names: Names, parts: Sequence[Passage]) -> tuple[Sighting, ...]:
    """Every match of the topic's rules in the passages, the suppressed ones with their reason."""
    fields = {"title": article.title, "subtitle": article.subtitle, "text": article.text}
    day = article.published.date() if article.published else None
    known = known_of(topic, names, article.language)
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
    text: str, field: str, known: Known, day: date | None, parts: Sequence[Passage]
) -> Iterator[Sighting]:
    numbered = [(number, part) for number, part in enumerate(parts) if part.field == field]
    starts = [part.start for _, part in numbered]
    opening = dateline(text) if field == "text" else 0
    for span in _counted(_spans(text, known, day, starts)):
        number, part = numbered[max(bisect_right(starts, span.start) - 1, 0)]
        term = _in_dateline(span.term, known) if span.end <= opening else span.term
        match = _match(span, term, text, part)
        weight = 0.0 if match.suppressed else term.weight
        yield Sighting(match, weight, number, term.country, term.alone, term.why)


def _in_dateline(term: Term, known: Known) -> Term:
    """A place that only says where the report was written; people and subjects count as elsewhere."""
    entity = known.names.entities.get(term.entity)
    if entity is None or entity.kind not in _WHERE:
        return term
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
    """The spans that no longer one of their side hides, with what contexts leave of them."""
    ordered = sorted(spans, key=_order)
    context: _Span | None = None
    around: dict[tuple[str, str], _Span] = {}
    for span in ordered:
        key = (span.term.side, span.term.country)
        if span.term.side == CONTEXT:
            context = span if context is None or span.end > context.end else context
        elif key not in around or not _hides(around[key], span):
            around[key] = span if key not in around or span.end > around[key].end else around[key]
            yield _in_context(span, context)


def _hides(longer: _Span, span: _Span) -> bool:
    """Whether a phrase takes the place of one inside it: its role says more, or it is as sure and firm."""
    if span.end > longer.end:
        return False
    own, inside = longer.term, span.term
    return bool(own.role) or own.side == OTHER or (own.alone and own.weight >= inside.weight)


def _order(span: _Span) -> tuple[int, int, bool, float]:
    """First come the longer, of the same length contexts, then the surer."""
    return span.start, -span.end, span.term.side != CONTEXT, -span.term.weight


def _in_context(span: _Span, context: _Span | None) -> _Span:
    if context is None or span.end > context.end or span.term.side == OTHER:
        return span
    own, around = span.term, context.term
    left = replace(own, weight=own.weight * around.weight, role=around.role or own.role)
    return replace(span, term=left if around.weight else replace(left, suppressed=around.why))


def _spans(text: str, known: Known, day: date | None, starts: Sequence[int]) -> Iterator[_Span]:
    tokens = words(text)
    found = mentions(text, tokens, known.names)
    for mention in found:
        for term in known.meanings(mention.entity, day):
            yield _Span(replace(term, phrase=mention.text), mention.start, mention.end)
    firsts = [word.start for word in tokens]
    places = [bisect_left(firsts, start) for start in (*starts, len(text))]
    named = [(bisect_left(firsts, each.start), _named(each, firsts, known.names, day)) for each in found]
    for first, last in pairwise(places):
        yield from _phrases(text, tokens[first:last], known.lexicon, _within(named, first, last))


def _named(mention: Mention, firsts: Sequence[int], names: Names, day: date | None) -> Named:
    country = names.entities[mention.entity].country
    called = frozenset((country, *names.called(mention.entity, day)))
    return Named(bisect_left(firsts, mention.end), called)


def _within(named: Sequence[tuple[int, Named]], first: int, last: int) -> dict[int, Named]:
    """The names of words [first, last), counted from the first of them."""
    begin, end = (bisect_left(named, place, key=lambda each: each[0]) for place in (first, last))
    inside = (each for each in named[begin:end] if each[1].last <= last)
    return {place - first: each._replace(last=each.last - first) for place, each in inside}


def _phrases(
    text: str, tokens: Sequence[Word], lexicon: Lexicon[Term], named: Mapping[int, Named]
) -> Iterator[_Span]:
    """What the words of one sentence say: no phrase goes on in the next."""
    for found in lexicon.find(tokens, named):
        start, end = tokens[found.first].start, tokens[found.last - 1].end
        for term in found.values:
            if not term.exact or term.phrase == text[start:end]:
                yield _Span(term, start, end)
