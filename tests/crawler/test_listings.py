"""Listings and JSON interfaces, that of WordPress among them, to links."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.discovery import EntryPage, Found, find_links, page_url
from storage.errors import EntryError
from storage.model import Entry, EntryKind
from tests.crawler.telling import FEED, HOME, JSON, LISTING, NOW, WORDPRESS, found, source_of


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


@pytest.mark.parametrize("seconds", [1_794_826_800, "1794826800", 1_794_826_800_000])
def test_a_json_answer_is_read_by_its_paths_and_links_resolve_to_the_base(seconds: object) -> None:
    row = {"PostingURL": "/news/1", "Title": "Port &amp; sea", "RelativeTime": seconds}
    answer = found(JSON, json.dumps({"data": {"rows": [row, {"Title": "no link"}]}}))
    (link,) = answer.links
    assert (link.url, link.title) == (f"{HOME}/news/1", "Port & sea")
    assert link.published == datetime.fromtimestamp(1_794_826_800, UTC)
    assert answer.further == ("https://api.daily.test/index/2",)


@pytest.mark.parametrize(
    ("row", "keys"),
    [
        ({"id": 7, "slug": "port", "in": {"url": "/maroc/"}}, [f"{HOME}/news/maroc/7-port"]),
        ({"id": "7", "slug": "/port", "in": {"url": "maroc"}}, [f"{HOME}/news/maroc/7-port"]),
        ({"id": 7, "slug": None, "in": {"url": "maroc"}}, []),
        ({"id": 7, "slug": ["port"], "in": {"url": "maroc"}}, []),
        ({"id": True, "slug": "port", "in": {"url": "maroc"}}, []),
        ({"id": 7, "slug": "port"}, []),
    ],
)
def test_the_link_of_a_json_item_may_be_put_together(row: dict[str, object], keys: list[str]) -> None:
    entry = replace(JSON, fields={"items": "rows", "link": "/news/{in.url}/{id}-{slug}"})
    whole = {"id": 8, "slug": "{id}", "in": {"url": "x"}}  # what a value says is no path
    links = found(entry, json.dumps({"rows": [row, whole]})).links
    assert [link.key for link in links] == [*keys, f"{HOME}/news/x/8-%7Bid%7D"]


def test_half_a_character_in_a_title_is_left_out() -> None:
    row = {"PostingURL": "/news/1", "Title": "A \ud83d"}
    assert [link.title for link in found(JSON, json.dumps({"data": {"rows": [row]}})).links] == ["A"]


def test_an_empty_list_is_a_proper_json_answer() -> None:
    assert found(JSON, '{"data": {"rows": []}}') == Found(links=())


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
    ("query", "posts", "total", "more"),
    [
        ("", 10, "3", True),
        ("", 10, "1", False),
        ("", 10, "", True),  # a cache has dropped the header: a full page may not be the last
        ("", 9, "", False),
        ("?per_page=4", 4, "", True),
    ],
)
def test_wordpress_goes_on_while_there_are_more_posts(query: str, posts: int, total: str, more: bool) -> None:
    entry = Entry(kind=EntryKind.WORDPRESS, url=f"{HOME}/posts{query}")
    body = json.dumps([{"link": f"{HOME}/news/{number}"} for number in range(posts)])
    further = (f"{HOME}/posts{query}{'&' if query else '?'}page=2",)
    assert found(entry, body, x_wp_totalpages=total).further == (further if more else ())


def test_a_page_of_posts_that_are_none_of_ours_hides_no_page_behind_it() -> None:
    body = json.dumps([{"link": f"{HOME}/video/1"}])
    page = EntryPage(
        entry=WORDPRESS, url=HOME, body=body.encode(), now=NOW, headers={"x-wp-totalpages": "2"}, met=True
    )
    assert find_links(page, source_of(WORDPRESS)).further == (f"{HOME}/wp-json/wp/v2/posts?page=2",)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (f"{HOME}/posts", f"{HOME}/posts?page=2&after=2026-11-20T12%3A00%3A00Z"),
        (f"{HOME}/posts?page={{page}}", f"{HOME}/posts?page=2&after=2026-11-20T12%3A00%3A00Z"),
        (f"{HOME}/posts?after=2020-01-01", f"{HOME}/posts?after=2020-01-01&page=2"),
        (f"{HOME}/posts?per_page=2", f"{HOME}/posts?per_page=2&page=2&after=2026-11-20T12%3A00%3A00Z"),
    ],
)
def test_wordpress_is_asked_for_posts_after_a_time_unless_its_entry_says_so(url: str, asked: str) -> None:
    entry = Entry(kind=EntryKind.WORDPRESS, url=url)
    assert page_url(entry, 2, NOW) == asked
    assert "after=" not in page_url(FEED, 1, NOW)
