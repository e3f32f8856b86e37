"""What a site may ask of us: its hosts' turns, its pauses, its daily pages, its addresses."""

import os
import signal
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.model import CrawlReport, Link
from tests.crawler.crawling import Place, feed, feed_of
from tests.crawler.test_run import asked, until_in_flight
from tests.web import Web, serve

TEXT = "The council of a town has met again and has spoken about its new school for hours."
HTML = f"<title>Council</title><p>{TEXT}</p>"
EDITIONS = ("edition_ar", "edition_es", "edition_fr")


def edition(web: Web, place: Place, name: str, *pages: str, keys: str = "", host: str = "site.test") -> None:
    """A source whose feed and articles are on a host that others share."""
    links = pages or tuple(f"/news/{name}/{number}" for number in (1, 2))
    web.answer(host, f"/{name}", body=feed(*links), headers={"Content-Type": "text/xml"})
    for link in links:
        web.answer(host, link, body=HTML)
    place.write(name, host, f'kind = "feed"\nurl = "https://{host}/{name}"')
    file = place.folder / "sources" / f"{name}.toml"
    file.write_text(keys + file.read_text(encoding="utf-8"), encoding="utf-8")


def health(place: Place, source: str) -> datetime | None:
    with Archive(place.archive_url) as archive:
        return {each.source: each.paused_until for each in archive.health()}[source]


def test_sources_of_one_host_are_crawled_one_after_the_other_and_hold_no_place_meanwhile(
    tmp_path: Path,
) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        for name in EDITIONS:
            edition(web, place, name)
        edition(web, place, "apart", host="apart.test")
        web.answer("site.test", "/edition_ar", body=feed("/news/edition_ar/1"), delay=1.0)
        reports = place.crawl(*EDITIONS, "apart", sources_at_once=2)
        assert {name: (each.outcome, each.fetched > 0) for name, each in reports.items()} == dict.fromkeys(
            (*EDITIONS, "apart"), ("done", True)
        )
        turns = sorted((reports[name].started, reports[name].finished) for name in EDITIONS)
        assert all(before[1] <= after[0] for before, after in pairwise(turns))
        assert reports["apart"].finished < max(turns)[0]
        assert [seen.path for seen in web.asked("site.test", robots=True)].count("/robots.txt") == 1


def test_a_host_on_which_another_process_is_makes_a_source_busy_until_that_ends_or_dies(
    tmp_path: Path,
) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        edition(web, place, "site")
        edition(web, place, "sister")
        web.answer("site.test", "/news/site/1", body=HTML, delay=5.0)
        crawling = place.start(["site"], timeout=10.0)
        until_in_flight(place, "/news/site/1")
        busy = place.crawl("sister")["sister"]
        assert (busy.outcome, busy.requests) == ("busy", 0)
        assert str(busy.problems[0]) == "sister: crawl: another crawl of it is under way; try again later"
        assert crawling.child.pid
        os.kill(crawling.child.pid, signal.SIGKILL)
        crawling.reports()
        assert place.crawl("sister")["sister"].outcome == "done"


