"""What a front page and an address tell of a site that nobody knows yet."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawler.probing.candidates import Offer, candidates, choose, entry_of, is_needed
from crawler.probing.homes import Home, read_home
from crawler.probing.patterns import Inferred
from crawler.probing.proposing import propose
from crawler.probing.source_file import source_text
from crawler.probing.told import ArticleSeen, EntryRead, EntrySeen, State, Wanted
from crawler.probing.whereabouts import country_of, stranger
from storage.errors import CatalogueError, InputError
from storage.model import Entry, EntryKind
from tests.factories import link, source

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROOT = "https://x.test/"


def home(html: str) -> Home:
    return read_home(html.encode(), "text/html; charset=utf-8", ROOT, ROOT)


def test_a_front_page_names_its_feeds_but_not_those_of_comments() -> None:
    links = "".join(
        f'<link rel="alternate" type="application/{kind}+xml" title="{title}" href="{href}">'
        for kind, title, href in (
            ("rss", "Une", "/flux.xml"),
            ("atom", "Une", "https://x.test/atom"),
            ("rss", "Comments Feed", "/other/"),
            ("rss", "Une", "/comments/feed/"),
        )
    )
    assert home(links).feeds == ("https://x.test/flux.xml", "https://x.test/atom")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="صحيفة"><title>الرئيسية | أخرى</title>', "صحيفة"),
        ("<title>الرئيسية | مشاهد</title>", "مشاهد"),
        ("<title>Le Quotidien - toute l'actualité</title>", "Le Quotidien"),
        ("<title>Accueil – L'Avant-garde</title>", "L'Avant-garde"),
        ("", ""),
    ],
)
def test_a_site_has_the_name_it_gives_itself(head: str, name: str) -> None:
    assert home(f"<html><head>{head}</head></html>").name == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("machahid24.com", "machahid24"),
        ("https://www.mc-doualiya.com/", "mc_doualiya"),
        ("fr.le360.ma/politique", "fr_le360"),
        ("https://www.journal.co.ma", "journal"),
        ("https://diplomatie.gouv.fr", "diplomatie"),
    ],
)
def test_the_id_comes_from_the_host(address: str, name: str) -> None:
    assert stranger(Wanted(url=address)).id == name


@pytest.mark.parametrize("address", ["", "http://", "ftp://x.test/", "no host", "https://localhost/"])
def test_what_is_no_web_address_is_said(address: str) -> None:
    with pytest.raises(InputError, match="not a web address"):
        stranger(Wanted(url=address))


@pytest.mark.parametrize(
    ("root", "languages", "given", "country"),
    [
        ("https://x.ma/", (), "", "MA"),
        ("https://x.co.uk/", (), "", "GB"),
        ("https://x.com/", ("ar", "ar_MA"), "", "MA"),
        ("https://x.com/", ("fr-FR", "fr_FR"), "", ""),  # what systems write for French anywhere
        ("https://x.tv/", ("ar_AR",), "", ""),
        ("https://x.fr/", (), "be", "BE"),
    ],
)
def test_the_country_is_known_or_it_is_not(
    root: str, languages: tuple[str, ...], given: str, country: str
) -> None:
    assert country_of(Wanted(url=root, country=given), Home(url=root, languages=languages)) == country


def offer(kind: EntryKind, *, url: str = "", age: int = 0, **said: Any) -> Offer:
    published = NOW - timedelta(days=age) if said.pop("dated", True) else None
    links = tuple(
        link(f"x.test/{number}", title=said.get("title", ""), published=published) for number in range(3)
    )
    entry = Entry(kind=kind, url=url or f"https://x.test/{kind}")
    seen = EntrySeen(kind=kind, url=entry.url, state=State.OK, newest=published)
    return Offer(entry, EntryRead(seen, links))


@pytest.mark.parametrize(
    ("offers", "kinds"),
    [
        (
            [
                offer(EntryKind.FEED, title="T"),
                offer(EntryKind.SITEMAP, title="T"),
                offer(EntryKind.WORDPRESS),
            ],
            ["sitemap", "wordpress"],
        ),
        ([offer(EntryKind.SITEMAP), offer(EntryKind.FEED, title="T")], ["feed"]),
        ([offer(EntryKind.SITEMAP, title="T", age=400), offer(EntryKind.FEED, title="T")], ["feed"]),
        ([offer(EntryKind.FEED, title="T", dated=False), offer(EntryKind.WORDPRESS)], ["wordpress"]),
        ([], []),
    ],
)
def test_the_best_entry_is_fresh_dated_and_of_news(offers: list[Offer], kinds: list[str]) -> None:
    assert [each.entry.kind.value for each in choose(offers, NOW)] == kinds


def test_what_a_site_names_itself_is_tried_before_the_usual_places_and_news_first() -> None:
    known = Home(url=ROOT, feeds=("https://x.test/flux",), wordpress="https://x.test/wp-json/")
    maps = ("https://x.test/all.xml", "https://x.test/news.xml", "https://x.test/post_tag-sitemap.xml")
    tried = [(each.entry.kind.value, each.entry.url) for each in candidates(known, maps, None)]
    assert tried[:3] == [("feed", "https://x.test/flux"), ("sitemap", maps[1]), ("sitemap", maps[0])]
    assert tried[-1][1].startswith("https://x.test/wp-json/wp/v2/posts?")


def test_a_site_with_a_good_feed_is_not_asked_for_the_usual_ones() -> None:
    good = [offer(EntryKind.FEED, title="T")]
    left = [each.entry.url for each in candidates(Home(url=ROOT), (), None) if is_needed(each, good)]
    assert [url.partition("?")[0] for url in left] == ["https://x.test/wp-json/wp/v2/posts"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'<?xml version="1.0"?><rss version="2.0">', EntryKind.FEED),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', EntryKind.FEED),
        (b"<sitemapindex>", EntryKind.SITEMAP),
        (b"\x1f\x8b\x08", EntryKind.SITEMAP),
    ],
)
def test_an_address_may_be_an_entry_itself(body: bytes, kind: EntryKind) -> None:
    assert entry_of(ROOT, body) == Entry(kind=kind, url=ROOT)
    assert entry_of(ROOT, b"<!doctype html><html>") is None


@pytest.mark.parametrize("name", ['A "quoted" name', "back\\slash", "line\nbreak\x7f", "أخبار", "'''"])
def test_any_name_makes_a_file_that_is_read_as_its_source(name: str) -> None:
    plain = " ".join(name.replace("\x7f", " ").split())
    written = source(name=plain, article_url=r"^https://x\.test/l'info'''/\d+$", timezone="Africa/Casablanca")
    assert source_text(written, date(2026, 11, 21)).startswith(f"# {plain}: found on its site")


def test_a_source_that_cannot_be_written_down_is_a_fault_of_ours() -> None:
    with pytest.raises(CatalogueError, match="please report it"):
        source_text(source(drop=(".ads",)), date(2026, 11, 21))


def test_what_a_person_should_look_at_is_noted() -> None:
    inferred = Inferred(pattern=r"^https://x\.test/\d+$", why=(), left=("https://x.test/direct",))
    refused = ArticleSeen(url="https://x.test/1", answered="https://x.test/1", state=State.REFUSED)
    old = offer(EntryKind.FEED, title="Une visite à Rabat", age=400)
    found = source(country="CL", timezone="UTC", article_url=inferred.pattern)
    proposal = propose(
        found, [old], inferred, (refused,), Home(url=ROOT, links=(ROOT, "https://x.test/2")), NOW.date()
    )
    assert proposal.notes == (
        "its newest link is of 2025-10-17: the site may be dormant",
        "left aside as no article: https://x.test/direct",
        "1 of 1 bodies are refused: only their headlines would be kept",
        "article_url matches 1 of the 2 links of the front page",
        "times without an offset count as UTC; set timezone if the site writes its own",
    )
    assert proposal.source.tier == 2
