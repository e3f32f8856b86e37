"""Back-filling a source from its entries, by way of a crawl child."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.limits import Batch, Limits
from storage.archive import Archive
from storage.model import CrawlReport
from storage.query import parse_query
from tests.crawler.crawling import AGENT, Crawling
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
