"""Entries to links, for every kind of entry."""

import gzip
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import EntryPage, Found, find_links, page_url
from storage.errors import EntryError
from storage.model import Entry, EntryKind, Source

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOME = "https://daily.test"


def source(
    *entries: Entry, article_url: str = r"^https://(?:www\.)?daily\.test/news/", zone: str = "UTC"
) -> Source:
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
    page = EntryPage(
        entry=entry,
        url=page_url(entry, number),
        body=body.encode() if isinstance(body, str) else body,
        now=NOW,
        number=number,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return find_links(page, at or source(entry))


# feeds

FEED = Entry(kind=EntryKind.FEED, url=f"{HOME}/feed")


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>Daily</title>{"".join(items)}</channel></rss>'


def item(link: str = "/news/1", extra: str = "") -> str:
    return f"<item><link>{link}</link>{extra}</item>"


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
    (link,) = found(FEED, body, at=source(FEED, zone="Africa/Casablanca")).links
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


# what is left out, and order


def test_links_off_the_site_or_of_no_article_are_left_out() -> None:
    urls = (
        "/news/1",
        "/tag/x",
        "https://other.test/news/1",
        "https://daily.test.evil.test/news/1",
        "javascript:x",
    )
    links = found(FEED, rss(*map(item, urls)), at=source(FEED, article_url=r"/news/")).links
    assert [link.url for link in links] == [f"{HOME}/news/1"]


STRICT = r"^https://daily\.test/(?:news/\d+\.html|\?p=\d+)$"


@pytest.mark.parametrize(
    ("told", "asked_for"),
    [
        ("/news/1.html?utm_source=rss&utm_medium=feed", "/news/1.html"),
        ("/news/1.html#comments", "/news/1.html"),
        ("/news/1.html?fbclid=x", "/news/1.html"),
        ("/news/1.html?amp", "/news/1.html"),
        ("/news/1.html?amp=1", "/news/1.html"),
        ("/amp/news/1.html", "/amp/news/1.html"),
        ("/news/1.amp.html", "/news/1.amp.html"),
        ("/?p=7&utm_source=rss", "/?p=7"),
    ],
)
def test_trackers_fragments_and_amp_hide_no_article(told: str, asked_for: str) -> None:
    links = found(FEED, rss(item(told.replace("&", "&amp;"))), at=source(FEED, article_url=STRICT)).links
    assert [link.url for link in links] == [f"{HOME}{asked_for}"]


def test_what_else_a_query_says_still_counts() -> None:
    with pytest.raises(EntryError, match="none of its 1 links is an article"):
        found(FEED, rss(item("/news/1.html?page=2")), at=source(FEED, article_url=STRICT))


BAD_URLS = (
    "http://[bad/",
    "ftp://daily.test/news/2",
    "https://daily.test:99999/news/2",
    "",
    "https://daily.test/news/\ud800",
)


@pytest.mark.parametrize("bad", BAD_URLS)
def test_a_bad_url_takes_no_other_link_with_it(bad: str) -> None:
    good = "https://daily.test/news/1"
    posts = json.dumps([{"id": 2, "link": bad}, {"id": 1, "link": good}])
    rows = json.dumps({"data": {"rows": [{"PostingURL": bad}, {"PostingURL": good}]}})
    plain = "" if "\ud800" in bad else bad  # bytes cannot say it
    answers = (
        (FEED, rss(item(plain), item(good))),
        (SITEMAP, f"<urlset><url><loc>{plain}</loc></url><url><loc>{good}</loc></url></urlset>"),
        (LISTING, f'<p class="card"><a href="{plain}">No</a><a href="{good}">Yes</a></p>'),
        (JSON, rows),
        (WORDPRESS, posts),
    )
    for entry, body in answers:
        assert [link.url for link in found(entry, body).links] == [good], entry.kind


@pytest.mark.parametrize("bad", BAD_URLS[:3])
def test_a_bad_url_in_an_index_takes_no_other_part_with_it(bad: str) -> None:
    parts = "".join(f"<sitemap><loc>{loc}</loc></sitemap>" for loc in (bad, f"{HOME}/11.xml"))
    assert found(SITEMAP, f"<sitemapindex>{parts}</sitemapindex>").further == (f"{HOME}/11.xml",)


def test_one_article_told_twice_is_one_link_that_knows_what_both_say() -> None:
    twice = rss(item("/news/1?utm_source=a"), item("/news/1", "<title>Later</title>"))
    assert [link.title for link in found(FEED, twice).links] == ["Later"]


def test_links_come_newest_first_and_those_without_a_date_last() -> None:
    def dated(number: int, day: str) -> str:
        return item(f"/news/{number}", f"<pubDate>{day}</pubDate>")

    links = found(FEED, rss(item("/news/0"), dated(1, "2026-11-01"), dated(2, "2026-11-03"))).links
    assert [link.key[-1] for link in links] == ["2", "1", "0"]


def test_a_url_that_names_its_day_gives_the_date() -> None:
    dated = source(
        FEED, article_url=r"/news/(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)-", zone="Africa/Casablanca"
    )
    (link,) = found(FEED, rss(item("/news/20261116-port")), at=dated).links
    assert link.published == datetime(2026, 11, 16, 11, tzinfo=UTC)


# sitemaps

SITEMAP = Entry(kind=EntryKind.SITEMAP, url=f"{HOME}/news.xml")
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
    assert find_links(page, source(SITEMAP)).further == ((f"{HOME}/{part}",) if due else ())
    assert found(SITEMAP, body).further == (f"{HOME}/{part}",)


def test_a_news_sitemap_may_be_empty_once_it_is_known_to_work() -> None:
    page = EntryPage(entry=SITEMAP, url=SITEMAP.url, body=b"<urlset/>", now=NOW, met=True)
    assert find_links(page, source(SITEMAP)) == Found(links=())


def test_a_sitemaps_entities_are_not_expanded() -> None:
    body = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY a "aaaa">]><urlset><url>'
        "<loc>https://daily.test/news/1</loc><title>&e;&a;</title></url></urlset>"
    )
    assert [link.title for link in found(SITEMAP, body).links] == [""]


