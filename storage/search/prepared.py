"""An article as the index takes it. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from storage.model import Article, Judgement
from storage.search.stems import LONGEST
from storage.search.tags import tags_of
from storage.text import terms

MOST = 200_000  # characters of terms kept of one text: more than a book's chapter; PostgreSQL takes 1 MB


class Indexed(NamedTuple):
    """The terms of an article by field, each in order."""

    title: tuple[str, ...]
    lead: tuple[str, ...]
    body: tuple[str, ...]
    tags: tuple[str, ...]


def prepared(article: Article, judgements: Iterable[Judgement], entities: Iterable[str]) -> Indexed:
    """The terms by which an article is found."""
    whole, lead = f"{article.subtitle}\n{article.text}".strip(), article.lead
    return Indexed(
        title=_bounded(terms(article.title, article.language)),
        lead=_bounded(terms(lead, article.language)),
        body=_bounded(terms(whole[len(lead) :], article.language)),
        tags=tags_of(article.source, article.language, judgements, entities),
    )


def _bounded(found: tuple[str, ...]) -> tuple[str, ...]:
    if sum(map(len, found)) + len(found) <= MOST and max(map(len, found), default=0) <= LONGEST:
        return found
    kept, size = [], 0
    for term in found:
        size += len(term[:LONGEST]) + 1
        if size > MOST:
            break
        kept.append(term[:LONGEST])
    return tuple(kept)
