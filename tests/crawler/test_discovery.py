"""Entries to links, whatever the kind: what is left out, the order, and answers that are something else."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import page_url
from storage.errors import EntryError
from storage.model import Entry
from tests.crawler.telling import FEED, HOME, JSON, LISTING, SITEMAP, WORDPRESS, found, item, rss, source_of


def test_links_off_the_site_or_of_no_article_are_left_out() -> None:
    urls = (
        "/news/1",
        "/tag/x",
        "https://other.test/news/1",
        "https://daily.test.evil.test/news/1",
        "javascript:x",
    )
    links = found(FEED, rss(*map(item, urls)), at=source_of(FEED, article_url=r"/news/")).links
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
    links = found(FEED, rss(item(told.replace("&", "&amp;"))), at=source_of(FEED, article_url=STRICT)).links
    assert [link.url for link in links] == [f"{HOME}{asked_for}"]


def test_what_else_a_query_says_still_counts() -> None:
    with pytest.raises(EntryError, match="none of its 1 links is an article"):
        found(FEED, rss(item("/news/1.html?page=2")), at=source_of(FEED, article_url=STRICT))


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
    dated = source_of(
        FEED, article_url=r"/news/(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)-", zone="Africa/Casablanca"
    )
    (link,) = found(FEED, rss(item("/news/20261116-port")), at=dated).links
    assert link.published == datetime(2026, 11, 16, 11, tzinfo=UTC)


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
