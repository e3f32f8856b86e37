"""www.mc-doualiya.com: the France Médias Monde platform; sitemaps, paged listings, articles. Pure."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from tests.web.press import HOMES, WebArticle
from tests.web.replies import Asked, Reply
from tests.web.sites.rendering import article_page, page, robots, xml

HOME = HOMES["mc_doualiya"]
SECTIONS = {
    "المغرب-العربي": "المغرب العربي",
    "فرنسا": "فرنسا",
    "الشرق-الأوسط": "الشرق الأوسط",
    "أفريقيا": "أفريقيا",
    "أوروبا": "أوروبا",
    "رياضة": "رياضة",
    "برامج/مباشر-مع-مراسل": "مباشر مع مراسل",
    "برامج/قراءة-في-الصحف-الفرنسية": "قراءة في الصحف الفرنسية",
}
_ARTICLE = re.compile(r"/(?:[^/]+/){1,3}20\d{6}-[^/]+/?")
_LISTING = re.compile(r"/(.+?)/(?:(\d+)/)?")
_PER_PAGE = 3  # few, so that our few articles make pages


def reply(asked: Asked, articles: Sequence[WebArticle]) -> Reply | None:
    """What the site says, or None for a page it does not have."""
    if asked.path == "/robots.txt":
        maps = [f"Sitemap: {HOME}/sitemaps/ar/{name}.xml" for name in ("index", "news")]
        return robots("User-agent: *", "Disallow: /api/", "Disallow: /search", *maps)
    if asked.path.startswith("/sitemaps/ar/"):
        return _sitemap(asked.path.removeprefix("/sitemaps/ar/"), articles)
    if asked.path == "/":
        return page("mc_doualiya/list.html", articles, sections=SECTIONS, label="", more="")
    if _ARTICLE.fullmatch(asked.path):
        return _article(asked.path.rstrip("/"), articles)
    match = _LISTING.fullmatch(asked.path)
    return _listing(match[1], int(match[2] or 1), articles) if match else None


def _sitemap(name: str, articles: Sequence[WebArticle]) -> Reply | None:
    months = sorted({f"contents_{each.published:%Y%m}.xml" for each in articles}, reverse=True)
    if name == "news.xml":  # news only: what a programme says is found in the listings
        news = [each for each in articles if not each.section.startswith("برامج/")]
        return xml("sitemap.xml", news, news="مونت كارلو الدولية / MCD")
    if name == "index.xml":
        children = [f"{HOME}/sitemaps/ar/{child}" for child in (*months, "tags.xml")]
        return xml("sitemap_index.xml", articles, maps=children)
    if name in months:
        own = [each for each in articles if f"{each.published:%Y%m}" in name]
        return xml("sitemap.xml", own, news="")
    return xml("sitemap.xml", [], news="") if name == "tags.xml" else None


def _listing(section: str, number: int, articles: Sequence[WebArticle]) -> Reply | None:
    if section not in SECTIONS:
        return None
    chosen = [each for each in articles if section in (each.section, _desk(each))]
    shown = chosen[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    more = f"{HOME}{quote(f'/{section}/{number + 1}/')}#pager" if len(chosen) > number * _PER_PAGE else ""
    if number > 1 and not shown:
        return None
    label = SECTIONS[section]
    return page("mc_doualiya/list.html", shown, sections=SECTIONS, label=label, more=more)


def _desk(article: WebArticle) -> str:
    """The section a programme's article is also listed in."""
    return "المغرب-العربي" if article.section.startswith("برامج/") else ""


def _article(path: str, articles: Sequence[WebArticle]) -> Reply | None:
    found = [each for each in articles if each.path == path]
    label = SECTIONS[found[0].section] if found else ""
    if not found:
        return None
    return article_page("mc_doualiya/article.html", found[0], articles, sections=SECTIONS, label=label)
