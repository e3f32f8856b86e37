"""Bad input: one clear line naming what and where, exit 1, nothing lost, the others go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from crawler.catalogue import load_sources
from tests.commands import SEEDS, Done, Home, one_line
from tests.web import Web, serve

FEED = "https://machahid24.com/feed/"
SITEMAP = "https://elaph.com/sitemaps/google_news.xml"


@pytest.fixture
def web() -> Iterator[Web]:
    with serve() as web:
        web.keep(6)
        yield web


@pytest.fixture
def home(tmp_path: Path, web: Web) -> Home:
    home = Home(tmp_path)
    home.configure(f'[crawl]\nroute = "{web.url}"\ndelay = 0\n{SEEDS}directory = "rules"\n')
    (tmp_path / "rules" / "sources").mkdir(parents=True)
    return home


@dataclass(frozen=True, slots=True)
class Spoiled:
    """What came of crawling the four sources when a file, a feed, a sitemap and a page were wrong."""

    home: Home
    web: Web
    done: Done
    huge: str  # the URL of a page of ten megabytes

    def line(self, start: str) -> str:
        """The one line on standard error that begins so."""
        (found,) = (line for line in self.done.err.splitlines() if line.startswith(start))
        return found


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoiled]:
    home = Home(tmp_path_factory.mktemp("spoiled"))
    broken = home.folder / "rules" / "sources" / "broken.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text("name = 3\n", encoding="utf-8")
    with serve() as web:
        web.keep(6)
        home.configure(f'[crawl]\nroute = "{web.url}"\ndelay = 0\n{SEEDS}directory = "rules"\n')
        page = "<!doctype html><html><body><p>Bienvenue</p></body></html>"
        web.answer("machahid24.com", "/feed/", body=page)
        empty = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>'
        xml = {"Content-Type": "text/xml"}
        web.answer("elaph.com", "/sitemaps/google_news.xml", body=empty, headers=xml)
        huge = next(
            each for each in web.articles if each.site == "mc_doualiya" and each.relevance == "relevant"
        )
        web.answer(urlsplit(huge.url).netloc, huge.path, body=b"<html><body>" + b"<p>x</p>" * 1_300_000)
        done = home.rasid("crawl", "--json")
        broken.unlink()
        yield Spoiled(home, web, done, huge.url)


def test_an_unknown_source_is_named_before_anything_is_fetched(home: Home, web: Web) -> None:
    one_line(home.rasid("crawl", "elaph", "nobody"), "nobody: no such source", "rasid sources list")
    assert not web.requests


def test_wrong_usage_is_exit_2(home: Home) -> None:
    assert home.rasid("crawl", "--fast").exit_code == 2
    assert home.rasid("digest", "--week", "2026-W47", "--last", "7d").exit_code == 2


ENTRY = "[[entry]]\nkind = 'feed'\nurl = 'https://x.example/feed'\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name = 'Broken\n", "not valid TOML"),
        (f"name = 'x'\ncountry = 'MA'\nlanguage = 'ar'\narticle_url = '('\n{ENTRY}", "article_url"),
        (f"name = 'x'\nnation = 'MA'\n{ENTRY}", "nation"),
    ],
)
def test_a_malformed_source_is_named_and_the_others_are_there(home: Home, content: str, said: str) -> None:
    (home.folder / "rules" / "sources" / "broken.toml").write_text(content, encoding="utf-8")
    done = home.rasid("sources", "list", "--json")
    one_line(done, "broken.toml", said)
    assert len(done.json) == len(load_sources())


def test_all_that_is_wrong_is_said_in_a_line_each(spoiled: Spoiled) -> None:
    assert spoiled.done.exit_code == 1
    assert len(spoiled.done.err.splitlines()) == 4, spoiled.done.err


def test_a_malformed_source_does_not_keep_the_others_from_being_crawled(spoiled: Spoiled) -> None:
    assert spoiled.line(f"{spoiled.home.folder / 'rules' / 'sources' / 'broken.toml'}: ")
    relevant = {report["source"]: report["relevant"] for report in spoiled.done.json}
    assert len(relevant) == 4
    assert relevant["eocr"] > 0


def test_a_malformed_topic_is_one_line(home: Home) -> None:
    (home.folder / "rules" / "topics").mkdir()
    (home.folder / "rules" / "topics" / "other.toml").write_text("labels = 3\n", encoding="utf-8")
    one_line(home.rasid("crawl", "elaph"), "other.toml", "labels")
    one_line(home.rasid("topics", "check"), "other.toml", "labels")


def test_a_feed_that_is_html_is_named_and_the_other_sources_go_on(spoiled: Spoiled) -> None:
    assert spoiled.line(f"machahid24: {FEED}: ")
    assert all(report["fetched"] > 0 for report in spoiled.done.json)


def test_an_empty_sitemap_is_named(spoiled: Spoiled) -> None:
    assert spoiled.line(f"elaph: {SITEMAP}: ")


def test_a_page_of_ten_megabytes_is_named_and_not_fetched_again(spoiled: Spoiled) -> None:
    assert spoiled.line(f"mc_doualiya: {spoiled.huge}: larger than 8 MB")
    spoiled.web.forget()
    assert spoiled.home.rasid("crawl", "mc_doualiya").exit_code == 0
    assert spoiled.web.asked()
    assert unquote(spoiled.huge) not in {seen.url for seen in spoiled.web.asked()}


def test_a_mail_server_that_refuses_loses_nothing(spoiled: Spoiled) -> None:
    home = spoiled.home
    assert home.rasid("subscribers", "add", "amal@example.org").exit_code == 0
    closed = Home(home.folder, {"RASID_MAIL__HOST": "127.0.0.1", "RASID_MAIL__PORT": "1"})
    one_line(closed.rasid("digest", "--last", "7d", "--send"), "127.0.0.1:1")
    (issue,) = home.rasid("digests", "list", "--json").json
    assert (issue["waiting"], issue["failed"]) == (1, 0)


def test_an_address_that_is_none_is_one_line(home: Home) -> None:
    one_line(
        home.rasid("subscribers", "add", "amal@example.org\nBcc: all@example.org"), "not an e-mail address"
    )


def test_a_database_that_is_out_of_reach_is_one_line_without_the_password(home: Home) -> None:
    url = "postgresql://rasid:secret@127.0.0.1:1/rasid"
    done = Home(home.folder, {"RASID_DATABASE__URL": url}).rasid("crawl")
    one_line(done, "127.0.0.1:1")
    assert "secret" not in done.err


def test_asking_an_archive_that_is_not_there_is_one_line(home: Home) -> None:
    one_line(home.rasid("search", "x"), "rasid db upgrade")


def test_nobody_is_crawled_who_could_not_reach_us(home: Home) -> None:
    home.configure("")
    one_line(home.rasid("crawl"), "[crawl] contact is not set")
    one_line(home.rasid("service"), "[crawl] contact is not set")


def test_a_malformed_source_that_is_asked_for_says_why(home: Home) -> None:
    (home.folder / "rules" / "sources" / "mine.toml").write_text("name = 3\n", encoding="utf-8")
    done = home.rasid("crawl", "mine")
    assert done.exit_code == 1
    assert "mine.toml: " in done.err.splitlines()[0]


def test_a_missing_configuration_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    one_line(Home(folder).rasid("crawl"), "rasid.toml: no such file", "rasid.example.toml")
