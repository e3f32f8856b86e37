"""machahid24.com: WordPress with a TieLabs theme; permalinks `/{category}/{id}.html`. Pure."""

import re
from collections.abc import Sequence

from tests.web.press import HOMES, ZONES, WebArticle
from tests.web.replies import Asked, Reply
from tests.web.sites import wordpress
from tests.web.sites.rendering import article_page, page, robots

BLOG = wordpress.Blog(
    home=HOMES["machahid24"],
    name="مشاهد 24",
    tagline="أخبار المغرب والمغرب العربي والعالم",
    language="ar",
    zone=ZONES["machahid24"],
    categories={
        "politique": "سياسة",
        "societe": "مجتمع",
        "international": "دولي",
        "economie": "اقتصاد",
        "sport": "رياضة",
        "culture": "فن وثقافة",
    },
)
_ARTICLE = re.compile(r"/([a-z-]+)/(\d+)\.html")
_LISTING = re.compile(r"(?:/category)?/([a-z-]+)/(?:page/(\d+)/)?")
_PER_PAGE = 12


def reply(asked: Asked, articles: Sequence[WebArticle]) -> Reply | None:
    """What the site says, or None for a page it does not have."""
    if asked.path == "/robots.txt":
        return robots(
            "User-agent: *",
            "Disallow: /wp-admin/",
            "Allow: /wp-admin/admin-ajax.php",
            "",
            f"Sitemap: {BLOG.home}/sitemap_index.xml",
        )
    return wordpress.reply(asked, articles, BLOG) or _themed(asked, articles)


def _themed(asked: Asked, articles: Sequence[WebArticle]) -> Reply | None:
    if asked.path == "/":
        return page("machahid24/list.html", articles, blog=BLOG, label="", more="")
    if match := _ARTICLE.fullmatch(asked.path):
        found = [each for each in articles if str(each.number) == match[2]]
        return article_page("machahid24/article.html", found[0], articles, blog=BLOG) if found else None
    if (match := _LISTING.fullmatch(asked.path)) and match[1] in BLOG.categories:
        return _listing(articles, match[1], int(match[2] or 1))
    return None


def _listing(articles: Sequence[WebArticle], slug: str, number: int) -> Reply | None:
    chosen = wordpress.in_category(articles, slug)
    shown = chosen[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    more = f"{BLOG.home}/{slug}/page/{number + 1}/" if len(chosen) > number * _PER_PAGE else ""
    if not shown:
        return None
    return page("machahid24/list.html", shown, blog=BLOG, label=BLOG.categories[slug], more=more)
