"""Asking for one article: what a crawl would take from its page, and what it would think of it."""

import asyncio
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from crawler.cheap_look import missing_sides
from crawler.clean import extract
from crawler.clock import now
from crawler.discovery import is_article, on_site
from crawler.fetching.answers import as_page
from crawler.probing.site import Site, trouble_of
from crawler.probing.told import ArticleSeen, State
from crawler.relevance import judge
from crawler.rules import Rules
from crawler.urls import url_key
from storage.errors import PageError
from storage.model import Link, Page, Source


async def read_article(site: Site, link: Link, source: Source, rules: Rules | None = None) -> ArticleSeen:
    """What a crawl would take from the page of a link; judged where there are rules."""
    answer = await site.get(Request(link.url))
    trouble = trouble_of(answer)
    seen = ArticleSeen(url=link.url, answered=link.url, state=State.OK)
    if trouble:
        return replace(seen, state=trouble.state, status=trouble.status, why=trouble.why)
    assert isinstance(answer, Response)  # noqa: S101 - anything else is trouble
    seen = replace(seen, answered=answer.url, status=answer.status)
    if why := _elsewhere(link, answer.url, source):
        return replace(seen, state=State.FAILED, why=f"{why}, to {answer.url}; look at it in a browser")
    return await asyncio.to_thread(_examined, seen, as_page(link, answer, now()), source, rules)


def _elsewhere(link: Link, url: str, source: Source) -> str:
    """How the page that came is not the one of the link; empty if it is."""
    if not on_site(url, source):
        return "redirected off the site"
    if url_key(url) not in (link.key, *link.aliases) and not is_article(url, source):
        return "redirected to no article"
    return ""


def _examined(seen: ArticleSeen, page: Page, source: Source, rules: Rules | None) -> ArticleSeen:
    seen = replace(seen, cheap_look=missing_sides(page, rules) if rules else ())
    try:
        article = extract(page, source)
    except PageError as error:
        return replace(seen, state=State.EMPTY, why=str(error).removeprefix(f"{page.url}: "))
    if article is None:
        return replace(seen, state=State.EMPTY, why=_why_empty(page))
    return replace(seen, article=article, judgements=judge(article, rules) if rules else ())


def _why_empty(page: Page) -> str:
    if page.body.lower().count(b"<p") < 3 and b"<script" in page.body.lower():
        return "no article text without JavaScript; look for a feed or JSON interface that has the text"
    return "no article text in it; set `text` in [select] to a CSS selector of the body"