# listings

LISTING = Entry(
    kind=EntryKind.LISTING, url=f"{HOME}/maroc/", pages=f"{HOME}/maroc/{{page}}/", links=".card a"
)


def test_a_listing_tells_the_links_its_selector_names_and_the_next_page() -> None:
    body = (
        '<a href="/news/0">Menu</a><div class="card"><a href="/news/1"><img></a>'
        '<a href="/news/1"> Port\n sea </a>'
        '</div><div class="card"><a href="../news/2">Fort</a></div>'
    )
    answer = found(LISTING, body)
    assert [(link.url, link.title) for link in answer.links] == [
        (f"{HOME}/news/1", "Port sea"),
        (f"{HOME}/news/2", "Fort"),
    ]
    assert answer.further == (f"{HOME}/maroc/2/",)


@pytest.mark.parametrize(
    "next_link", ['<a class="x" rel="nofollow next" href="?p=2">2</a>', '<link rel="next" href="?p=2">']
)
def test_a_listing_without_a_pattern_goes_on_where_its_next_link_leads(next_link: str) -> None:
    plain = Entry(kind=EntryKind.LISTING, url=f"{HOME}/maroc/", links=".card a")
    body = f'{next_link}<div class="card"><a href="/news/1">A</a></div>'
    assert found(plain, body).further == (f"{HOME}/maroc/?p=2",)
    assert found(plain, body.replace("?p=2", "https://other.test/")).further == ()
    assert found(plain, body.replace("?p=2", "/maroc/")).further == ()


def test_a_listing_dates_a_link_by_the_time_of_its_card() -> None:
    def card(number: int, time: str) -> str:
        return f'<li><a href="/news/{number}"><img></a><h2><a href="/news/{number}">A</a></h2>{time}</li>'

    time = '<span><time datetime="2026-11-16T09:00:00Z">x</time></span>'
    body = f"<ul>{card(1, time)}{card(2, '')}</ul><time datetime='2026-11-01'></time>"
    links = found(Entry(kind=EntryKind.LISTING, url=f"{HOME}/"), body).links
    assert {link.key[-1]: link.published for link in links} == {
        "1": datetime(2026, 11, 16, 9, tzinfo=UTC),
        "2": None,
    }


def test_a_listing_of_which_no_link_is_an_article_says_so_though_it_has_pages() -> None:
    with pytest.raises(EntryError, match="none of its 1 links is an article"):
        found(LISTING, '<p class="card"><a href="/tag/1">A</a></p>')


def test_a_listing_of_an_undeclared_charset_is_read_as_windows_1256() -> None:
    body = '<div class="card"><a href="/news/1">الرباط</a></div>'.encode("cp1256")
    assert [link.title for link in found(LISTING, body, content_type="text/html").links] == ["الرباط"]


def test_a_later_page_without_links_is_the_end() -> None:
    assert found(LISTING, "<p>nothing</p>", number=9) == Found(links=())


# JSON

JSON = Entry(
    kind=EntryKind.JSON,
    url="https://api.daily.test/index/{page}",
    base=f"{HOME}/",
    fields={"items": "data.rows", "link": "PostingURL", "title": "Title", "published": "RelativeTime"},
)


@pytest.mark.parametrize("seconds", [1_794_826_800, "1794826800", 1_794_826_800_000])
def test_a_json_answer_is_read_by_its_paths_and_links_resolve_to_the_base(seconds: object) -> None:
    row = {"PostingURL": "/news/1", "Title": "Port &amp; sea", "RelativeTime": seconds}
    answer = found(JSON, json.dumps({"data": {"rows": [row, {"Title": "no link"}]}}))
    (link,) = answer.links
    assert (link.url, link.title) == (f"{HOME}/news/1", "Port & sea")
    assert link.published == datetime.fromtimestamp(1_794_826_800, UTC)
    assert answer.further == ("https://api.daily.test/index/2",)


def test_half_a_character_in_a_title_is_left_out() -> None:
    row = {"PostingURL": "/news/1", "Title": "A \ud83d"}
    assert [link.title for link in found(JSON, json.dumps({"data": {"rows": [row]}})).links] == ["A"]


