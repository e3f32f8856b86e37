"""What no honest site sends: each ends within seconds, with links or one clear reason."""

import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.hostile import main, run
from crawler.clean import extract
from crawler.discovery import EntryPage, Found, find_links
from storage.errors import EntryError, PageError
from storage.model import Entry, EntryKind, Link, Page, Source

URL = "https://daily.test/"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECONDS = 20.0  # on a loaded machine; alone each takes less than two
MANY = 100_000
A = "<a href=/news/1>A</a>"
LINK = f"<link>{URL}news/1</link>"


def found(kind: EntryKind, body: bytes) -> Found:
    entry = Entry(kind=kind, url=URL, fields={"items": "items", "link": "url"})
    source = Source(
        id="daily",
        name="Daily",
        country="MA",
        language="ar",
        timezone="UTC",
        entries=(entry,),
        article_url="/news/",
    )
    return find_links(EntryPage(entry=entry, url=URL, body=body, now=NOW), source)


def page(body: bytes) -> Page:
    link = Link(url=URL, key=URL, source="daily")
    return Page(link=link, url=URL, status=200, body=body, fetched=NOW)


def rss(inside: str, head: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><item>{inside}</item></channel></rss>'.encode()


def laughs() -> str:
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{entities}]>'


def bushy() -> bytes:
    """Few bytes, which as objects of Python become thirty times what they are unpacked."""
    return gzip.compress(b'{"items":[' + b'{"a":[[[[{}]]]]},' * 600_000 + b"{}]}")


TAG = " ".join(f"a{number}=1" for number in range(300_000))
ITEMS = "".join(f"<item><link>{URL}news/{number}</link></item>" for number in range(MANY))
URLS = "".join(f"<url><loc>{URL}news/{number}</loc></url>" for number in range(2_000))


@pytest.mark.parametrize(
    ("kind", "body", "links"),
    [
        (EntryKind.FEED, lambda: rss(f"{LINK}</item>{ITEMS}<item>"), 1_999),
        (EntryKind.FEED, lambda: rss(f"{LINK}<title>{'<b>' * MANY}"), 1),
        (EntryKind.FEED, lambda: rss(f"{LINK}<title>&j;</title>", laughs()), 1),
        (EntryKind.FEED, lambda: rss(f"{LINK}<title>\0\x01A</title>", "\0 junk\n"), 1),
        (EntryKind.SITEMAP, lambda: gzip.compress(f"<urlset>{URLS}</urlset>".encode())[:-2_000], 1),
        (EntryKind.SITEMAP, lambda: f"{laughs()}<urlset>{URLS}</urlset>".encode(), 2_000),
        (EntryKind.LISTING, lambda: f"<p>{'<a href=/news/1>x</a>' * MANY}".encode(), 1),
        (EntryKind.LISTING, lambda: f"<a href=/news/1>{'x' * 10_000_000}</a>".encode(), 1),
        (EntryKind.LISTING, lambda: f"{A}<a href='/news/{'%20' * 700_000}x'>B</a>".encode(), 1),
        (EntryKind.JSON, lambda: json.dumps({"items": [{"url": "/news/1"}] * MANY}).encode(), 1),
        (EntryKind.WORDPRESS, lambda: b'[{"id": 1, "link": "/news/1", "date": "\\ud800"}]', 1),
    ],
)
def test_links_are_read_as_far_as_it_is_worth_it(
    kind: EntryKind, body: Callable[[], bytes], links: int
) -> None:
    sent, started = body(), time.monotonic()
    answer = found(kind, sent)
    assert time.monotonic() - started < SECONDS
    assert links <= len(answer.links) <= 5_000
    assert all(len(link.title) < 100 or "x" * 100 in link.title for link in answer.links)


