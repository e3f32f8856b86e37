"""answering(): which stories a subscription to a query gets."""

from dataclasses import replace
from datetime import datetime

from storage.archive import Archive
from storage.errors import InputError
from storage.model import Story
from storage.query import parse_query

_HITS = 100  # read at once


def answering(archive: Archive, text: str, found: tuple[Story, ...], now: datetime) -> tuple[Story, ...]:
    """The stories of which an account that is given answers a query. Raises InputError for a query that is
    not understood, as one that was saved long ago may be."""
    query = parse_query(text, now=now)
    if query.not_understood:
        raise InputError(f"query {text}: not understood: {', '.join(query.not_understood)}; subscribe anew")
    if not text or not found:
        return found
    wanted = {each.id for each in found}
    numbers = tuple(sorted(wanted & set(query.stories) if query.stories else wanted))
    if not numbers:
        return ()
    query, after, hits = replace(query, stories=numbers, sort="date"), "", set[int]()
    while True:
        answer = archive.search(query, limit=_HITS, after=after)
        hits |= {hit.found.id for hit in answer.hits}
        after = answer.next
        if not after:
            return tuple(story for story in found if hits & {each.id for each in story.articles})
