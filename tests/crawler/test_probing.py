"""Probes of the replica's sites: what is said of a source, and what is made of a site nobody knows."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.catalogue import load_sources, read_source
from crawler.probing.homes import Home
from crawler.probing.source_file import save_source, source_text
from crawler.probing.told import Check, State
from crawler.probing.whereabouts import name_of
from storage.archive import Archive
from storage.errors import EntryError, InputError
from storage.model import Entry, EntryKind, Source
from tests.crawler.crawling import Place, feed
from tests.crawler.probes import check, find
from tests.web import Web, serve

SEEDS = {source.id: source for source in load_sources()}
CHALLENGE = "<html><title>Just a moment...</title><body><div>Checking your browser</div></body></html>"


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve() as web:
        web.keep(3)
        yield web


Asked = dict[str, list[str]]  # host -> paths in order, robots.txt too


@pytest.fixture(scope="module")
def checks(probed: tuple[dict[str, Check], Asked]) -> dict[str, Check]:
    """What came of one batch of sources, each in its own trouble."""
    return probed[0]


@pytest.fixture(scope="module")
def asked(probed: tuple[dict[str, Check], Asked]) -> Asked:
    """What that batch has asked of each host."""
    return probed[1]


@pytest.fixture(scope="module")
def probed(web: Web) -> tuple[dict[str, Check], Asked]:
    url = "https://{}.test/feed".format
    refused, challenge, mixed = source("refused"), source("challenge"), source("mixed")
    for host in ("nobody.test", "silent.test", "bodies.test", "hollow.test", "mixed.test", "forbidden.test"):
        web.answer(host, "/robots.txt", status=404)
    for host in ("refused.test", "challenge.test"):
        web.answer(host, "/robots.txt", body="User-agent: *\nCrawl-delay: 0.2\nSitemap: https://x.test/s.xml")
    web.answer("refused.test", "/feed", status=403)
    web.answer("challenge.test", "/feed", body=CHALLENGE)
    web.answer("nobody.test", "/feed", status=404)
    web.answer("silent.test", "/feed", body=feed("https://silent.test/blog/a"))
    web.answer("bodies.test", "/feed", body=feed(*(f"https://bodies.test/news/{n}" for n in range(5))))
    for number in range(5):
        web.answer("bodies.test", f"/news/{number}", status=402)
    web.answer("hollow.test", "/feed", body=feed("https://hollow.test/news/1"))
    web.answer(
        "hollow.test", "/news/1", body="<html><body><div id='app'></div><script>x</script></body></html>"
    )
    web.answer("forbidden.test", "/robots.txt", body="User-agent: *\nDisallow: /feed")
    web.answer("tired.test", "/robots.txt", status=404)
    web.answer("tired.test", "/feed", status=429)
    web.answer("mixed.test", "/feed", status=500)
    web.answer("mixed.test", "/feed2", body=feed("https://mixed.test/news/1"))
    web.answer("mixed.test", "/news/1", body=page("Une visite"))
    broken = Entry(kind=EntryKind.FEED, url="https://mixed.test/feed2")
    seeds = [SEEDS[name] for name in ("machahid24", "eocr", "elaph", "mc_doualiya")]
    web.forget()
    checks = check(
        web.url,
        *seeds,
        *(source(name) for name in ("nobody", "silent", "bodies", "hollow", "forbidden")),
        refused,
        challenge,
        replace(source("tired"), entries=source("tired").entries * 2),
        replace(mixed, entries=(Entry(kind=EntryKind.FEED, url=url("mixed")), broken)),
    )
    asked: Asked = defaultdict(list)
    for seen in web.asked(robots=True):
        asked[seen.host].append(seen.path)
    return checks, asked


def source(name: str) -> Source:
    return Source(
        id=name,
        name=name,
        country="MA",
        language="fr",
        timezone="Africa/Casablanca",
        entries=(Entry(kind=EntryKind.FEED, url=f"https://{name}.test/feed"),),
        article_url="/news/",
    )


def page(title: str) -> str:
    text = (
        "<p>Le ministre est attendu lundi dans la capitale pour deux jours de travail avec ses hôtes.</p>" * 4
    )
    return f"<html lang='fr'><head><title>{title}</title></head><body><h1>{title}</h1>{text}</body></html>"


def test_the_four_seeds_are_usable(checks: dict[str, Check]) -> None:
    for name in ("machahid24", "eocr", "elaph", "mc_doualiya"):
        assert checks[name].usable, checks[name]
        assert all(entry.state is State.OK and entry.conditional for entry in checks[name].entries)


def test_of_an_article_every_field_says_what_gave_it(checks: dict[str, Check]) -> None:
    seen = checks["machahid24"].article
    assert seen
    assert seen.article
    assert seen.article.found_by["title"] == "select"
    assert set(seen.article.found_by) >= {"title", "text", "published"}
    assert [each.topic for each in seen.judgements] == ["morocco-france-security"]


def test_a_robots_txt_is_asked_for_once_and_its_delay_is_told(checks: dict[str, Check], asked: Asked) -> None:
    robots = checks["challenge"].robots[0]
    assert (robots.delay, robots.sitemaps) == (0.2, ("https://x.test/s.xml",))
    assert asked["challenge.test"] == ["/robots.txt", "/feed"]


def test_who_asks_us_to_wait_is_not_asked_again(checks: dict[str, Check], asked: Asked) -> None:
    assert len(checks["tired"].entries) == 2
    assert asked["tired.test"] == ["/robots.txt", "/feed"]


def test_a_site_that_is_being_crawled_is_left_alone(web: Web, sqlite_url: str) -> None:
    before = len(web.requests)
    with Archive(sqlite_url) as archive, archive.access.turn(["machahid24.com"]):
        checked = check(web.url, SEEDS["machahid24"], archive_url=sqlite_url)["machahid24"]
    assert checked.finding == "not checked"
    assert checked.remedy == "https://machahid24.com/feed/: a crawl of it is under way; try again later"
    assert len(web.requests) == before


@pytest.mark.parametrize(
    ("name", "finding", "said"),
    [
        ("refused", "blocked", "https://refused.test/feed: HTTP 403; the site refuses us"),
        ("challenge", "blocked", "https://challenge.test/feed: a challenge page"),
        ("forbidden", "blocked", "https://forbidden.test/feed: forbidden by robots.txt"),
        ("tired", "blocked", "https://tired.test/feed: HTTP 429; the site asks us to wait; try again later"),
        ("nobody", "entries fail", "https://nobody.test/feed: HTTP 404"),
        ("silent", "pattern matches nothing", "is an article; mend article_url in silent.toml"),
        ("bodies", "body refused", "HTTP 402"),
        ("hollow", "no article text", "https://hollow.test/news/1: no article text without JavaScript"),
        ("mixed", "entries fail", "https://mixed.test/feed: HTTP 500"),
    ],
)  # fmt: skip
def test_a_source_in_trouble_is_told_by_a_word_and_a_remedy(
    name: str, finding: str, said: str, checks: dict[str, Check]
) -> None:
    assert checks[name].finding == finding
    assert said in checks[name].remedy
    assert "\n" not in checks[name].remedy
    assert not checks[name].usable


def test_three_refused_articles_are_enough(checks: dict[str, Check], asked: Asked) -> None:
    assert checks["bodies"].article
    assert len([path for path in asked["bodies.test"] if path.startswith("/news/")]) == 3


def test_a_wordpress_site_is_found_by_its_front_page_and_can_be_crawled(web: Web, tmp_path: Path) -> None:
    proposal = find(web.url, "machahid24.com")
    found = proposal.source
    assert (found.name, found.language, found.country) == ("مشاهد 24", "ar", "MA")
    assert [entry.kind for entry in found.entries] == [EntryKind.FEED, EntryKind.WORDPRESS]
    assert found.tier == 1
    place = Place(tmp_path / "place", web.url)
    assert read_source(save_source("found", proposal.text, place.folder)) == found
    report = place.crawl("found")["found"]
    assert (report.outcome, report.fetched, report.problems) == ("done", 3, ())


def test_the_file_of_a_proposal_is_read_as_its_source(web: Web, tmp_path: Path) -> None:
    proposal = find(web.url, "https://elaph.com/", country="GB")
    path = tmp_path / "found.toml"
    path.write_text(proposal.text, encoding="utf-8")
    assert read_source(path) == proposal.source
    assert [entry.url for entry in proposal.source.entries] == ["https://elaph.com/sitemaps/google_news.xml"]
    assert all(seen.article for seen in proposal.articles)


def test_a_news_sitemap_is_found_through_robots_txt(web: Web) -> None:
    proposal = find(web.url, "https://mc-doualiya.com/", country="FR")
    assert [entry.url for entry in proposal.source.entries] == [
        "https://www.mc-doualiya.com/sitemaps/ar/news.xml"
    ]
    assert "(?P<day>" in proposal.source.article_url
    assert not re.search(proposal.source.article_url, "https://www.mc-doualiya.com/فرنسا/")


def test_the_address_of_a_feed_will_do_and_the_country_is_that_of_the_domain(web: Web) -> None:
    host = "quotidien.ma"
    web.answer(host, "/robots.txt", status=404)
    web.answer(host, "/flux", body=feed(*(f"https://{host}/actu/titre-du-jour-{n}" for n in (1001, 1002))))
    for number in (1001, 1002):
        web.answer(host, f"/actu/titre-du-jour-{number}", body=page(f"Titre {number}"))
    web.answer(host, "/", body="<html lang='fr'><head><title>Accueil - Le Quotidien</title></head></html>")
    source = find(web.url, f"https://{host}/flux", country="").source
    assert (source.name, source.country, source.language) == ("Le Quotidien", "MA", "fr")
    assert source.entries == (Entry(kind=EntryKind.FEED, url=f"https://{host}/flux"),)


def test_where_bodies_are_refused_the_headlines_are_proposed(web: Web) -> None:
    host = "payant.test"
    web.answer(host, "/robots.txt", status=404)
    web.answer(host, "/", status=403)
    web.answer(host, "/feed/", body=feed(*(f"https://{host}/a/{n}.html" for n in range(1, 5))))
    for number in range(1, 5):
        web.answer(host, f"/a/{number}.html", status=402)
    proposal = find(web.url, f"https://{host}/feed/")
    assert proposal.source.tier == 2
    assert "3 of 3 bodies are refused: only their headlines would be kept" in proposal.notes


@pytest.mark.parametrize("front", [{"status": 403}, {"body": CHALLENGE}, {"status": 429}])
def test_a_site_that_refuses_its_front_page_is_asked_nothing_more(front: dict[str, Any], web: Web) -> None:
    host = "closed.test"
    web.answer(host, "/robots.txt", status=404)
    web.answer(host, "/", **front)
    web.forget()
    with pytest.raises(EntryError, match=r"https://closed\.test: "):
        find(web.url, host)
    assert [seen.path for seen in web.asked(host)] == ["/"]


@pytest.mark.parametrize("mark", ["\u200f", "\u200c", "\u00ad", "\u202e", "\u0085"])
def test_marks_that_nobody_sees_are_no_part_of_a_name(mark: str) -> None:
    home = Home(url="https://naba.test/", name=f"{mark}موقع نبأ{mark}")
    named = replace(source("naba"), name=name_of(home, "naba.test"))
    assert named.name == "موقع نبأ"
    assert 'name = "موقع نبأ"' in source_text(named, date(2026, 11, 22))


def test_a_site_named_by_marks_alone_goes_by_its_host() -> None:
    assert name_of(Home(url="https://naba.test/", name="\u200f\u200e"), "www.naba.test") == "naba.test"


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    path = save_source("naba", source_text(source("naba"), date(2026, 11, 22)), tmp_path / "my" / "rules")
    assert read_source(path).id == "naba"


LINKS = "".join(f"<p><a href='/{name}'>{name}</a></p>" for name in ("sport", "monde", "contact"))


@pytest.mark.parametrize(
    ("front", "robots", "said"),
    [
        ({"body": f"<html><body>{LINKS}</body></html>"}, "", "neither feed nor sitemap nor WordPress"),
        ({"body": "<html><body><script src='a.js'></script></body></html>"}, "", "made by JavaScript"),
        ({"body": CHALLENGE}, "", "a challenge page"),
        ({"status": 403}, "", "HTTP 403; the site refuses us"),
        ({"body": ""}, "User-agent: *\nDisallow: /", "forbidden by robots.txt"),
    ],
)
def test_a_site_that_cannot_be_a_source_is_one_line_with_a_remedy(
    front: dict[str, object], robots: str, said: str, web: Web
) -> None:
    web.answer("nothing.test", "/robots.txt", body=robots)
    web.answer("nothing.test", "/", **front)  # type: ignore[arg-type]
    for place in ("feed/", "rss", "rss.xml", "sitemap_news.xml", "sitemap.xml"):
        web.answer("nothing.test", f"/{place}", status=404)
    with pytest.raises(EntryError, match=re.escape(said)) as raised:
        find(web.url, "https://nothing.test/")
    assert str(raised.value).startswith("https://nothing.test/")
    assert len(str(raised.value).splitlines()) == 1


def test_a_country_that_nothing_tells_is_asked_for(web: Web) -> None:
    with pytest.raises(InputError, match=r"elaph.com: its country .* --country MA"):
        find(web.url, "https://elaph.com/", country="")
