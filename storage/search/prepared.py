"""An article as the index takes it. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from storage.model import Article, Judgement
from storage.search.stems import LONGEST
from storage.search.tags import standing, tags_of
from storage.text import terms

Terms = tuple[str, ...]
MOST = 200_000  # characters of terms kept of one text: more than a book's chapter; PostgreSQL takes 1 MB
PLACES = 16_000  # words of an article of which the index knows where they stand; PostgreSQL counts to 16,383
OCCURRENCES = 255  # of one term that it knows the places of, as PostgreSQL does


class Indexed(NamedTuple):
    """The terms of an article by field, each in order; "" is a place where a term stands that is not counted.

    `rest` are those that the fields hold at no counted place: a word finds them, a phrase does not. The tags
    name once more what stands in title or lead: an index knows at which places a term stands only by reading
    them all.
    """

    title: tuple[str, ...]
    lead: tuple[str, ...]
    body: tuple[str, ...]
    rest: tuple[str, ...]
    tags: tuple[str, ...]


def prepared(article: Article, judgements: Iterable[Judgement], entities: Iterable[str]) -> Indexed:
    """The terms by which an article is found."""
    whole, lead = f"{article.subtitle}\n{article.text}".strip(), article.lead
    title, lead_terms, body = (
        _bounded(terms(each, article.language)) for each in (article.title, lead, whole[len(lead) :])
    )
    title, lead_terms, body, rest = _placed(title, lead_terms, body)
    tags = (
        *tags_of(article.source, article.language, judgements, entities),
        *(standing("title", each) for each in dict.fromkeys(title) if each),
        *(standing("lead", each) for each in dict.fromkeys(lead_terms) if each),
    )
    return Indexed(title=title, lead=lead_terms, body=body, rest=rest, tags=tags)


def _placed(title: Terms, lead: Terms, body: Terms) -> tuple[Terms, Terms, Terms, Terms]:
    """The fields with what is not counted left out, and what they hold at no counted place."""
    often = Counter(chain(title, lead, body))
    if often.total() <= PLACES and max(often.values(), default=0) <= OCCURRENCES:
        return title, lead, body, ()
    seen: Counter[str] = Counter()
    end = PLACES - len(title) - len(lead)
    title, lead, body = (tuple(_counted(each, seen)) for each in (title, lead, body[: max(0, end)]))
    return title, lead, body, tuple(sorted(set(often) - set(seen)))


def _counted(found: Terms, seen: Counter[str]) -> Iterator[str]:
    for term in found:
        seen[term] += 1
        yield term if seen[term] <= OCCURRENCES else ""


def _bounded(found: Terms) -> Terms:
    if sum(map(len, found)) + len(found) <= MOST and max(map(len, found), default=0) <= LONGEST:
        return found
    kept, size = [], 0
    for term in found:
        size += len(term[:LONGEST]) + 1
        if size > MOST:
            break
        kept.append(term[:LONGEST])
    return tuple(kept)
