"""Search services as a trigger: what they report is remembered, and what is ours is fetched."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.catalogue import load_sources
from storage.archive import Archive
from storage.model import CrawlReport, Tip
from tests.crawler.crawling import Place, feed
from tests.web import Web, serve

SERVICES = {source.id: source for source in load_sources() if source.id in ("google_news", "gdelt")}
GOOGLE = SERVICES["google_news"].entries
GDELT = SERVICES["gdelt"].entries
OURS = "https://gazette.example/news/1"
ITEM = """<item><title>Tanger : un suspect remis à Paris - La Gazette</title>
<link>https://news.google.com/rss/articles/CBMiA?oc=5</link><pubDate>Fri, 20 Nov 2026 09:15:00 GMT</pubDate>
<source url="https://www.gazette.example">La Gazette</source></item>"""


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve() as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, web: Web) -> Place:
    web.forget()
    place = Place(tmp_path, web.url)
    place.write("gazette", "gazette.example")
    with Archive(place.archive_url) as archive:
        archive.load_catalogue(load_sources(place.folder), (), ())
    return place


def say(web: Web, url: str, body: str, **given: object) -> None:
    parts = urlsplit(url)
    web.answer(parts.netloc, f"{parts.path}?{parts.query}", body=body, **given)  # type: ignore[arg-type]


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def search(place: Place, service: str) -> tuple[CrawlReport, tuple[Tip, ...]]:
    report = place.crawl(service)[service]
    with Archive(place.archive_url) as archive:
        return report, archive.tips.since(datetime.now(UTC) - timedelta(hours=1))


def test_headlines_of_google_news_are_kept_with_their_outlet(place: Place, web: Web) -> None:
    say(web, GOOGLE[0].url, rss(ITEM))
    for entry in GOOGLE[1:]:
        say(web, entry.url, rss())
    report, (tip,) = search(place, "google_news")
    assert report.problems == ()
    assert (tip.title, tip.outlet, tip.source) == (
        "Tanger : un suspect remis à Paris",
        "gazette.example",
        "gazette",
    )
    assert tip.published == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    assert len(web.asked("news.google.com")) == len(GOOGLE)


def test_an_answer_as_long_as_they_get_may_be_cut(place: Place, web: Web) -> None:
    items = [ITEM.replace("CBMiA", f"CBMi{number}") for number in range(100)]
    say(web, GOOGLE[0].url, rss(*items))
    for entry in GOOGLE[1:]:
        say(web, entry.url, rss())
    report, tips = search(place, "google_news")
    assert len(report.gaps) == 1
    assert len(tips) == 100


def test_what_gdelt_reports_of_our_sources_is_fetched_with_their_next_crawl(place: Place, web: Web) -> None:
    row = {"url": OURS, "title": "Remis", "seendate": "20261120T091500Z", "domain": "gazette.example"}
    say(web, GDELT[0].url, json.dumps({"articles": [row]}))
    say(web, GDELT[1].url, "{}")
    say(web, GDELT[2].url, "Timespan is too short.")
    report, (tip,) = search(place, "gdelt")
    (problem,) = report.problems
    assert "answers 'Timespan is too short.' instead of JSON" in problem.what
    assert tip.source == "gazette"
    web.answer("gazette.example", "/feed", body=feed("https://gazette.example/news/2"))
    place.crawl("gazette")
    assert {seen.path for seen in web.asked("gazette.example")} == {"/feed", "/news/1", "/news/2"}


def test_a_service_that_has_enough_of_us_is_left_alone(place: Place, web: Web) -> None:
    say(web, GDELT[0].url, "slow down", status=429, headers={"Retry-After": "7200"})
    report, tips = search(place, "gdelt")
    assert report.outcome == "paused"
    assert tips == ()
    assert len(web.asked("api.gdeltproject.org")) == 1


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (503, "busy", {"Retry-After": "3600"}),
        (403, "no", {}),
        (200, "Please limit requests to one every 5 seconds", {}),
    ],
)
def test_a_service_that_wants_no_more_questions_is_asked_no_more(
    place: Place, web: Web, status: int, body: str, headers: dict[str, str]
) -> None:
    say(web, GDELT[0].url, body, status=status, headers=headers)
    report, _ = search(place, "gdelt")
    assert report.outcome == "paused"
    assert len(web.asked("api.gdeltproject.org")) == 1


@pytest.mark.parametrize("body", ["\0\0", "blocked", "<html><title>Sorry</title></html>", ""])
def test_an_answer_that_is_no_rss_is_one_problem_and_the_next_question_is_asked(
    place: Place, web: Web, body: str
) -> None:
    say(web, GOOGLE[0].url, body)
    say(web, GOOGLE[1].url, rss(ITEM.replace("https://www.gazette.example", "http://[x")))
    for entry in GOOGLE[2:]:
        say(web, entry.url, rss())
    report, tips = search(place, "google_news")
    assert ["is not RSS" in problem.what for problem in report.problems] == [True]
    assert [tip.outlet for tip in tips] == [""]


def test_nobody_is_asked_unless_it_is_enabled() -> None:
    assert [service.enabled for service in SERVICES.values()] == [False, False]
