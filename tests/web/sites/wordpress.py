"""What every WordPress says: feeds, REST, short links and sitemaps. Pure.

Source: developer.wordpress.org/rest-api/reference/posts and the core's feed-rss2 template.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.web.press import WebArticle
from tests.web.replies import JSON, Asked, Reply, moved, not_found
from tests.web.sites.rendering import xml

PER_FEED = 10
_REST = "/wp-json/wp/v2/posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """A WordPress site as its owner set it up: `categories` gives the label of each slug."""

    home: str
    name: str
    tagline: str
    language: str
    zone: ZoneInfo
    categories: Mapping[str, str]


def reply(asked: Asked, articles: Sequence[WebArticle], blog: Blog) -> Reply | None:
    """What WordPress says by itself, or None where the theme answers."""
    if asked.path == "/" and "p" in asked.query:
        found = [each for each in articles if str(each.number) == asked.query["p"]]
        return moved(found[0].url) if found else not_found()
    if asked.path.rstrip("/") == _REST:
        return _posts(asked, articles, blog)
    if asked.path in ("/sitemap_index.xml", "/wp-sitemap.xml"):
        return xml("sitemap_index.xml", articles, maps=[f"{blog.home}/post-sitemap.xml"])
    if asked.path == "/post-sitemap.xml":
        return xml("sitemap.xml", articles, news="")
    return _feed(asked, articles, blog)


def in_category(articles: Sequence[WebArticle], slug: str) -> list[WebArticle]:
    """The articles of one category."""
    return [each for each in articles if each.section == slug]


def matching(articles: Sequence[WebArticle], words: str) -> list[WebArticle]:
    """The articles that have every one of the words somewhere, as `?s=` finds them."""
    return [
        each
        for each in articles
        if all(word in " ".join((each.title, *each.paragraphs)) for word in words.split())
    ]


def _feed(asked: Asked, articles: Sequence[WebArticle], blog: Blog) -> Reply | None:
    parts = asked.path.strip("/").split("/")
    if asked.query.get("feed") != "rss2" and parts[-1] != "feed":
        return None
    chosen = matching(articles, asked.query.get("s", ""))
    category = parts[-2] if len(parts) > 1 else ""
    if category:
        chosen = in_category(chosen, category)
    start = (int(asked.query.get("paged", "1")) - 1) * PER_FEED
    shown = chosen[start : start + PER_FEED]
    return xml("feed.xml", shown, blog=blog, category=category) if shown or not category else None


def _posts(asked: Asked, articles: Sequence[WebArticle], blog: Blog) -> Reply:
    per_page, page = int(asked.query.get("per_page", "10")), int(asked.query.get("page", "1"))
    if not 1 <= per_page <= 100:
        return _refused("rest_invalid_param", "Invalid parameter(s): per_page")
    chosen = _between(matching(articles, asked.query.get("search", "")), asked, blog)
    pages = max(1, -(-len(chosen) // per_page))
    if page > pages:
        text = "The page number requested is larger than the number of pages available."
        return _refused("rest_post_invalid_page_number", text)
    shown = chosen[(page - 1) * per_page : page * per_page]
    fields = [name for name in asked.query.get("_fields", "").split(",") if name]
    body = json.dumps([_post(each, blog, fields) for each in shown])
    totals = (("X-WP-Total", str(len(chosen))), ("X-WP-TotalPages", str(pages)))
    newest = max((each.published for each in shown), default=None)
    return Reply(body=body.encode(), kind=JSON, headers=totals, modified=newest)


def _between(articles: Sequence[WebArticle], asked: Asked, blog: Blog) -> list[WebArticle]:
    after = _moment(asked.query.get("after", "1970-01-01"), blog)
    before = _moment(asked.query.get("before", "2999-01-01"), blog)
    return [each for each in articles if after < each.published < before]


def _moment(text: str, blog: Blog) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=blog.zone)


def _refused(code: str, message: str) -> Reply:
    body = json.dumps({"code": code, "message": message, "data": {"status": 400}})
    return Reply(status=400, body=body.encode(), kind=JSON)


def _post(article: WebArticle, blog: Blog, fields: Sequence[str]) -> dict[str, Any]:
    local, gmt = (each.strftime("%Y-%m-%dT%H:%M:%S") for each in _clocks(article))
    shown = () if article.fault else article.paragraphs  # a page we refuse is not given away here
    content = "".join(f"<p>{paragraph}</p>\n" for paragraph in shown)
    post: dict[str, Any] = {
        "id": article.number,
        "date": local,
        "date_gmt": gmt,
        "guid": {"rendered": f"{blog.home}/?p={article.number}"},
        "modified": local,
        "modified_gmt": gmt,
        "slug": article.slug or str(article.number),
        "status": "publish",
        "type": "post",
        "link": article.url,
        "title": {"rendered": article.title},
        "content": {"rendered": content, "protected": False},
        "excerpt": {"rendered": f"<p>{article.lead} [&hellip;]</p>\n", "protected": False},
        "author": 3,
        "categories": [list(blog.categories).index(article.section) + 2],
    }
    wanted = {name.partition(".")[0] for name in fields} or set(post)
    return {name: value for name, value in post.items() if name in wanted}


def _clocks(article: WebArticle) -> tuple[datetime, datetime]:
    return article.published, article.published.astimezone(UTC)
