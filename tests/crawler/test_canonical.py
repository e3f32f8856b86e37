"""Which canonical link is believed: one of the site, of an article, and of this one."""

from datetime import UTC, datetime

import pytest

from crawler.clean import extract
from crawler.urls import url_key
from storage.model import Entry, EntryKind, Link, Page, Source

BODY = (
    "<p>The ministers of both countries met in the capital to talk about a new agreement on security.</p>" * 4
)
SOURCE = Source(
    id="daily",
    name="Daily",
    country="MA",
    language="en",
    timezone="UTC",
    entries=(Entry(kind=EntryKind.FEED, url="https://www.daily.test/feed"),),
    article_url=r"^https?://(?:www\.)?daily\.test/(?:news/|\?p=\d)",
    mirrors=("daily.mirror.test", "lite.daily.test"),
)
OWN = "https://www.daily.test/news/1580001-agreement"


@pytest.mark.parametrize(
    ("page", "canonical", "key"),
    [
        (OWN, "", OWN),
        (OWN, "https://www.daily.test/", OWN),
        (OWN, "/politics/", OWN),
        (OWN, "https://elsewhere.test/news/1580001-agreement", OWN),
        (OWN, "https://www.daily.test/news/1580002-weather", OWN),
        (
            OWN,
            "http://daily.test/news/1580001-new-title?utm_source=x",
            "https://daily.test/news/1580001-new-title",
        ),
        (OWN, "https://daily.mirror.test/news/1580001-agreement", OWN),
        (OWN, "https://lite.daily.test/news/1580001-agreement", OWN),
        ("https://lite.daily.test/news/1580001-agreement", "", OWN),
        ("https://daily.mirror.test/news/1580001-agreement", OWN, OWN),
        ("https://www.daily.test/?p=1180017", OWN, OWN),
    ],
)
def test_a_canonical_link_names_this_article_or_is_not_believed(page: str, canonical: str, key: str) -> None:
    link = f"<link rel='canonical' href='{canonical}'>" if canonical else ""
    body = (
        f"<html><head><title>A new agreement</title>{link}</head><body><h1>A new agreement</h1>{BODY}</body>"
    )
    about = Link(url=page, key=url_key(page), source="daily")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    article = extract(Page(link=about, url=page, status=200, body=body.encode(), fetched=now), SOURCE)
    assert article is not None
    assert article.key == url_key(key)
    assert article.key == url_key(page) or url_key(page) in article.aliases
