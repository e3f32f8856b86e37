"""Whole crawls: the four sites' replica, a stop in the middle, a kill in the middle."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.limits import Batch, Limits
from crawler.run import crawl_batch
from storage.archive import Archive
from storage.errors import InputError
from storage.model import Link
from tests.crawler.crawling import AGENT, Place, feed
from tests.waiting import until
from tests.web import Web, serve

SEEDS = ("elaph", "eocr", "machahid24", "mc_doualiya")
XML = {"Content-Type": "text/xml"}
HTML = "<html><title>News</title><body><p>Nothing for us.</p></body></html>"
LINKS = tuple(f"/news/{number}" for number in range(1, 6))


def slow_site(web: Web, place: Place, delay: float) -> None:
    """Five articles, the second of which takes its time."""
    web.answer("site.test", "/robots.txt", status=404)
    web.answer("site.test", "/feed", body=feed(*LINKS), headers=XML)
    for link in LINKS:
        web.answer("site.test", link, body=HTML, delay=delay if link == "/news/2" else 0.0)
    place.write("site", "site.test")


def asked(web: Web) -> list[str]:
    return [seen.path for seen in web.asked("site.test")]


def until_in_flight(place: Place, path: str) -> None:
    """Waits until a page has been asked for: its try is counted just before."""
    url = f"https://site.test{path}"
    link = Link(url=url, key=url, source="site")
    with Archive(place.archive_url) as archive:
        until(lambda: archive.due([link], datetime.now(UTC)) == ())
    time.sleep(0.3)


def test_the_replica_of_the_seed_sites_is_crawled_twice_and_fetched_once(tmp_path: Path) -> None:
    with serve() as web:
        for host in ("elaph.com", "api.elaph.com"):
            web.answer(host, "/robots.txt", status=404)  # without its Crawl-delay
        place = Place(tmp_path / "place", web.url)
        reports = place.crawl(*SEEDS)
        assert set(reports) == set(SEEDS)
        assert all(report.fetched > 5 and report.outcome == "done" for report in reports.values())
        assert all(report.relevant > 0 for report in reports.values())
        broken = [str(problem) for report in reports.values() for problem in report.problems]
        assert len(broken) == 1
        assert "HTTP 500" in broken[0]
        web.forget()
        again = place.crawl(*SEEDS)
        assert {report.fetched for report in again.values()} == {0}
        newer = [seen for seen in web.asked() if "&after=" in seen.path]
        assert {seen.host for seen in newer} == {"eocr.eu", "machahid24.com"}  # WordPress: what is new since
        assert {seen.status for seen in web.asked() if seen not in newer} == {304}
        assert len(web.asked()) == 10  # one request an entry


def test_a_stop_finishes_the_page_in_flight_and_says_so(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        slow_site(web, place, delay=2.0)
        crawling = place.start(["site"], timeout=5.0)
        until_in_flight(place, "/news/2")
        assert crawling.child.pid
        os.kill(crawling.child.pid, signal.SIGTERM)
        report = crawling.reports()["site"]
        assert (report.outcome, report.fetched) == ("stopped", 2)
        assert asked(web)[-1] == "/news/2"
        assert crawling.child.exitcode == 0
        with Archive(place.archive_url) as archive:
            (health,) = (each for each in archive.health() if each.source == "site")
            assert health.last_crawl == report


def test_a_stop_does_not_wait_for_a_request_that_waits_for_its_turn(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        slow_site(web, place, delay=0.0)
        crawling = place.start(["site"], delay=20.0)
        until(lambda: bool(web.requests))
        assert crawling.child.pid
        started = time.monotonic()
        os.kill(crawling.child.pid, signal.SIGTERM)
        assert crawling.reports()["site"].outcome == "stopped"
        assert time.monotonic() - started < 8


def test_a_stop_gives_a_page_that_never_comes_its_grace_and_no_more(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        slow_site(web, place, delay=8.0)
        crawling = place.start(["site"], timeout=30.0, grace=0.5)
        until_in_flight(place, "/news/2")
        assert crawling.child.pid
        started = time.monotonic()
        os.kill(crawling.child.pid, signal.SIGTERM)
        assert crawling.reports()["site"].outcome == "stopped"
        assert time.monotonic() - started < 6


def test_a_kill_in_the_middle_loses_no_link(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        slow_site(web, place, delay=5.0)
        crawling = place.start(["site"], timeout=10.0)
        until_in_flight(place, "/news/2")
        crawling.child.kill()
        assert crawling.reports() == {}
        web.forget()
        report = place.crawl("site")["site"]
        statuses = [(seen.path, seen.status) for seen in web.asked("site.test") if seen.path != "/news/2"]
        assert statuses == [("/feed", 200), ("/news/3", 200), ("/news/4", 200), ("/news/5", 200)]
        assert report.fetched == 3  # the one in flight is due again in an hour, as what may have killed us


def test_a_source_nobody_knows_is_named(tmp_path: Path) -> None:
    batch = Batch(
        archive_url=f"sqlite:///{tmp_path / 'a.db'}", sources=("nosuch",), limits=Limits(user_agent=AGENT)
    )
    with pytest.raises(InputError, match=r"nosuch: no such source; known are .*elaph, eocr"):
        crawl_batch(batch, lambda _: None)


def test_a_page_to_be_tried_again_is_fetched_though_its_entry_no_longer_names_it(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        slow_site(web, place, delay=0.0)
        url = "https://site.test/news/0"
        web.answer("site.test", "/news/0", body=HTML)
        with Archive(place.archive_url) as archive:
            archive.begin_try(Link(url=url, key=url, source="site"), datetime.now(UTC) - timedelta(hours=2))
        assert place.crawl("site")["site"].fetched == 6
        web.forget()
        assert place.crawl("site")["site"].fetched == 0


def test_links_left_on_further_pages_are_found_again(tmp_path: Path) -> None:
    def publish(*pages: str) -> None:
        for number, page in enumerate(pages, start=1):
            body = "".join(f'<a href="/news/{each}">A</a>' for each in page)
            web.answer("site.test", f"/{number}/", body=body)
            for each in page:
                web.answer("site.test", f"/news/{each}", body=HTML)

    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        place.write("site", "site.test", 'kind = "listing"\nurl = "https://site.test/{page}/"')
        publish("1")
        assert place.crawl("site")["site"].fetched == 1
        publish("765", "432", "1")
        web.forget()
        assert place.crawl("site", max_pages=2)["site"].fetched == 2
        assert asked(web) == ["/1/", "/2/", "/3/", "/news/7", "/news/6"]
        web.forget()
        assert place.crawl("site")["site"].fetched == 4
        assert asked(web)[-4:] == ["/news/5", "/news/4", "/news/3", "/news/2"]
        web.forget()
        assert place.crawl("site")["site"].fetched == 0
        assert [(seen.path, seen.status) for seen in web.asked()] == [("/1/", 304)]


def test_a_pinned_article_does_not_hide_a_burst_of_news_behind_it(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        place.write("site", "site.test", 'kind = "listing"\nurl = "https://site.test/{page}/"')
        for each in "1234567":
            web.answer("site.test", f"/news/{each}", body=HTML)
        web.answer("site.test", "/1/", body='<a href="/news/1">A</a>')
        assert place.crawl("site")["site"].fetched == 1
        for number, page in enumerate(("1765", "432", "1"), start=1):
            body = "".join(f'<a href="/news/{each}">A</a>' for each in page)
            web.answer("site.test", f"/{number}/", body=body)
        assert place.crawl("site")["site"].fetched == 6
