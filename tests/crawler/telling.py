"""A publisher of our own and what its entries tell: what the tests of discovery share."""

from datetime import UTC, datetime

from crawler.discovery import EntryPage, Found, find_links, page_url
from storage.model import Entry, EntryKind, Source

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOME = "https://daily.test"
FEED = Entry(kind=EntryKind.FEED, url=f"{HOME}/feed")
SITEMAP = Entry(kind=EntryKind.SITEMAP, url=f"{HOME}/news.xml")
LISTING = Entry(
    kind=EntryKind.LISTING, url=f"{HOME}/maroc/", pages=f"{HOME}/maroc/{{page}}/", links=".card a"
)
JSON = Entry(
    kind=EntryKind.JSON,
    url="https://api.daily.test/index/{page}",
    base=f"{HOME}/",
    fields={"items": "data.rows", "link": "PostingURL", "title": "Title", "published": "RelativeTime"},
)
WORDPRESS = Entry(kind=EntryKind.WORDPRESS, url=f"{HOME}/wp-json/wp/v2/posts?page={{page}}")


def source_of(
    *entries: Entry, article_url: str = r"^https://(?:www\.)?daily\.test/news/", zone: str = "UTC"
) -> Source:
    """A source of these entries."""
    return Source(
        id="daily",
        name="Daily",
        country="MA",
        language="en",
        timezone=zone,
        entries=entries or (Entry(kind=EntryKind.FEED, url=f"{HOME}/"),),
        article_url=article_url,
    )


def found(
    entry: Entry, body: str | bytes, *, at: Source | None = None, number: int = 1, **headers: str
) -> Found:
    """What a page of an entry tells."""
    page = EntryPage(
        entry=entry,
        url=page_url(entry, number),
        body=body.encode() if isinstance(body, str) else body,
        now=NOW,
        number=number,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return find_links(page, at or source_of(entry))


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    """A feed of these items."""
    return f'{head}<rss version="2.0"><channel><title>Daily</title>{"".join(items)}</channel></rss>'


def item(link: str = "/news/1", extra: str = "") -> str:
    """One of its items."""
    return f"<item><link>{link}</link>{extra}</item>"
