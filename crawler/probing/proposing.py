"""propose(): what was found on a site, as a source with its file and what to look at. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from crawler.catalogue import ZONES
from crawler.discovery import is_article
from crawler.languages import choose_language
from crawler.probing.candidates import Offer
from crawler.probing.homes import Home
from crawler.probing.patterns import Inferred
from crawler.probing.source_file import source_text
from crawler.probing.told import ArticleSeen, EntrySeen, Proposal, State
from storage.model import Source

_DORMANT = 30  # days
_MOST_LEFT = 3  # addresses left aside that are named


def propose(
    source: Source,
    chosen: Sequence[Offer],
    inferred: Inferred,
    articles: tuple[ArticleSeen, ...],
    home: Home,
    today: date,
) -> Proposal:
    """A source with its language, tier and note as its articles tell them.

    Raises CatalogueError if its file would not be read as it.
    """
    cleaned = [seen.article for seen in articles if seen.article]
    languages = Counter(article.language for article in cleaned)
    finished = replace(
        source,
        language=max(languages, key=languages.__getitem__, default=_language(chosen, source)),
        tier=1 if len(cleaned) == len(articles) else 2,
        note=f"Probed on {today}: {len(cleaned)} of {len(articles)} articles could be cleaned.",
    )
    return Proposal(
        source=finished,
        text=source_text(finished, today),
        entries=tuple(_matched(offer, finished) for offer in chosen),
        pattern=inferred.why,
        articles=articles,
        notes=(*_stale(chosen[0], today), *_notes(finished, inferred, articles, home)),
    )


def _language(chosen: Sequence[Offer], source: Source) -> str:
    """That of the headlines, where not one body could be had."""
    titles = "\n".join(link.title for offer in chosen for link in offer.read.links)
    return choose_language(titles, (), source.language)


def _matched(offer: Offer, source: Source) -> EntrySeen:
    articles = sum(is_article(link.url, source) for link in offer.read.links)
    return replace(offer.read.seen, articles=articles)


def _stale(offer: Offer, today: date) -> Iterator[str]:
    newest = offer.read.seen.newest
    if newest and (today - newest.date()).days > _DORMANT:
        yield f"its newest link is of {newest.date()}: the site may be dormant"


def _notes(source: Source, inferred: Inferred, articles: Sequence[ArticleSeen], home: Home) -> Iterator[str]:
    """What a person should look at before relying on the source."""
    yield from (f"left aside as no article: {url}" for url in inferred.left[:_MOST_LEFT])
    refused = sum(seen.state is State.REFUSED for seen in articles)
    if refused:
        yield f"{refused} of {len(articles)} bodies are refused: only their headlines would be kept"
    folders = sorted({seen.url.rstrip("/").rpartition("/")[0] + "/" for seen in articles})
    yield from (f"article_url matches {url} too" for url in folders if re.search(source.article_url, url))
    if home.links:
        matched = sum(is_article(url, source) for url in home.links)
        yield f"article_url matches {matched} of the {len(home.links)} links of the front page"
    if source.country not in ZONES:
        yield "times without an offset count as UTC; set timezone if the site writes its own"