def test_titles_that_begin_like_the_tail_of_an_excerpt_take_no_longer_than_others() -> None:
    title = f"<title>{'The post a ' * 1_800}</title>"
    feed, started = rss(f"{LINK}{title}</item><item>" * 300), time.process_time()
    assert found(EntryKind.FEED, feed).links
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        (EntryKind.FEED, lambda: rss("<a>" * MANY), "has no link at all"),
        (EntryKind.FEED, lambda: b"<" * 5_000_000, "is not a feed"),
        (EntryKind.FEED, lambda: b'{"items":' * MANY, "is not a feed: broken JSON"),
        (EntryKind.FEED, lambda: gzip.compress(bytes(60_000_000)), "is larger than 50 MB unpacked"),
        (EntryKind.SITEMAP, lambda: f"<urlset>{'<url>' * MANY}<loc>/news/1</loc>".encode(), "URL"),
        (EntryKind.SITEMAP, lambda: b"\0" * 1_000_000, "is not a sitemap"),
        (EntryKind.SITEMAP, lambda: b"<!-- -->" * MANY + b"<x>", "is not a sitemap"),
        (EntryKind.FEED, lambda: rss("<?xml " * MANY), "has no link at all"),
        (EntryKind.LISTING, lambda: b"<div>" * MANY, "has no link at all"),
        (EntryKind.LISTING, lambda: f"<a {TAG} href=/news/1>".encode(), "is not an HTML page"),
        (EntryKind.JSON, lambda: b"[" * MANY, "is not JSON"),
        (EntryKind.JSON, lambda: b'{"items": ' + b"9" * 5_000 + b"}", "is not JSON"),
        (EntryKind.JSON, bushy, "is larger than 8 MB unpacked"),
        (EntryKind.FEED, bushy, "is larger than 8 MB unpacked"),
        (EntryKind.WORDPRESS, bushy, "is larger than 8 MB unpacked"),
        (EntryKind.WORDPRESS, lambda: b"\xff" * 10_000_000, "is not JSON"),
    ],
)
def test_what_tells_no_link_says_why_in_a_line(kind: EntryKind, body: Callable[[], bytes], says: str) -> None:
    sent, started = body(), time.monotonic()
    with pytest.raises(EntryError) as raised:
        found(kind, sent)
    assert time.monotonic() - started < SECONDS
    assert says in str(raised.value)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (lambda: b"<p>" + b"<div>" * MANY, "more than 15000 tags"),
        (lambda: b"<html><p>" + b"x" * 10_000_000, "larger than 8 MB"),
        (lambda: f"<html><p {TAG}>".encode(), "a tag without end"),
        (lambda: b"\0" * 1_000_000, "not HTML"),
        (lambda: b"<?xml?>" + b"<!---->" * 200 + b"<html><p>" * 20_000, "more than 15000 tags"),
        (lambda: b"<?xml?>" + b"<!---->" * 200 + b"<x>", "not HTML"),
        (lambda: b"\x1f\x8b\x08" + b"\0" * 1_000, "not HTML"),
    ],
)
def test_a_page_that_is_no_article_says_why_in_a_line(body: Callable[[], bytes], says: str) -> None:
    sent, started = body(), time.monotonic()
    with pytest.raises(PageError, match=says):
        extract(page(sent), None)
    assert time.monotonic() - started < SECONDS


def test_comments_before_a_page_are_read_over() -> None:
    assert extract(page(b"<?xml?>" + b"<!---->" * 200 + b"<html><p>Nothing"), None) is None


ARABIC = "اجتماع أمني في الرباط بين المغرب وفرنسا حول مراقبة الحدود والتعاون القضائي"


@pytest.mark.parametrize("declared", ["utf-8", "windows-1256", "iso-8859-6", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("real", ["utf-8", "cp1256", "iso8859-6", "utf-16"])
def test_a_feed_is_read_in_the_charset_it_is_in_whatever_it_declares(declared: str, real: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    (link,) = found(EntryKind.FEED, rss(f"{LINK}<title>{ARABIC}</title>", head).decode().encode(real)).links
    assert link.title == ARABIC


def test_a_feed_cut_within_a_letter_is_still_read_as_what_it_is() -> None:
    cut = rss(f"{LINK}<title>{ARABIC}</title></item><item><title>{ARABIC}").split(b"</item></channel>")[0][
        :-1
    ]
    (link,) = found(EntryKind.FEED, cut).links
    assert link.title == ARABIC


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            EntryKind.FEED,
            f"<rss version='2.0'><channel><item>{LINK}<title>A &e;&a;</title></item></channel></rss>",
        ),
        (EntryKind.SITEMAP, f"<urlset><url><loc>{URL}news/1</loc><title>A &e;&a;</title></url></urlset>"),
    ],
)
def test_no_entity_of_a_document_opens_a_file_or_grows(kind: EntryKind, body: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    entities = f'<!ENTITY e SYSTEM "file://{tmp_path}/secret"><!ENTITY a "{"grows" * 9}">'
    (link,) = found(kind, f"<!DOCTYPE r [{entities}]>{body}".encode()).links
    assert "secret" not in link.title
    assert "growsgrows" not in link.title


def test_a_folder_is_sent_through_and_each_file_becomes_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "feed.xml").write_bytes(rss("<link>https://hostile.example/news/1</link>"))
    (tmp_path / "deep.html").write_bytes(b"<div>" * 1_000)
    assert main([str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert " s) feed: 1 links; sitemap: is not a sitemap" in said
    assert "2 files: 0 crashed, 0 hung, 0 out of memory" in said


def test_a_part_that_takes_too_long_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "slow.xml").write_bytes(rss(f"{LINK}<title>{'&amp;' * 1_500_000}</title>"))
    (tmp_path / "small.xml").write_bytes(rss(LINK))
    told = {each.path.name: each for each in run(sorted(tmp_path.iterdir()), seconds=0.3, megabytes=1500)}
    assert str(told["slow.xml"]).startswith(f"HUNG {tmp_path / 'slow.xml'}")
    assert told["slow.xml"].parts == {"feed": "no end in 0.3 s"}
    assert "small.xml" in told


def test_no_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(tmp_path / "nothing")])
    assert left.value.code == 2
