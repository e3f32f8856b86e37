"""The REST interface of WordPress: /wp-json/wp/v2/posts. Pure.

Source: developer.wordpress.org/rest-api/reference/posts; `X-WP-TotalPages` says how many pages there are.
"""

from datetime import UTC
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler.discovery.json_api import at, listed, loaded
from crawler.discovery.markup import plain
from crawler.discovery.paging import next_page
from crawler.discovery.times import moment
from crawler.discovery.told import EntryPage, Heard, Told
from crawler.urls import absolute
from storage.errors import EntryError
from storage.model import Source

_PAGE = 10  # posts, unless `per_page` says another number


def read(page: EntryPage, source: Source) -> Heard:
    """What the posts tell. Raises EntryError if the answer is not a list of posts."""
    posts = listed(loaded(page), page)
    told = tuple(_told(post, source, page) for post in posts if at(post, "link"))
    if posts and not told:
        raise EntryError(f"{page.url}: posts have no link; name link in _fields")
    few = page.met or not told  # the few that are new may be none of ours
    further = next_page(page) if _has_more(page, len(posts)) else ()
    return Heard(told=told, further=further, may_be_empty=few)


def _has_more(page: EntryPage, posts: int) -> bool:
    """Whether there are pages after this one; where a cache drops the header, a full page says so."""
    total = page.headers.get("x-wp-totalpages", "")
    if total.isdecimal() and len(total) < 9:
        return page.number < int(total)
    size = parse_qs(urlsplit(page.entry.url).query).get("per_page", [""])[0]
    return posts >= (int(size) if size.isdecimal() and len(size) < 9 else _PAGE)


def _told(post: Any, source: Source, page: EntryPage) -> Told:
    gmt = moment(str(at(post, "date_gmt") or ""), source, page.now, naive=UTC)
    url, number = str(at(post, "link")), at(post, "id")
    return Told(
        url=url,
        title=plain(str(at(post, "title.rendered") or "")),
        summary=plain(str(at(post, "excerpt.rendered") or "")),
        published=gmt or moment(str(at(post, "date") or ""), source, page.now),
        short_link=absolute(f"/?p={number}", absolute(url, page.base)) if isinstance(number, int) else "",
    )