def test_what_one_source_is_refused_pauses_the_others_of_its_host_too(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        for name in EDITIONS:
            edition(web, place, name)
        edition(web, place, "apart", host="apart.test")
        web.answer("site.test", "/edition_ar", status=403)
        reports = place.crawl("edition_ar", "edition_es", "apart")
        outcomes = {name: report.outcome for name, report in reports.items()}
        assert outcomes == {"edition_ar": "paused", "edition_es": "paused", "apart": "done"}
        assert reports["edition_ar"].errors == {"blocked": 1}
        assert (reports["edition_es"].requests, reports["edition_es"].problems) == (0, ())
        until = [health(place, name) for name in EDITIONS]  # of a source that was not crawled at all, too
        assert until[0] == until[1] == until[2] != health(place, "apart") is None


@pytest.mark.parametrize(
    ("status", "wait", "outcome", "seconds"),
    [
        (503, "600", "paused", 600),
        (503, "", "done", None),
        (429, "600", "paused", 600),
        (429, "", "paused", 3600),
    ],
)
def test_a_site_that_says_later_is_left_alone_so_long(
    tmp_path: Path, status: int, wait: str, outcome: str, seconds: int | None
) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        edition(web, place, "site")
        web.answer("site.test", "/news/site/1", status=status, headers={"Retry-After": wait} if wait else {})
        report = place.crawl("site")["site"]
        assert report.outcome == outcome
        assert report.errors == {"server" if status == 503 else "blocked": 1}
        assert asked(web).count("/news/site/1") == 1
        paused = health(place, "site")
        assert (paused is None) == (seconds is None)
        if paused and seconds:
            assert abs((paused - datetime.now(UTC)).total_seconds() - seconds) < 60


def test_a_host_gives_so_many_pages_a_day_and_the_rest_comes_the_next_day(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        links = tuple(f"/news/{number}" for number in range(1, 6))
        edition(web, place, "site", *links, keys="daily_pages = 3\n")
        report = place.crawl("site")["site"]
        assert (report.outcome, report.fetched, report.problems) == ("capped", 3, ())
        web.answer("site.test", "/site", body=feed("/news/6"), headers={"Content-Type": "text/xml"})
        web.answer("site.test", "/news/6", body=HTML)
        assert place.crawl("site")["site"].fetched == 0  # the newest has to wait, too
        assert asked(web).count("/site") == 2
        with Archive(place.archive_url) as archive:
            tomorrow = datetime.now(UTC) + timedelta(days=1)
            left = {link.url for link in archive.retries("site", tomorrow)}
            assert archive.retries("site", datetime.now(UTC)) == ()
        assert left == {f"https://site.test/news/{number}" for number in (4, 5, 6)}


def test_what_is_left_over_from_yesterday_does_not_come_before_the_news(tmp_path: Path) -> None:
    def old(number: int, when: datetime | None) -> Link:
        url = f"https://site.test/news/{number}"
        return Link(url=url, key=url, source="site", published=when)

    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        edition(web, place, "site", "/news/1", "/news/2", keys="daily_pages = 3\n")
        left = (
            old(7, None),
            old(8, datetime(2026, 11, 1, 12, tzinfo=UTC)),
            old(9, datetime(2020, 1, 1, tzinfo=UTC)),
        )
        for link in left:
            web.answer("site.test", f"/news/{link.url[-1]}", body=HTML)
        with Archive(place.archive_url) as archive:
            archive.access.postpone(left, datetime.now(UTC) - timedelta(hours=1))
        assert place.crawl("site")["site"].outcome == "capped"
        assert asked(web) == ["/site", "/news/1", "/news/8", "/news/2"]


def test_an_article_listed_under_all_addresses_of_a_site_is_fetched_once(tmp_path: Path) -> None:
    home, mirror, cache = "fr.daily.test", "daily.mirror.test", "fr-daily-test.cdn.ampproject.org"
    entries = (feed_of(home), f'kind = "listing"\nurl = "https://{mirror}/latest"')
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        place.write("daily", home, *entries)
        file = place.folder / "sources" / "daily.toml"
        file.write_text(f'mirrors = ["{mirror}"]\n{file.read_text(encoding="utf-8")}', encoding="utf-8")
        web.answer(home, "/feed", body=feed("/news/1?utm_source=rss", "/news/2", "/news/4"))
        listed = (
            f"https://{mirror}/news/1/",
            "/news/3",
            f"https://m.{home}/news/2?xtor=1",
            f"https://{cache}/c/s/{home}/news/2",
        )
        web.answer(mirror, "/latest", body="".join(f'<a href="{url}">A</a>' for url in listed))
        for number in (1, 2, 3):
            web.answer(home, f"/news/{number}", body=HTML)
        web.answer(home, "/news/4", status=301, headers={"Location": f"https://{mirror}/news/4"})
        web.answer(mirror, "/news/4", body=HTML)
        report = place.crawl("daily")["daily"]
        assert (report.found, report.fetched, report.problems) == (4, 4, ())
        fetched = [(seen.host, seen.path.partition("?")[0]) for seen in web.asked() if "/news/" in seen.path]
        assert sorted(fetched) == [
            (mirror, "/news/4"),
            *((home, f"/news/{number}") for number in (1, 2, 3, 4)),
        ]


def test_a_report_names_no_trouble_where_there_is_none(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        edition(web, place, "site")
        report: CrawlReport = place.crawl("site")["site"]
        assert (report.outcome, report.errors, report.problems) == ("done", {}, ())
