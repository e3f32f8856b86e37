"""Sitemaps to links: news, indexes, plain text, sound and careless."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery import EntryPage, Found, find_links
from tests.crawler.telling import (
    HOME,
    NOW,
    SITEMAP,
    found,
    source_of,
)

NEWS = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
    "<url><loc> https://daily.test/news/1 </loc>"
    "<image:image><image:loc>https://daily.test/news/picture</image:loc><image:title>No</image:title></image:image>"
    "<lastmod>2026-11-18</lastmod><news:news><news:publication><news:name>Daily</news:name></news:publication>"
    "<news:publication_date>2026-11-16T09:00:00Z</news:publication_date><news:title>Port</news:title></news:news>"
    "</url></urlset>"
)


@pytest.mark.parametrize("body", [NEWS.encode(), gzip.compress(NEWS.encode())], ids=["plain", "gzip"])
def test_a_news_sitemap_tells_url_title_and_time(body: bytes) -> None:
    (link,) = found(SITEMAP, body).links
    assert (link.url, link.title) == (f"{HOME}/news/1", "Port")
    assert link.published == datetime(2026, 11, 16, 9, tzinfo=UTC)


def test_a_sitemap_index_leads_to_its_newest_parts_first() -> None:
    parts = "".join(
        f"<sitemap><loc>{HOME}/{month}.xml</loc><lastmod>2026-{month}-01</lastmod></sitemap>"
        for month in ("10", "11")
    )
    answer = found(SITEMAP, f"<sitemapindex>{parts}</sitemapindex>")
    assert (answer.links, answer.further) == ((), (f"{HOME}/11.xml", f"{HOME}/10.xml"))


@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap_may_be_plain_text(packed: bool) -> None:
    body = f"\ufeff{HOME}/news/1\r\n\r\n{HOME}/news/2 \nnonsense\n".encode()
    links = found(SITEMAP, gzip.compress(body) if packed else body).links
    assert [link.url for link in links] == [f"{HOME}/news/1", f"{HOME}/news/2"]


@pytest.mark.parametrize(
    "body",
    [
        '<urlset xmlns="http://wrong.test/"><url><loc>/news/1</loc></url></urlset>',
        "<s:urlset xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'><s:url><s:loc>/news/1</s:loc></s:url></s:urlset>",
        "<urlset><url><LOC><![CDATA[ https://daily.test/news/1 ]]></LOC></url><url><loc>cut",
        "<urlset><url>https://daily.test/news/1</url></urlset>",
    ],
)
def test_a_careless_sitemap_still_tells_its_link(body: str) -> None:
    assert [link.url for link in found(SITEMAP, body).links] == [f"{HOME}/news/1"]


def test_what_a_sitemap_says_of_a_video_is_not_the_article() -> None:
    video = (
        '<v:video xmlns:v="http://www.google.com/schemas/sitemap-video/1.1"><v:title>Video</v:title>'
        "<v:publication_date>2020-01-01</v:publication_date><v:player_loc>/news/2</v:player_loc></v:video>"
    )
    (link,) = found(SITEMAP, f"<urlset><url><loc>/news/1</loc>{video}</url></urlset>").links
    assert (link.url, link.title, link.published) == (f"{HOME}/news/1", "", None)


@pytest.mark.parametrize(
    ("part", "lastmod", "due"),
    [
        ("contents_202611.xml", "", True),
        ("contents_202610.xml", "", False),
        ("contents_202610.xml", "2026-11-20", False),  # articles of October do not become new in November
        ("contents_202611.xml", "2026-11-01", False),
        ("articles/2026-11-18.xml", "", True),
        ("articles/2026-11-12.xml", "", False),
        ("2026/11/map.xml.gz", "", True),
        ("map-7.xml", "2026-11-19T10:00:00Z", True),
        ("map-7.xml", "2026-10-19", False),
        ("map-7.xml", "", True),
        ("id-20261399.xml", "", True),
    ],
)
def test_of_an_index_only_parts_that_may_hold_something_new_are_read(
    part: str, lastmod: str, due: bool
) -> None:
    body = f"<sitemapindex><sitemap><loc>/{part}</loc><lastmod>{lastmod}</lastmod></sitemap></sitemapindex>"
    page = EntryPage(
        entry=SITEMAP, url=SITEMAP.url, body=body.encode(), now=NOW, since=NOW - timedelta(days=2), met=True
    )
    assert find_links(page, source_of(SITEMAP)).further == ((f"{HOME}/{part}",) if due else ())
    assert found(SITEMAP, body).further == (f"{HOME}/{part}",)


def test_a_news_sitemap_may_be_empty_once_it_is_known_to_work() -> None:
    page = EntryPage(entry=SITEMAP, url=SITEMAP.url, body=b"<urlset/>", now=NOW, met=True)
    assert find_links(page, source_of(SITEMAP)) == Found(links=())
    assert found(SITEMAP, "<urlset/>", number=2) == Found(links=())  # a part of an index


def test_a_sitemaps_entities_are_not_expanded() -> None:
    body = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY a "aaaa">]><urlset><url>'
        "<loc>https://daily.test/news/1</loc><title>&e;&a;</title></url></urlset>"
    )
    assert [link.title for link in found(SITEMAP, body).links] == [""]
