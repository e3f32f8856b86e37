"""rasid sources health after a real crawl: one source well, one blocked, one silently broken, one down."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from storage.archive import Archive
from storage.model import Tip
from tests.commands import Home
from tests.crawler.crawling import Place, feed
from tests.web import serve

XML = {"Content-Type": "text/xml"}
NAMES = ("well", "blocked", "broken", "down")
ARTICLE = (
    "<html lang=en><title>Markets</title><body><article><h1>Markets</h1><p>{}</p></article></body></html>"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("health")
    with serve() as web:
        place = Place(folder / "rules", web.url)
        for name in NAMES:
            place.write(name, f"{name}.test")
            web.answer(f"{name}.test", "/robots.txt", status=404)
            web.answer(f"{name}.test", "/feed", body=feed("/news/1", "/news/2"), headers=XML)
            for number in (1, 2):
                web.answer(f"{name}.test", f"/news/{number}", body=ARTICLE.format("Nothing of note. " * 30))
        web.answer("blocked.test", "/feed", status=403)
        web.answer("broken.test", "/feed", body=feed("/stories/1", "/stories/2"), headers=XML)
        web.answer("down.test", "/feed", body=feed("/news/1"), headers=XML, delay=3.0)
        home = Home(folder)
        home.configure(
            f'[catalogue]\ndirectory = "rules"\nonly = {list(NAMES)}\n'
            f'[crawl]\nroute = "{web.url}"\ndelay = 0\ntimeout = 1\n'.replace("'", '"')
        )
        assert home.rasid("crawl").exit_code == 1
        yield home


def test_each_state_has_its_reason(home: Home) -> None:
    told = {each["source"]: each for each in home.rasid("sources", "health", *NAMES, "--json").json}
    assert {name: told[name]["state"] for name in NAMES} == {
        "well": "healthy",
        "blocked": "blocked",
        "broken": "broken",
        "down": "failing",
    }
    assert "https://blocked.test/feed: HTTP 403" in told["blocked"]["why"]
    assert "none of its 2 links is an article" in told["broken"]["why"]
    assert "no answer within 1 s" in told["down"]["why"]
    assert told["well"]["why"] == ""
    assert (told["well"]["last_crawl"]["new"], told["well"]["last_crawl"]["entries"]) == (2, {"read": 1})
    assert (told["well"]["interval"], told["down"]["interval"]) == (60, 120)
    assert told["blocked"]["next_turn"] == told["blocked"]["paused_until"]


def test_the_table_is_narrow_and_counts_the_states_and_asking_is_no_failure(home: Home) -> None:
    said = home.rasid("sources", "health")
    assert (said.exit_code, said.err) == (0, "")
    *lines, summary = said.out.splitlines()
    assert summary == "4 watched: 1 healthy, 1 failing, 1 blocked, 1 broken"
    table = [line for line in lines if not line.startswith(tuple(f"{name}:" for name in NAMES))]
    assert max(map(len, table)) <= 80
    assert [line.split()[:2] for line in table if line.strip().startswith(NAMES)] == [
        ["blocked", "blocked"],
        ["broken", "broken"],
        ["down", "failing"],
        ["well", "healthy"],
    ]


def test_a_named_source_is_told_in_full(home: Home) -> None:
    said = home.rasid("sources", "health", "well").out
    assert "well (well)" in said
    assert "2 links, 2 new, 2 fetched" in said
    assert "rejected: no trace of the topic 2" in said
    assert home.rasid("sources", "health", "nobody").err.startswith("rasid: nobody: no such source")


def test_the_digest_names_them(home: Home) -> None:
    said = home.rasid("digest", "--language", "en").out
    line = " ".join(said.split()).replace("\u2068", "").replace("\u2069", "")
    assert (
        "4 sources watched; refusing us: blocked; out of reach: down; "
        "changed, so that we no longer read them properly: broken." in line
    )


def test_what_others_report_and_the_archive_lacks_is_told_with_the_reason(home: Home) -> None:
    now = datetime.now(UTC)
    tip = Tip(
        service="gdelt",
        url="https://well.test/news/9",
        key="well.test/news/9",
        title="Suspect handed over at Tangier airport",
        outlet="well.test",
        seen=now,
        source="well",
    )
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive:
        archive.tips.record([tip], (), now)
    (found,) = home.rasid("sources", "health", "--missed", "--json").json
    assert (found["outlet"], found["said_by"], found["reason"]) == ("well", "gdelt", "in no entry of well")
    assert "Suspect handed over" in home.rasid("sources", "health", "well", "--missed", "--days", "1").out
    assert home.rasid("sources", "health", "down", "--missed", "--json").json == []
