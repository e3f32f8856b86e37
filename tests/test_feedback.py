"""An analyst's word from end to end: a page is rejected, marked, crawled again, kept and told; then not."""

from collections.abc import Iterator
from importlib.metadata import version

import pytest

from crawler.rules import fingerprint, load_rules
from storage.archive import Archive
from tests.commands import SEEDS, Home
from tests.web import Web, WebArticle, serve


@pytest.fixture
def web() -> Iterator[Web]:
    with serve() as web:
        web.keep(10)
        yield web


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, archive_url: str, web: Web) -> Home:
    home = Home(tmp_path_factory.mktemp("feedback"))
    home.configure(f'{SEEDS}[database]\nurl = "{archive_url}"\n[crawl]\nroute = "{web.url}"\ndelay = 0\n')
    return home


def dull(web: Web) -> WebArticle:
    """The newest article of one of the sites that no rule would keep."""
    found = (each for each in web.articles if each.site == "eocr" and each.relevance == "irrelevant")
    return max(found, key=lambda each: each.published)


def test_a_rejected_page_that_is_marked_is_kept_and_in_the_digest_until_it_is_marked_otherwise(
    home: Home, web: Web, archive_url: str
) -> None:
    missed = dull(web)
    assert home.rasid("crawl", "eocr").exit_code == 0
    with Archive(archive_url) as archive:
        by = {page.rules for some in archive.judging.rejected() for page in some}
    assert by == {fingerprint(load_rules(), version("rasid"))}
    done = home.rasid("topics", "mark", missed.url, "relevant", "--why", "a matter of the two states")
    assert "rejected (matches no topic)" in done.out
    [report] = home.rasid("crawl", "eocr", "--json").json
    assert (report["fetched"], report["relevant"], report["rejected"]) == (1, 1, {})
    assert missed.title in home.rasid("digest", "--last", "7d", "--language", "en").out
    [hit] = home.rasid("search", f'title:"{missed.title}"', "--json").json["hits"]
    assert home.rasid("topics", "mark", str(hit["id"]), "irrelevant").exit_code == 0
    assert missed.title not in home.rasid("digest", "--last", "7d", "--language", "en").out
    assert home.rasid("search", "verdict:irrelevant", "--json").json["total"] == 1