def test_an_empty_list_is_a_proper_json_answer() -> None:
    assert found(JSON, '{"data": {"rows": []}}') == Found(links=())


# WordPress

WORDPRESS = Entry(kind=EntryKind.WORDPRESS, url=f"{HOME}/wp-json/wp/v2/posts?page={{page}}")


def test_wordpress_posts_tell_everything_and_how_many_pages_there_are() -> None:
    post = {
        "id": 7,
        "date_gmt": "2026-11-16T09:00:00",
        "link": f"{HOME}/news/1/",
        "title": {"rendered": "Port &#8211; sea"},
        "excerpt": {"rendered": "<p>A lead [&hellip;]</p>\n"},
    }
    answer = found(WORDPRESS, json.dumps([post]), x_wp_totalpages="2")
    (link,) = answer.links
    assert (link.key, link.title, link.summary) == (f"{HOME}/news/1", "Port – sea", "A lead")
    assert link.published == datetime(2026, 11, 16, 9, tzinfo=UTC)
    assert link.aliases == (f"{HOME}/?p=7",)
    assert answer.further == (f"{HOME}/wp-json/wp/v2/posts?page=2",)
    assert found(WORDPRESS, json.dumps([post]), number=2, x_wp_totalpages="2").further == ()


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (f"{HOME}/posts", f"{HOME}/posts?after=2026-11-20T12%3A00%3A00Z"),
        (f"{HOME}/posts?page={{page}}", f"{HOME}/posts?page=2&after=2026-11-20T12%3A00%3A00Z"),
        (f"{HOME}/posts?after=2020-01-01", f"{HOME}/posts?after=2020-01-01"),
    ],
)
def test_wordpress_is_asked_for_posts_after_a_time_unless_its_entry_says_so(url: str, asked: str) -> None:
    entry = Entry(kind=EntryKind.WORDPRESS, url=url)
    assert page_url(entry, 2, NOW) == asked
    assert "after=" not in page_url(FEED, 1, NOW)


# answers that are not what they should be

HTML = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Hello</p></body></html>"


@pytest.mark.parametrize(
    ("entry", "body", "says"),
    [
        (FEED, HTML, "is not a feed (it begins with '<!DOCTYPE html>"),
        (FEED, "", "is not a feed (it is empty)"),
        (FEED, rss(), "has no link at all"),
        (FEED, rss(item("/tag/1")), "none of its 1 links is an article; see article_url in daily.toml"),
        (SITEMAP, HTML, "is not a sitemap (it begins with '<!DOCTYPE html>"),
        (SITEMAP, "", "is not a sitemap (it is empty)"),
        (SITEMAP, "<urlset></urlset>", "is a sitemap without a single URL"),
        (SITEMAP, b"\x1f\x8b\x08broken", "is not gzip as it begins"),
        (SITEMAP, "<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>", "lists no page"),
        (
            SITEMAP,
            "<sitemapindex><sitemap><loc>ftp://a.test/</loc></sitemap></sitemapindex>",
            "lists no page",
        ),
        (LISTING, "", "is not an HTML page"),
        (LISTING, HTML, "has no link at all"),
        (JSON, HTML, "is not JSON"),
        (JSON, "", "is not JSON (it is empty)"),
        (JSON, "Limit requests to one every 5 seconds.", "is not JSON (it begins with 'Limit requests to"),
        (FEED, '{"items": []}', 'is JSON, but no JSON Feed; kind = "json" reads it'),
        (FEED, '{"version": "https://jsonfeed.org/version/1", "items": [', "is not a feed: broken JSON"),
        (JSON, '{"data": {"rows": 3}}', "has no list of items"),
        (
            JSON,
            '{"data": {"rows": [{"url": "/news/1"}]}}',
            "no item has PostingURL; see fields in daily.toml",
        ),
        (WORDPRESS, '{"code": "rest_no_route"}', "has no list of items"),
        (WORDPRESS, '[{"id": 7}]', "posts have no link"),
        (WORDPRESS, "[" * 100_000, "is not JSON"),
    ],
)
def test_an_answer_that_is_something_else_is_one_line_with_url_and_remedy(
    entry: Entry, body: str | bytes, says: str
) -> None:
    with pytest.raises(EntryError) as raised:
        found(entry, body)
    text = str(raised.value)
    assert text.startswith(f"{page_url(entry)}: ")
    assert says in text
    assert "\n" not in text


@given(
    entry=st.sampled_from([FEED, SITEMAP, LISTING, JSON, WORDPRESS]),
    body=st.one_of(
        st.binary(max_size=200),
        st.text(alphabet='<>/="&;:[]{}abu rlsetcopdfmh012', max_size=200).map(str.encode),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner) | st.dictionaries(st.sampled_from(["data", "rows", "link", "id"]), inner)
            ),
        ).map(lambda value: json.dumps(value).encode()),
    ),
)
def test_whatever_a_site_answers_there_are_links_or_one_error(entry: Entry, body: bytes) -> None:
    try:
        answer = found(entry, body)
    except EntryError:
        return
    assert all(link.key and link.url for link in answer.links)
