"""Every source of the catalogue, crawled through the real spider over real HTTP: what comes of its pages."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.catalogue import load_sources
from crawler.limits import Batch, Limits
from crawler.urls import url_key
from storage.archive import Archive
from storage.model import ArchivedArticle, CrawlReport, EntryKind
from storage.query import parse_query
from tests.crawler.crawling import AGENT, Crawling
from tests.web import serve
from tests.web.sites.outlets import expected

SEEDS = {"machahid24", "eocr", "elaph", "mc_doualiya"}  # crawled in tests/test_end_to_end.py
SOURCES = {
    source.id: source
    for source in load_sources()
    if source.id not in SEEDS and any(entry.kind is not EntryKind.SEARCH for entry in source.entries)
}
PAGES = [(name, page) for name in SOURCES for page in expected(name)]
SAME = ("title", "subtitle", "section", "origin", "place", "audio", "language", "status", "genre")

Crawled = tuple[Mapping[str, CrawlReport], Mapping[str, ArchivedArticle]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """The reports by source and the articles by key of one crawl of all outlets, disabled ones too."""
    url = f"sqlite:///{tmp_path_factory.mktemp('outlets') / 'archive.db'}"
    with serve() as web, Archive(url) as archive:
        archive.upgrade()
        # Their pages keep the days they were written on: first contact must reach back to them for ever.
        limits = Limits(user_agent=AGENT, route=web.url, delay=0.0, sources_at_once=16, first_days=10_000)
        reports = Crawling(Batch(archive_url=url, sources=tuple(SOURCES), limits=limits)).reports()
        found = archive.search(parse_query("", now=datetime.now(UTC)), limit=1000)
        return reports, {hit.found.article.key: hit.found for hit in found.hits}


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_has_a_page_to_be_measured_by(name: str) -> None:
    assert expected(name)
    assert SOURCES[name].note


@pytest.mark.parametrize("name", SOURCES)
def test_a_crawl_of_it_finds_nothing_wrong(name: str, crawled: Crawled) -> None:
    report = crawled[0][name]
    assert report.problems == ()
    assert report.found >= len(expected(name))


@pytest.mark.parametrize(("name", "page"), PAGES, ids=[f"{name} {page['url']}" for name, page in PAGES])
def test_a_page_becomes_the_article_it_holds(name: str, page: Mapping[str, Any], crawled: Crawled) -> None:
    found = crawled[1].get(url_key(page["url"]))
    assert found is not None, crawled[0][name]
    article = found.article
    assert {each: page[each] for each in SAME if each in page} == {
        each: getattr(article, each) for each in SAME if each in page
    }
    assert article.source == name
    assert article.text.startswith(page.get("begins", ""))
    assert article.text.endswith(page.get("ends", ""))
    assert [each for each in page.get("lacks", ()) if each in article.text] == []
    assert article.authors == tuple(page.get("authors", article.authors))
    for each in ("published", "modified"):
        if each in page:
            assert getattr(article, each) == datetime.fromisoformat(page[each])
