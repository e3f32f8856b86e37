"""eocr.eu: WordPress, a re-poster; permalinks `/{slug}/`, short links `/?p={id}`. Pure."""

from collections.abc import Sequence

from tests.web.press import HOMES, ZONES, WebArticle
from tests.web.replies import Asked, Reply
from tests.web.sites import wordpress
from tests.web.sites.rendering import article_page, page, robots

BLOG = wordpress.Blog(
    home=HOMES["eocr"],
    name="المرصد الأوروبي لمحاربة التطرف ـ هولندا",
    tagline="European Observatory for Combating Radicalisation",
    language="en-US",  # as installed; the articles are mostly Arabic
    zone=ZONES["eocr"],
    categories={
        "terrorism": "مكافحة الإرهاب",
        "reports": "تقارير",
        "english": "English",
        "francais": "Français",
    },
)


def reply(asked: Asked, articles: Sequence[WebArticle]) -> Reply | None:
    """What the site says, or None for a page it does not have."""
    if asked.path == "/robots.txt":
        return robots("User-agent: *", "Disallow: /wp-admin/", f"Sitemap: {BLOG.home}/wp-sitemap.xml")
    return wordpress.reply(asked, articles, BLOG) or _themed(asked, articles)


def _themed(asked: Asked, articles: Sequence[WebArticle]) -> Reply | None:
    if asked.path == "/":
        chosen = wordpress.matching(articles, asked.query.get("s", ""))
        return page("eocr/list.html", chosen, blog=BLOG, label="")
    slug = asked.path.removeprefix("/category/").strip("/")
    if asked.path.startswith("/category/") and slug in BLOG.categories:
        label = BLOG.categories[slug]
        return page("eocr/list.html", wordpress.in_category(articles, slug), blog=BLOG, label=label)
    found = [each for each in articles if each.path.strip("/") == asked.path.strip("/")]
    return article_page("eocr/article.html", found[0], articles, blog=BLOG) if found else None
