"""Back-filling a source from its entries, by way of a crawl child."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.limits import Batch, Limits
from storage.archive import Archive
from storage.model import CrawlReport
from storage.query import parse_query
from tests.crawler.crawling import AGENT, Crawling, Place
from tests.waiting import until
from tests.web import Web, WebArticle, serve

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve() as running:
        yield running


@pytest.fixture
def url(tmp_path: Path, web: Web) -> str:
    web.forget()
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    with Archive(url) as archive:
        archive.upgrade()
    return url


def start(url: str, web: Web, since: datetime, delay: float = 0.0) -> Crawling:
    limits = Limits(user_agent=AGENT, route=web.url, delay=delay)
    return Crawling(Batch(archive_url=url, sources=("elaph",), limits=limits, since=since))


def back_fill(url: str, web: Web, since: datetime = LONG_AGO) -> CrawlReport:
    return start(url, web, since).reports()["elaph"]


def articles(web: Web) -> list[WebArticle]:
    return [each for each in web.articles if each.site == "elaph"]


def relevant(web: Web) -> set[str]:
    return {each.url for each in articles(web) if each.relevance == "relevant" and not each.fault}


def kept(url: str) -> set[str]:
    with Archive(url) as archive:
        answer = archive.search(parse_query("verdict:relevant", now=datetime.now(UTC)), limit=500)
        return {hit.found.article.url for hit in answer.hits if hit.found.backfilled}


def pages_asked(web: Web) -> Counter[str]:
    return Counter(seen.url for seen in web.asked("elaph.com") if "/Web/" in seen.path)


def test_the_sitemaps_of_all_years_are_read_and_each_article_is_fetched_once(url: str, web: Web) -> None:
    assert back_fill(url, web).outcome == "done"
    assert "/sitemaps/articles.xml" in {seen.path for seen in web.asked("elaph.com")}
    assert kept(url) >= relevant(web)
    assert set(pages_asked(web).values()) <= {1, 2}  # 2: the page that is broken on purpose
    web.forget()
    assert back_fill(url, web).fetched == 0
    assert not web.asked("elaph.com")


def test_a_back_fill_that_is_killed_goes_on_where_it_was(url: str, web: Web) -> None:
    running = start(url, web, LONG_AGO, delay=0.05)
    until(lambda: sum(pages_asked(web).values()) > 4)
    running.child.kill()
    running.child.join()
    back_fill(url, web)
    with Archive(url) as archive:
        in_flight = {link.url for link in archive.retries("elaph", datetime.now(UTC) + timedelta(hours=2))}
    broken = {each.url for each in articles(web) if each.fault >= 500}
    assert len(in_flight - broken) <= 1
    assert kept(url) | in_flight >= relevant(web)
    assert not [page for page, times in pages_asked(web).items() if times > 1 and page not in broken]


def test_a_back_fill_stops_at_its_day(url: str, web: Web) -> None:
    newest = max(each.published for each in articles(web)).astimezone(UTC)
    back_fill(url, web, newest.replace(hour=0, minute=0, second=0, microsecond=0))
    days = {each.url: each.published.astimezone(UTC).date() for each in articles(web)}
    assert {days[page] for page in pages_asked(web)} == {newest.date()}


def listing(*numbers: int) -> str:
    """A page of a listing."""
    links = "".join(f'<a href="/news/{number}">News</a>' for number in numbers)
    return f"<html><body><p>All news</p>{links}</body></html>"


@pytest.fixture
def paged(tmp_path: Path, web: Web) -> Place:
    """A source whose one entry is a listing of three pages."""
    place = Place(tmp_path / "rules", web.url)
    entry = (
        'kind = "listing"\nurl = "https://paged.example/all"\npages = "https://paged.example/all?page={page}"'
    )
    place.write("paged", "paged.example", entry)
    web.forget()
    web.answer("paged.example", "/all", body=listing(1, 2))
    web.answer("paged.example", "/all?page=2", body=listing(3, 4))
    web.answer("paged.example", "/all?page=3", body=listing(5))
    web.answer("paged.example", "/all?page=4", status=404)
    return place


def fetched(web: Web) -> list[str]:
    return sorted(seen.path for seen in web.asked("paged.example") if seen.path.startswith("/news/"))


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({"status": 429, "headers": {"Retry-After": "60"}}, "paused"),
        ({"status": 403}, "done"),
        ({"status": 503}, "done"),
        ({"body": "<html><title>Just a moment...</title></html>"}, "done"),
    ],
)
def test_a_page_that_is_not_given_for_now_is_where_it_goes_on(
    paged: Place, web: Web, given: dict[str, Any], outcome: str
) -> None:
    web.answer("paged.example", "/all?page=2", **given)
    report = paged.start(["paged"], since=LONG_AGO).reports()["paged"]
    assert report.outcome == outcome
    assert [problem.where for problem in report.problems] == ["https://paged.example/all?page=2"]
    assert fetched(web) == ["/news/1", "/news/2"]
    web.answer("paged.example", "/all?page=2", body=listing(3, 4))
    assert paged.start(["paged"], since=LONG_AGO).reports()["paged"].problems == ()
    assert fetched(web) == ["/news/1", "/news/2", "/news/3", "/news/4", "/news/5"]
    assert len([seen for seen in web.asked("paged.example") if seen.path == "/all"]) == 1


def test_a_listing_that_repeats_its_last_page_for_any_number_comes_to_an_end(paged: Place, web: Web) -> None:
    for page in range(4, 12):
        web.answer("paged.example", f"/all?page={page}", body=listing(5))
    paged.start(["paged"], since=LONG_AGO).reports()
    assert max(seen.path for seen in web.asked("paged.example") if "page=" in seen.path) == "/all?page=6"
