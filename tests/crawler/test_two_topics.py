"""Two topics in one installation: an article of either is kept, judged to both, and asked for by the look."""

import json
from pathlib import Path

import pytest

from crawler.cheap_look import missing_sides
from crawler.limits import Batch, Limits
from crawler.rules import load_rules, load_topics
from storage.archive import Archive
from storage.errors import ConfigError
from storage.model import Query, Relevance
from tests.crawler.crawling import AGENT, Crawling, Place, feed
from tests.factories import TOPIC, page
from tests.web import serve

SPAIN = "spain-morocco-migration"
BOTH = (TOPIC, SPAIN)
QUALITY = Path(__file__).parents[1] / "quality"


def told(file: str, key: str) -> str:
    """A judged case as a page."""
    lines = (QUALITY / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    (row,) = (row for row in map(json.loads, lines) if row["id"] == key)
    paragraphs = "".join(f"<p>{line}</p>" for line in row["text"].splitlines())
    title = row["title"]
    return f"<html><title>{title}</title><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"


MIGRATION = told("spain", "m003")  # the interior ministers of Spain and Morocco
SECURITY = told("topic", "q004")  # a tip of Morocco's services, an arrest in Strasbourg
FISHING = told("spain", "m033")


def test_a_crawl_keeps_an_article_of_either_topic_judged_to_both(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        place.write("site", "site.test")
        pages = {"/news/one": MIGRATION, "/news/two": SECURITY, "/news/three": FISHING}
        web.answer("site.test", "/robots.txt", status=404)
        web.answer("site.test", "/feed", body=feed(*pages), headers={"Content-Type": "text/xml"})
        for path, body in pages.items():
            web.answer("site.test", path, body=body)
        limits = Limits(user_agent=AGENT, route=web.url, delay=0.0)
        batch = Batch(
            archive_url=place.archive_url,
            sources=("site",),
            limits=limits,
            directory=place.folder,
            topics=BOTH,
        )
        assert Crawling(batch).reports()["site"].relevant == 2
    with Archive(place.archive_url) as archive:
        kept = archive.search(Query()).hits
        judged = {
            hit.found.article.url.rpartition("/")[2]: {
                each.topic: each.relevance for each in hit.found.judgements
            }
            for hit in kept
        }
    assert judged == {
        "one": {TOPIC: Relevance.IRRELEVANT, SPAIN: Relevance.RELEVANT},
        "two": {TOPIC: Relevance.RELEVANT, SPAIN: Relevance.IRRELEVANT},
    }


@pytest.mark.parametrize(
    ("topics", "wanted"),
    [
        (BOTH, {"migration": True, "security": True}),
        ((TOPIC,), {"migration": False, "security": True}),
        ((SPAIN,), {"migration": True, "security": False}),
    ],
)
def test_the_cheap_look_asks_for_each_topic_in_use(topics: tuple[str, ...], wanted: dict[str, bool]) -> None:
    rules = load_rules(None, topics)
    pages = {"migration": MIGRATION, "security": SECURITY}
    found = {name: not missing_sides(page(body=body.encode()), rules) for name, body in pages.items()}
    assert found == wanted


def test_what_is_of_no_topic_misses_a_side_of_each() -> None:
    body = "<html><body><p>A quiet day in Lisbon, with a little rain towards the evening.</p></body></html>"
    missed = missing_sides(page(body=body.encode()), load_rules(None, BOTH))
    assert [(each.topic, bool(each.missing)) for each in missed] == [(TOPIC, True), (SPAIN, True)]


def test_the_second_topic_ships_disabled_and_is_in_use_once_it_is_named() -> None:
    assert [topic.id for topic in load_topics()] == [TOPIC]
    assert [topic.id for topic in load_topics(None, BOTH)] == list(BOTH)
    assert [topic.id for topic in load_rules(None, [SPAIN]).topics] == [SPAIN]


def test_a_topic_nobody_has_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=rf"\[catalogue\] topics: nosuch: no such topic; .*{SPAIN}"):
        load_rules(None, ["nosuch"])
