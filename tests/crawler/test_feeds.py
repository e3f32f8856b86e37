"""Feeds to links: RSS, RDF, Atom and JSON Feed, sound and broken."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.errors import EntryError
from storage.model import Entry, EntryKind
from tests.crawler.telling import FEED, HOME, found, item, rss, source_of


def test_a_feed_tells_url_title_summary_time_and_short_link() -> None:
    extra = (
        "<title>Port &amp;amp; sea</title>"
        "<description>&lt;p&gt;A  <![CDATA[<b>lead</b>]]>.&lt;/p&gt;</description>"
        "<pubDate>Mon, 16 Nov 2026 10:00:00 +0100</pubDate><guid isPermaLink='false'>https://daily.test/?p=7</guid>"
    )
    (link,) = found(FEED, rss(item("https://www.daily.test/news/1/?utm_source=rss", extra))).links
    assert (link.key, link.source, link.title, link.summary) == (
        f"{HOME}/news/1",
        "daily",
        "Port & sea",
        "A lead .",
    )
    assert link.published == datetime(2026, 11, 16, 10, tzinfo=timezone(timedelta(hours=1)))
    assert link.published.utcoffset() == timedelta(hours=1)
    assert link.aliases == (f"{HOME}/?p=7",)


def test_a_feeds_relative_links_are_relative_to_the_feed() -> None:
    assert [link.url for link in found(FEED, rss(item("/news/1"))).links] == [f"{HOME}/news/1"]


def test_an_atom_feed_is_read_too() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link href="https://daily.test/news/1"/>'
        "<updated>2026-11-16T09:00:00+01:00</updated></entry></feed>"
    )
    (link,) = found(FEED, body).links
    assert (link.title, link.published) == ("A", datetime(2026, 11, 16, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 16 Nov 2026 10:00:00 GMT", datetime(2026, 11, 16, 10, tzinfo=UTC)),
        ("Mon, 16 Nov 2026 10:00:00 CET", datetime(2026, 11, 16, 9, tzinfo=UTC)),
        ("2026-11-16T10:00:00", datetime(2026, 11, 16, 9, tzinfo=UTC)),
        ("2026-11-16", datetime(2026, 11, 16, 11, tzinfo=UTC)),
        ("16 novembre 2026 à 10h00", datetime(2026, 11, 16, 9, tzinfo=UTC)),
        ("الاثنين 16 نونبر 2026 - 10:00", datetime(2026, 11, 16, 9, tzinfo=UTC)),
        ("soon", None),
        ("", None),
    ],
)
def test_a_time_is_read_in_the_zone_it_names_else_the_sources(text: str, expected: datetime | None) -> None:
    body = rss(item("/news/1", f"<pubDate>{text}</pubDate>"))
    (link,) = found(FEED, body, at=source_of(FEED, zone="Africa/Casablanca")).links
    assert link.published == expected


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+02:00",
        "9999-12-31T23:59:59-05:00",
        "9999-12-31",
        "1601-01-01T00:00:00Z",
        "2027-01-01T00:00:00Z",
        "2026-11-21T12:00:01Z",
    ],
)
def test_a_time_that_cannot_be_is_no_time(text: str) -> None:
    (link,) = found(FEED, rss(item("/news/1", f"<pubDate>{text}</pubDate>"))).links
    assert link.published is None


def test_a_time_a_few_hours_ahead_is_a_clock_that_differs() -> None:
    (link,) = found(FEED, rss(item("/news/1", "<pubDate>2026-11-20T20:00:00Z</pubDate>"))).links
    assert link.published == datetime(2026, 11, 20, 20, tzinfo=UTC)


def test_a_feed_in_another_charset_is_read_as_its_header_says() -> None:
    title = "اجتماع أمني في الرباط"
    body = rss(item("/news/1", f"<title>{title}</title>"), head="").encode("cp1256")
    (link,) = found(FEED, body, content_type="text/xml; charset=windows-1256").links
    assert link.title == title


ATOM = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


@pytest.mark.parametrize(
    "inside",
    [
        "<link/><atom:link rel='alternate' href='/news/1'/>",
        "<atom:link rel='alternate' href='/news/1'/><link></link>",
        "<guid>https://daily.test/news/1</guid>",
        "<link>https://service.test/~r/daily/1</link><feedburner:origLink>/news/1</feedburner:origLink>",
        "<link>\n  https://daily.test/news/1\n</link>",
        "<link><![CDATA[https://daily.test/news/1]]></link>",
    ],
)
def test_an_items_article_is_found_wherever_it_stands(inside: str) -> None:
    body = f'<?xml version="1.0"?><rss version="2.0" {ATOM}><channel><item>{inside}</item></channel></rss>'
    assert [link.url for link in found(FEED, body).links] == [f"{HOME}/news/1"]


@pytest.mark.parametrize(
    "body",
    [
        f"\n\n  junk {rss(item())}",
        f"\ufeff{rss(item())}",
        rss(item("/news/1", "<title>R&eacute;union &nbsp;& suite</title>")),
        rss(item(), "<item><title>cut off"),
        rss(item()).removesuffix("</channel></rss>"),
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<item><link>/news/1</link></item></rdf:RDF>",
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://daily.test/news/">'
        '<a:entry><a:id>urn:1</a:id><a:link rel="self" href="1"/></a:entry></a:feed>',
    ],
)
def test_a_broken_or_unusual_feed_still_tells_its_link(body: str) -> None:
    assert [link.url for link in found(FEED, body).links] == [f"{HOME}/news/1"]


@pytest.mark.parametrize(
    "tail",
    [
        "The post <a href='/news/1'>Port</a> appeared first on <a href='/'>Daily</a>.",
        "L&#8217;article <a href='/news/1'>Port</a> est apparu en premier sur <a href='/'>Daily</a>.",
        "La entrada <a href='/news/1'>Port</a> se publicó primero en <a href='/'>Daily</a>.",
        "التدوينة <a href='/news/1'>الميناء</a> ظهرت أولاً على <a href='/'>اليومية</a>.",
        "ظهرت المقالة <a href='/news/1'>الميناء</a> أولاً على <a href='/'>اليومية</a>.",
    ],
)
def test_a_summary_ends_before_the_tail_of_the_feed(tail: str) -> None:
    summary = f"<description><![CDATA[<p>A lead [&#8230;]</p><p>{tail}</p>]]></description>"
    assert [link.summary for link in found(FEED, rss(item("/news/1", summary))).links] == ["A lead"]


def test_a_feed_may_name_its_next_page_and_so_may_its_source_file() -> None:
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/feed?p=2"/>'
    atom = f'{head}<entry><link href="/news/1"/></entry></feed>'
    assert found(FEED, atom).further == (f"{HOME}/feed?p=2",)
    assert found(FEED, atom.replace("/feed?p=2", "https://other.test/")).further == ()
    paged = Entry(kind=EntryKind.FEED, url=f"{HOME}/feed", pages=f"{HOME}/feed?paged={{page}}")
    assert found(paged, rss(item())).further == (f"{HOME}/feed?paged=2",)


def test_a_json_feed_is_known_by_its_content() -> None:
    items = [
        {"id": "1", "url": "/news/1", "title": "Port", "date_published": "2026-11-16T10:00:00+01:00"},
        {"id": "2", "external_url": f"{HOME}/news/2", "content_html": "<p>A lead</p>", "summary": None},
        {"id": f"{HOME}/news/3"},
        {"id": "tag:4"},
        "no item",
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "next_url": "/feed?p=2", "items": items}
    answer = found(FEED, json.dumps(feed), content_type="application/feed+json")
    assert [(link.url, link.title, link.summary) for link in answer.links] == [
        (f"{HOME}/news/1", "Port", ""),
        (f"{HOME}/news/2", "", "A lead"),
        (f"{HOME}/news/3", "", ""),
    ]
    assert answer.links[0].published == datetime(2026, 11, 16, 9, tzinfo=UTC)
    assert answer.further == (f"{HOME}/feed?p=2",)


def test_where_the_oldest_link_stands_is_told_whichever_way_an_entry_is_ordered() -> None:
    days = [item(f"/news/{day}", f"<pubDate>2026-11-{day}</pubDate>") for day in (10, 11, 12)]
    assert found(FEED, rss(*days)).oldest == f"{HOME}/news/10"
    assert found(FEED, rss(*reversed(days))).oldest == f"{HOME}/news/10"
    assert found(FEED, rss(item("/news/1"), item("/news/2"))).oldest == f"{HOME}/news/2"


def test_a_feed_never_opens_a_file() -> None:
    with pytest.raises(EntryError, match="is not a feed"):
        found(FEED, b"/etc/hostname")
