"""A page in, an article out: the only module that knows trafilatura. Pure.

Each field is the best of what several paths found (the page's JSON-LD, its meta tags, the source's selectors,
markup, trafilatura, what the entry said); `Article.found_by` says which one it was.
"""

import logging
from dataclasses import replace
from typing import NamedTuple

import trafilatura
from lxml import html
from trafilatura.metadata import extract_metadata

from crawler.cleaning.barriers import barrier
from crawler.cleaning.boxes import remove_boxes
from crawler.cleaning.credits import is_credit, read_credit, read_dateline
from crawler.cleaning.fields import Fields, read_fields
from crawler.cleaning.findings import Findings, findings
from crawler.cleaning.genres import choose_genre
from crawler.cleaning.lines import Body, clean_lines
from crawler.cleaning.markup import (
    block_lines,
    parse,
    protect_phrases,
    remove,
    remove_captions,
    remove_hollow,
    remove_link_lines,
    remove_machinery,
)
from crawler.cleaning.prose import fullest
from crawler.languages import choose_language
from crawler.urls import absolute, same_site, url_key
from storage.errors import CleaningError
from storage.model import Article, Page, Source
from storage.text import words

_FEWEST_WORDS = 15  # a shorter text is no article
_LONGEST = 200_000  # characters; what follows is a dump, not an article
_DATES = {"extensive_search": False, "original_date": True}  # else "© 2026" becomes 1 January 2026

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is our PageError


class Cleaned(NamedTuple):
    """What a page holds: its article, if any, and the marks of its lines (see `cleaning.repeats`)."""

    article: Article | None = None
    marks: frozenset[int] = frozenset()


def extract(page: Page, source: Source | None, repeated: frozenset[int] = frozenset()) -> Article | None:
    """The article of a page, as `clean` has it."""
    return clean(page, source, repeated).article


def clean(page: Page, source: Source | None, repeated: frozenset[int] = frozenset()) -> Cleaned:
    """The article of a page; none if it holds none: a challenge, a list of headlines, an empty page.

    `repeated` are the marks of lines that the source repeats on its pages: they are no part of any article.
    What a page behind a paywall shows to everybody is its article.
    Raises PageError for a page that is too large, has too many tags or is not HTML, and its CleaningError for
    one that breaks lxml, trafilatura or us.
    """
    if barrier(page.body):
        return Cleaned()
    root = parse(page)
    try:
        return _cleaned(page, source, root, repeated)
    except Exception as error:  # one page that breaks lxml or trafilatura stops no other
        raise CleaningError(f"{page.url}: cannot be cleaned ({error!r}); please report the page") from error


def _cleaned(page: Page, source: Source | None, root: html.HtmlElement, repeated: frozenset[int]) -> Cleaned:
    fields = read_fields(page, source, root, lambda: _last_resort(root))
    text, text_by = _text(root, source, fields.text)
    titles = (fields.title, fields.subtitle)
    body = clean_lines(text[:_LONGEST], titles, fields.authors, source, repeated)
    if not fields.title or sum(len(words(line)) for line in body.lines) < _FEWEST_WORDS:
        return Cleaned()
    return Cleaned(_signed(page, _assembled(page, source, fields, body, text_by), body), body.marks)


def _last_resort(root: html.HtmlElement) -> Findings:
    found = extract_metadata(root, date_config=dict(_DATES))
    return findings(
        authors=tuple((found.author or "").split("; ")) if found.author else (),
        published=(found.date,) if found.date else (),
    )


def _text(root: html.HtmlElement, source: Source | None, article_body: str) -> tuple[str, str]:
    """The body text, a paragraph a line: what the source's selector names, else what trafilatura takes."""
    remove(root, source.drop if source else ())
    remove_machinery(root)
    remove_captions(root)
    remove_hollow(root)
    for selector in source.select.get("text", ()) if source else ():
        selected = "\n".join(line for each in root.cssselect(selector) for line in block_lines(each))
        if len(words(selected)) >= _FEWEST_WORDS:
            return selected, "select"
    remove_boxes(root)
    remove_link_lines(root)
    protect_phrases(root)  # precisely, for a teaser's words would be judged as the article's
    found = trafilatura.bare_extraction(root, include_comments=False, favor_precision=True)
    return fullest(getattr(found, "text", "") or "", root, article_body)


def _assembled(page: Page, source: Source | None, fields: Fields, body: Body, text_by: str) -> Article:
    text = "\n".join(body.lines)
    genre, genre_by = choose_genre(
        fields.title, url=fields.url, section=fields.section, types=fields.types, lines=body.lines
    )
    return Article(
        key=url_key(fields.url),
        url=fields.url,
        source=source.id if source else page.link.source,
        title=fields.title,
        text=text,
        language=choose_language(
            f"{fields.title}\n{text}", fields.languages, source.language if source else ""
        ),
        subtitle=fields.subtitle,
        authors=fields.authors,
        published=fields.published,
        modified=fields.modified,
        section=fields.section,
        audio=fields.audio,
        genre=genre,
        rights=fields.rights,
        aliases=fields.aliases,
        found_by={**fields.found_by, "text": text_by, **({"genre": genre_by} if genre else {})},
    )


def _signed(page: Page, article: Article, body: Body) -> Article:
    """The article with what its first and last lines tell: place, origin, author, short link."""
    place, agency = read_dateline(body.lines[0])
    end = read_credit(body.lines[-1])
    credited = next((agency for author in article.authors if (agency := read_credit(author))), "")
    told = body.told
    lines = body.lines[:-1] if is_credit(body.lines[-1]) else body.lines
    short = absolute(told.get("aliases", ""), page.url) if told.get("aliases") else ""
    alias = (url_key(short),) if short and same_site(short, page.url) else ()
    origin = told.get("origin") or agency or end or credited
    place = told.get("place") or place
    authors = article.authors or tuple(filter(None, (told.get("authors", ""),)))
    by_text = {"origin": origin, "place": place, "authors": "" if article.authors else authors}
    return replace(
        article,
        text="\n".join(lines),
        origin=origin,
        place=place,
        authors=authors,
        aliases=tuple(dict.fromkeys((*article.aliases, *(each for each in alias if each != article.key)))),
        found_by={**article.found_by, **{field: "text" for field, found in by_text.items() if found}},
    )
