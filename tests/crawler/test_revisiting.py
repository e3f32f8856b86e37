"""Recorded articles are looked at again, over real HTTP: what has changed, gone, moved, or only seems so."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.model import ArchivedArticle, CrawlReport, Relevance, Revision, Snapshot
from storage.warc import WarcPage, read_page
from tests.crawler.crawling import Place, feed
from tests.web import Web, serve

HOST = "site.test"
PUBLISHED = datetime.now(UTC) - timedelta(hours=2)
XML = {"Content-Type": "text/xml"}
NAMES = (
    *("quiet", "counter", "edited", "renamed", "irrelevant", "lost", "gone", "home", "stray", "login"),
    *("refused", "down", "challenge", "retitled", "blinking"),
)
CITIES = (
    *("Tangier", "Rabat", "Casablanca", "Fez", "Agadir", "Oujda", "Nador", "Marrakesh", "Tetouan", "Meknes"),
    *("Safi", "Kenitra", "Settat", "Larache", "Taza"),
)
OTHER = "The olive harvest will be good this year, farmers in the plain say after weeks of long awaited rain."


def path_of(name: str) -> str:
    return f"/news/{name}"


def told(name: str, more: str = "") -> str:
    city, number = CITIES[NAMES.index(name)], 10 + NAMES.index(name)
    return (
        f"<p>Moroccan police in {city} arrested {number} suspects wanted by French judges under an Interpol"
        f" red notice, the national security directorate said in a statement about the case of {name}.</p>"
        f"<p>The suspects of the {name} case will be handed over to France, where a court in Paris wants them"
        f" for drug trafficking and money laundering.</p>{more}"
    )


def html(title: str, text: str, aside: str = "7 shares") -> str:
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>"
        f"<meta property='og:title' content='{title}'>"
        f"<meta property='article:published_time' content='{PUBLISHED:%Y-%m-%dT%H:%M:%SZ}'>"
        f"</head><body><article><h1>{title}</h1><p>{aside}</p>{text}</article></body></html>"
    )


def title_of(name: str) -> str:
    return f"Moroccan and French police arrest suspects in {CITIES[NAMES.index(name)]}"


def publish(web: Web, *names: str) -> None:
    web.answer(HOST, "/robots.txt", status=404)
    web.answer(HOST, "/feed", body=feed(*map(path_of, names)), headers=XML)
    for name in names:
        web.answer(HOST, path_of(name), body=html(title_of(name), told(name)))


def edit(web: Web) -> None:
    """What becomes of each page after it was recorded."""
    more = "<p>A second suspect was arrested in Paris on the same evening.</p>"
    web.answer(HOST, path_of("counter"), body=html(title_of("counter"), told("counter"), "8 shares"))
    web.answer(HOST, path_of("edited"), body=html(title_of("edited"), told("edited", more)))
    web.answer(HOST, path_of("retitled"), body=html("Suspects released", told("retitled")))
    web.answer(HOST, path_of("irrelevant"), body=html("The olive harvest", f"<p>{OTHER}</p>" * 2))
    web.answer(HOST, path_of("renamed"), status=301, headers={"Location": "/news/new-slug"})
    web.answer(HOST, "/news/new-slug", body=html("A new headline", told("renamed")))
    web.answer(HOST, path_of("lost"), status=404)
    web.answer(HOST, path_of("blinking"), status=404)
    web.answer(HOST, path_of("gone"), status=410)
    web.answer(HOST, path_of("home"), status=302, headers={"Location": "/"})
    web.answer(HOST, "/", body=html("Welcome", f"<p>{OTHER}</p>"))
    web.answer(HOST, path_of("stray"), status=302, headers={"Location": "/news/olives"})
    web.answer(HOST, "/news/olives", body=html("The olive harvest", f"<p>{OTHER}</p>" * 2))
    web.answer(HOST, path_of("login"), status=302, headers={"Location": "/login"})
    web.answer(HOST, "/login", body=html("Log in", f"<p>{OTHER}</p>"))
    web.answer(HOST, path_of("refused"), status=403)
    web.answer(HOST, path_of("down"), status=500)
    web.answer(HOST, path_of("challenge"), body="<html><title>Just a moment...</title><body></body></html>")
    links = map(path_of, ("new-slug", *NAMES))
    web.answer(HOST, "/feed", body=feed(*links), headers=XML)


def make_due(place: Place) -> None:
    """As if the hour until the next visit had passed."""
    with sqlite3.connect(place.folder / "archive.db") as database:
        database.execute("UPDATE revisits SET due = ?", (f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}",))


class Visited:
    """An archive after a first crawl and two more, between which pages change."""

    def __init__(self, web: Web, place: Place) -> None:
        self.place = place
        publish(web, *NAMES)
        self.first = place.crawl("site")["site"]
        edit(web)
        make_due(place)
        web.forget()
        self.second = place.crawl("site")["site"]
        self.asked = web.asked(HOST)
        web.relent(HOST, path_of("blinking"))
        web.answer(HOST, path_of("blinking"), body=html(title_of("blinking"), told("blinking")))
        make_due(place)
        self.third = place.crawl("site")["site"]

    def article(self, name: str) -> ArchivedArticle:
        with Archive(self.place.archive_url) as archive:
            return next(each for each in archived(archive) if each.article.key.endswith(f"/{name}"))

    def revisions(self, name: str) -> tuple[Revision, ...]:
        with Archive(self.place.archive_url) as archive:
            return archive.revisions.of(self.article(name).id)

    def snapshots(self, name: str) -> tuple[Snapshot, ...]:
        with Archive(self.place.archive_url) as archive:
            return archive.revisions.snapshots(self.article(name).id)

    def page(self, snapshot: Snapshot) -> WarcPage:
        return read_page(self.place.folder / "snapshots", snapshot)


def archived(archive: Archive) -> list[ArchivedArticle]:
    return [each for story in archive.stories(limit=100) for each in story.articles]


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    with serve() as web:
        place = Place(tmp_path_factory.mktemp("revisiting") / "place", web.url)
        place.write("site", HOST)
        yield Visited(web, place)


def counts(report: CrawlReport) -> tuple[int, int, int]:
    return report.revisited, report.revised, report.removed


def test_every_article_that_is_due_is_looked_at_again_and_counted(visited: Visited) -> None:
    assert visited.first.relevant == len(NAMES)
    assert counts(visited.first) == (0, 0, 0)
    assert (visited.second.outcome, visited.second.fetched) == ("done", 1)
    assert counts(visited.second) == (len(NAMES) - 1, 3, 1)  # "renamed" has just been seen
    assert counts(visited.third) == (len(NAMES), 0, 3)


def test_a_page_is_asked_for_on_the_condition_that_it_has_changed_after_all_that_is_new(
    visited: Visited,
) -> None:
    assert [seen.path for seen in visited.asked[:2]] == ["/feed", "/news/new-slug"]
    again = {seen.path: seen for seen in visited.asked[2:]}
    assert again["/news/quiet"].status == 304
    names = set(NAMES) - {"renamed"}  # which has just been met under its new address
    assert set(again) >= set(map(path_of, names))
    assert all("if-none-match" in again[path_of(name)].headers for name in names)


@pytest.mark.parametrize("name", ["quiet", "counter", "login", "refused", "down", "challenge", "blinking"])
def test_what_tells_nothing_new_changes_nothing(visited: Visited, name: str) -> None:
    found = visited.article(name)
    assert (found.revised, found.removed, visited.revisions(name)) == (None, None, ())
    assert found.article.title == title_of(name)
    assert len(visited.snapshots(name)) == 1


def test_another_text_is_a_revision_and_the_first_one_is_kept(visited: Visited) -> None:
    found, [before] = visited.article("edited"), visited.revisions("edited")
    assert found.article.text == f"{before.text}\nA second suspect was arrested in Paris on the same evening."
    assert found.revised == before.replaced
    assert found.recorded < found.revised


@pytest.mark.parametrize(
    ("name", "title"), [("retitled", "Suspects released"), ("renamed", "A new headline")]
)
def test_an_edited_title_or_address_is_no_new_article(visited: Visited, name: str, title: str) -> None:
    found, [before] = visited.article(name), visited.revisions(name)
    assert (found.article.title, before.title) == (title, title_of(name))
    with Archive(visited.place.archive_url) as archive:
        assert len(archived(archive)) == len(NAMES)


def test_a_text_that_left_the_topic_is_judged_so_and_stays(visited: Visited) -> None:
    found = visited.article("irrelevant")
    assert found.article.text.startswith("The olive harvest")
    assert found.judgements[0].relevance is Relevance.IRRELEVANT


@pytest.mark.parametrize("name", ["lost", "gone", "home", "stray"])
def test_what_its_site_has_taken_down_is_marked_and_kept(visited: Visited, name: str) -> None:
    found = visited.article(name)
    assert found.removed is not None
    assert visited.second.started < found.removed < visited.second.finished
    assert (found.article.title, found.revised) == (title_of(name), None)


def test_every_text_has_its_page_in_a_snapshot(visited: Visited) -> None:
    new, old = visited.snapshots("edited")
    assert b"second suspect" in visited.page(new).body
    assert visited.page(old).body.decode() == html(title_of("edited"), told("edited"))
    assert visited.page(old).url == f"https://{HOST}/news/edited"
    assert (old.taken, new.taken) == (visited.page(old).fetched, visited.page(new).fetched)


def test_a_kill_during_a_visit_loses_nothing(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        place.write("site", HOST)
        publish(web, "quiet", "edited")
        place.crawl("site")
        more = "<p>A second suspect was arrested in Paris on the same evening.</p>"
        web.answer(HOST, path_of("edited"), body=html(title_of("edited"), told("edited", more)), delay=5.0)
        make_due(place)
        crawling = place.start(["site"], timeout=10.0)
        with Archive(place.archive_url) as archive:
            before = archived(archive)
            end = time.monotonic() + 30
            while len(archive.revisions.due("site", datetime.now(UTC))) and time.monotonic() < end:
                time.sleep(0.02)
            os.kill(crawling.child.pid or 0, signal.SIGKILL)
            assert crawling.reports() == {}
            assert archived(archive) == before
            web.relent(HOST, path_of("edited"))
            web.answer(HOST, path_of("edited"), body=html(title_of("edited"), told("edited", more)))
            make_due(place)
            assert place.crawl("site")["site"].revised == 1
            assert [each.revised is not None for each in archived(archive)].count(True) == 1


REWORDED = ("drug trafficking", "smuggling drugs")


def test_a_title_edited_with_a_word_under_a_new_address_is_a_revision_without_another_request(
    tmp_path: Path,
) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        place.write("site", HOST)
        publish(web, "quiet", "renamed")
        place.crawl("site")
        web.answer(HOST, "/news/new-slug", body=html("A new headline", told("renamed").replace(*REWORDED)))
        web.answer(HOST, path_of("renamed"), status=301, headers={"Location": "/news/new-slug"})
        web.answer(HOST, "/feed", body=feed("/news/new-slug", path_of("quiet")), headers=XML)
        web.forget()
        place.crawl("site")
        assert [seen.path for seen in web.asked(HOST)] == ["/feed", "/news/new-slug"]
        with Archive(place.archive_url) as archive:
            [found] = [each for each in archived(archive) if each.revised]
            [before] = archive.revisions.of(found.id)
            assert len(archived(archive)) == 2
            assert len(archive.revisions.snapshots(found.id)) == 2
    assert (found.article.title, before.title) == ("A new headline", title_of("renamed"))
    assert REWORDED[1] in found.article.text


def test_two_articles_are_one_when_the_address_of_the_first_leads_to_the_second(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        place.write("site", HOST)
        publish(web, "renamed")
        place.crawl("site")
        text = told("renamed").replace(*REWORDED).replace("arrested", "have arrested")
        web.answer(HOST, "/news/new-slug", body=html("A new headline", text))
        web.answer(HOST, "/feed", body=feed("/news/new-slug", path_of("renamed")), headers=XML)
        place.crawl("site")
        with Archive(place.archive_url) as archive:
            first, _ = sorted(each.id for each in archived(archive))
        web.answer(HOST, path_of("renamed"), status=301, headers={"Location": "/news/new-slug"})
        make_due(place)
        report = place.crawl("site")["site"]
        assert (report.outcome, report.revised, report.problems) == ("done", 1, ())
        with Archive(place.archive_url) as archive:
            [found] = archived(archive)
            assert found.id == first
            assert found.article.title == "A new headline"
            assert len(archive.revisions.snapshots(first)) == 3
