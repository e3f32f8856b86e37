"""A crawl happens at the moment its clock says: all it records, tries again, visits and pauses is of then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.clock import Shifted, now
from storage.archive import Archive
from storage.model import CrawlReport, Relevance
from tests.crawler.crawling import Place
from tests.web import Web, serve

THEN = datetime(2031, 3, 30, 0, 40, tzinfo=UTC)  # twenty minutes before clocks are set forward in Europe
HOUR, MINUTES = timedelta(hours=1), timedelta(minutes=3)  # of the machine, which a crawl takes at most


def at(moment: datetime) -> Shifted:
    return Shifted(moment - now())


class Night:
    """Crawls of a site whose page of one article is broken, at moments of one night."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.place, self._web = Place(folder, web.url), web
        self.crawl(THEN)

    def crawl(self, moment: datetime) -> CrawlReport:
        self._web.forget()
        return self.place.crawl("elaph", clock=at(moment))["elaph"]

    def asked(self, word: str) -> bool:
        return any(word in seen.path for seen in self._web.asked(robots=True))


@pytest.fixture
def web() -> Iterator[Web]:
    with serve(THEN) as web:
        web.answer("api.elaph.com", "/robots.txt", status=404)  # without its Crawl-delay
        yield web


@pytest.fixture
def night(tmp_path: Path, web: Web) -> Night:
    return Night(tmp_path / "place", web)


def test_a_crawl_and_what_it_records_are_of_the_moment_its_clock_says(night: Night) -> None:
    with Archive(night.place.archive_url) as archive:
        (health,) = archive.health()
        told = archive.stories_between(
            THEN, THEN + MINUTES, published_after=THEN - timedelta(days=8), relevance=Relevance.RELEVANT
        )
        assert THEN <= health.crawls[0].started <= health.crawls[0].finished < THEN + MINUTES
        assert told
        robots = archive.access.robots_file("https://elaph.com", THEN + MINUTES)
        entry = archive.entry_state("https://elaph.com/sitemaps/google_news.xml")
        taken = archive.revisions.snapshots(told[0].articles[0].id)[0].taken
    assert robots is not None
    assert entry.fetched is not None
    assert all(THEN <= each < THEN + MINUTES for each in (robots.fetched, entry.fetched, taken))


def test_what_is_due_is_what_is_due_by_then(night: Night, web: Web) -> None:
    (broken,) = (each for each in web.articles if each.fault == 500)
    soon = night.crawl(THEN + timedelta(minutes=50))
    assert (soon.revisited, night.asked(f"/{broken.number}.html")) == (0, False)
    later = night.crawl(THEN + HOUR + MINUTES)
    assert later.revisited > 0
    assert night.asked(f"/{broken.number}.html")
    assert not night.asked("robots.txt")
    night.crawl(THEN + 24 * HOUR + MINUTES)
    assert night.asked("robots.txt")


def test_a_site_that_says_later_is_left_alone_from_then_on(night: Night, web: Web) -> None:
    web.answer("elaph.com", "/sitemaps/google_news.xml", status=429, headers={"Retry-After": "7200"})
    assert night.crawl(THEN + HOUR).outcome == "paused"
    with Archive(night.place.archive_url) as archive:
        (health,) = archive.health()
    assert health.paused_until is not None
    assert THEN + 3 * HOUR <= health.paused_until < THEN + 3 * HOUR + MINUTES
