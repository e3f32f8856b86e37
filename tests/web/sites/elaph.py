"""elaph.com and api.elaph.com: sitemaps, JSON API, article pages and their AMP twins. Pure."""

import json
import re
from collections.abc import Sequence
from typing import Any

from tests.web.press import HOMES, WebArticle
from tests.web.replies import JSON, Asked, Reply
from tests.web.sites.rendering import article_page, page, robots, xml

HOME = HOMES["elaph"]
SECTIONS = {
    "news": "News",
    "politics": "Politics",
    "morocco": "Morocco",
    "economics": "Economics",
    "sports": "Sports",
    "entertainment": "Entertainment",
    "newspapers": "NewsPapers",
}
_ARTICLE = re.compile(r"/(amp/)?Web/([A-Za-z]+)/\d{4}/\d{1,2}/(\d+)\.html?")
_INDEX = re.compile(r"/v2/web/com/marticles/index/([a-z]+)/(\d+)/?")
_PER_PAGE = 10


def reply(asked: Asked, articles: Sequence[WebArticle]) -> Reply | None:
    """What elaph.com says, or None for a page it does not have."""
    if asked.path == "/robots.txt":
        return robots(
            "User-agent: *",
            "Disallow: /Search",
            f"Sitemap: {HOME}/sitemaps/allsitemaps.xml",
            f"Sitemap: {HOME}/sitemaps/google_news.xml",
        )
    if asked.path.startswith("/sitemaps/"):
        return _sitemap(asked.path.removeprefix("/sitemaps/"), articles)
    if match := _ARTICLE.fullmatch(asked.path):
        return _article(match, articles)
    return page("elaph/list.html", articles) if asked.path == "/" else None


def api_reply(asked: Asked, articles: Sequence[WebArticle]) -> Reply | None:
    """What api.elaph.com says; a page after the last one is empty."""
    if asked.path == "/robots.txt":
        return robots("User-agent: *", "Crawl-delay: 1", "Disallow:")
    match = _INDEX.fullmatch(asked.path)
    if not match or match[1] not in SECTIONS:
        return None
    chosen = [each for each in articles if each.section == SECTIONS[match[1]]]
    start = (int(match[2]) - 1) * _PER_PAGE
    shown = chosen[start : start + _PER_PAGE]
    body = json.dumps({"data": [_row(each) for each in shown]})
    newest = max((each.published for each in shown), default=None)
    return Reply(body=body.encode(), kind=JSON, modified=newest)


def _row(article: WebArticle) -> dict[str, Any]:
    return {
        "PostingID": article.number,
        "PostingURL": article.path,
        "Title": article.title,
        "SubTitle": article.kicker,
        "RelativeTime": int(article.published.timestamp()),
        "SectionName": article.section,
    }


def _sitemap(name: str, articles: Sequence[WebArticle]) -> Reply | None:
    if name == "google_news.xml":
        return xml("sitemap.xml", articles, news="إيلاف")
    if name == "allsitemaps.xml":
        children = [f"{HOME}/sitemaps/{child}" for child in ("google_news.xml", "articles.xml", "videos.xml")]
        return xml("sitemap_index.xml", articles, maps=children)
    if name == "articles.xml":
        return xml("sitemap.xml", articles, news="")
    return xml("sitemap.xml", [], news="") if name == "videos.xml" else None


def _article(match: re.Match[str], articles: Sequence[WebArticle]) -> Reply | None:
    found = [each for each in articles if str(each.number) == match[3]]
    template = "elaph/amp.html" if match[1] else "elaph/article.html"
    return article_page(template, found[0], articles) if found else None
