"""rasid topics mark, unmark, marks, evaluate, rejudge: what analysts say, and what changed rules change."""

import json
import os
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from crawler.rules import fingerprint, load_rules
from scheduler.preparing import note_rules
from scheduler.service import serve
from scheduler.settings import Crawl, Database, Settings
from storage.archive import Archive
from storage.model import Article, Judgement, Mark, Rejected, Relevance
from storage.query import parse_query
from tests import factories as make
from tests.commands import RASID, Home, one_line
from tests.waiting import until

HERE = Path(__file__).parents[1]
URL = "https://example.ma/news/9"
HEADLINE = "الأمن المغربي يوقف بطنجة مطلوبا لدى القضاء الفرنسي"
DULL = "https://example.ma/news/8"
SOURCE = """
name = "x"
country = "MA"
language = "ar"
article_url = "^https://example.ma/news/"
[[entry]]
kind = "feed"
url = "https://example.ma/feed"
"""
WEATHER = make.article("example.ma/news/2", title="طقس معتدل اليوم", text="أمطار في الأطلس.")
FRENCH = make.article(
    "example.ma/news/3",
    language="fr",
    title="Le Maroc remet à la France un chef de réseau",
    text="La DGSN a remis lundi à la police française un homme visé par une notice rouge émise à la demande "
    "des autorités judiciaires françaises.",
)
SIDES = """
labels = { en = "Rain" }
[thresholds]
relevant = 0.3
borderline = 0.1
[[sides]]
id = "rain"
labels = { en = "rain" }
[[sides.words]]
why = "rain"
weight = 1.0
ar = ["أمطار"]
"""


@pytest.fixture
def home(tmp_path: Path, archive_url: str) -> Home:
    """Articles 1 and 3 are relevant and judged so, 2 is neither; pages 8 and 9 were rejected a minute ago."""
    return furnished(tmp_path, archive_url)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same for tests that change nothing."""
    folder = tmp_path_factory.mktemp("still")
    return furnished(folder, f"sqlite:///{folder / 'still.db'}")


def furnished(folder: Path, url: str) -> Home:
    home = Home(folder)
    home.configure(f'[database]\nurl = "{url}"\n[catalogue]\ndirectory = "rules"\n')
    for kind in ("sources", "topics"):
        (folder / "rules" / kind).mkdir(parents=True)
    (folder / "rules" / "sources" / "example.toml").write_text(SOURCE, encoding="utf-8")
    with Archive(url) as archive:
        archive.create()
        record(archive, make.article(), make.judgement())
        record(archive, WEATHER, make.judgement(Relevance.IRRELEVANT))
        record(archive, FRENCH, make.judgement())
        reject(archive, URL, HEADLINE)
        reject(archive, DULL, "طقس معتدل اليوم")
    return home


def record(archive: Archive, told: Article, *said: Judgement) -> None:
    seen = archive.neighbours(make.account()).seen
    archive.record(make.page(told.key), make.accepted(told, seen=seen, judgements=said))


def reject(archive: Archive, url: str, title: str, rules: str = "") -> None:
    link = make.link(url, url=url, title=title)
    told = make.page(link=link, fetched=datetime.now(UTC) - timedelta(minutes=1))
    said = (make.judgement(Relevance.IRRELEVANT),)
    archive.record(told, Rejected(reason="matches no topic", judgements=said), rules=rules)


def found_by(url: str, query: str) -> list[int]:
    with Archive(url) as archive:
        answer = archive.search(parse_query(query, now=make.NOW))
    return sorted(hit.found.id for hit in answer.hits)


def mark(url: str, key: str, relevance: Relevance, why: str = "") -> None:
    with Archive(url) as archive:
        made = Mark(topic=make.TOPIC, key=key, relevance=relevance, made=make.NOW, why=why)
        archive.judging.mark(made)


def due(archive_url: str) -> list[str]:
    with Archive(archive_url) as archive:
        return [each.key for each in archive.retries("example", datetime.now(UTC) + timedelta(hours=1))]


def test_an_article_is_marked_found_so_and_given_back(home: Home, archive_url: str) -> None:
    done = home.rasid("topics", "mark", "1", "irrelevant", "--why", "حادثة سير")
    assert done.exit_code == 0, done.err
    assert "marked irrelevant" in done.out
    assert "by the rules relevant" in done.out
    assert "\u2068حادثة سير\u2069" in done.out
    assert found_by(archive_url, "verdict:irrelevant") == [1, 2]
    assert "(by the rules: relevant)" in home.rasid("show", "1").out
    [row] = home.rasid("topics", "marks", "--json").json
    assert (row["id"], row["marked"], row["ruled"], row["why"]) == (1, "irrelevant", "relevant", "حادثة سير")
    assert "1 marked" in home.rasid("topics", "marks").out
    assert "by the rules relevant" in home.rasid("topics", "unmark", "1").out
    assert found_by(archive_url, "verdict:irrelevant") == [2]
    one_line(home.rasid("topics", "unmark", "1"), "not marked", "rasid topics marks")


def test_a_rejected_page_is_marked_however_its_address_is_written(home: Home, archive_url: str) -> None:
    done = home.rasid("topics", "mark", "https://www.example.ma/news/9/?utm_source=x#top", "relevant")
    assert done.exit_code == 0, done.err
    assert "rejected (matches no topic)" in done.out
    assert "rasid crawl example" in done.out
    assert due(archive_url) == [URL]
    assert home.rasid("topics", "unmark", URL).exit_code == 0
    assert due(archive_url) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("99", "relevant"), "article 99: the archive has none of that id; see rasid search"),
        (("https://nowhere.test/a", "relevant"), "https://nowhere.test/a: no page of this address is known"),
        (("1", "relevant", "--topic", "none"), "none: no such topic; there are morocco-france-security"),
    ],
)
def test_what_is_not_there_cannot_be_marked(still: Home, arguments: tuple[str, ...], said: str) -> None:
    one_line(still.rasid("topics", "mark", *arguments), said)


@pytest.mark.parametrize("arguments", ["1 maybe", "one relevant", "0 relevant", f"{'9' * 30} relevant"])
def test_a_wrong_word_or_number_is_wrong_usage(still: Home, arguments: str) -> None:
    done = still.rasid("topics", "mark", *arguments.split())
    assert done.exit_code == 2
    assert "Value error" not in done.err


def test_an_article_older_than_its_topic_is_judged_before_it_is_marked(home: Home, archive_url: str) -> None:
    (home.folder / "rules" / "topics" / "rain.toml").write_text(SIDES, encoding="utf-8")
    done = home.rasid("topics", "mark", "2", "irrelevant", "--topic", "rain")
    assert done.exit_code == 0, done.err
    assert "by the rules relevant" in done.out
    assert found_by(archive_url, "verdict:irrelevant topic:rain") == [2]


def test_the_rules_are_measured_by_what_is_marked(home: Home, archive_url: str) -> None:
    assert "mark articles first" in home.rasid("topics", "evaluate").out
    mark(archive_url, make.article().key, Relevance.RELEVANT)
    mark(archive_url, WEATHER.key, Relevance.RELEVANT, "le contexte")
    mark(archive_url, FRENCH.key, Relevance.IRRELEVANT)
    mark(archive_url, URL, Relevance.RELEVANT)
    found = home.rasid("topics", "evaluate", "--json").json
    assert (found["cases"], found["by_headline"]) == (4, 1)
    assert (found["precision"], found["recall"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert {name: each["cases"] for name, each in found["by_language"].items()} == {"ar": 3, "fr": 1}
    assert {each["id"]: each["label"] for each in found["misses"]} == {"2": "relevant", "3": "irrelevant"}
    assert found["misses"][0]["judgement"]["missing"]
    told = home.rasid("topics", "evaluate").out
    assert "4 marked, 1 of them by title and summary only" in told
    assert "judged relevant: \u2068le contexte\u2069" in told
    assert "security: nothing" in told
    assert "\x1b" not in told


def test_the_rules_are_measured_on_a_file(still: Home) -> None:
    rows = HERE / "quality" / "topic.jsonl"
    found = still.rasid("topics", "evaluate", str(rows), "--json").json
    assert found["cases"] == len(rows.read_text(encoding="utf-8").splitlines())
    assert found["precision"] >= 0.98


def test_a_bad_row_is_named_and_the_others_are_measured(still: Home) -> None:
    rows = [{"id": "a", "label": "maybe"}, {"id": "b"}, {"id": "c", "label": "relevant", "title": 3}]
    good = {"id": "d", "label": "irrelevant", "title": "Météo", "lang": "fr"}
    lines = "".join(json.dumps(row) + "\n" for row in (*rows, good))
    (still.folder / "rows.jsonl").write_text(lines + "[]\n", encoding="utf-8")
    done = still.rasid("topics", "evaluate", "rows.jsonl", "--json")
    assert done.exit_code == 1
    assert done.json["cases"] == 1
    assert done.err.splitlines() == [
        "rows.jsonl: 1 without a label left out",
        "rows.jsonl:1: a: label: must be relevant, borderline or irrelevant (got 'maybe')",
        "rows.jsonl:3: c: title: not a text (got 3)",
        'rows.jsonl:5: not an object with an "id"; skipped',
    ]
    one_line(still.rasid("topics", "evaluate", "none.jsonl"), "none.jsonl", "No such file")


def test_rows_without_a_label_are_no_cases(still: Home) -> None:
    (still.folder / "bare.jsonl").write_text('{"id": "a", "title": "Météo"}\n', encoding="utf-8")
    done = still.rasid("topics", "evaluate", "bare.jsonl")
    assert done.exit_code == 0
    assert done.err == "bare.jsonl: 1 without a label left out\n"
    assert "0 cases of bare.jsonl" in done.out
    assert 'give rows a "label": relevant, borderline or irrelevant' in done.out


def test_borderline_cases_that_are_kept_are_counted(still: Home) -> None:
    good = {"id": "a", "label": "borderline", "title": FRENCH.title, "text": FRENCH.text, "lang": "fr"}
    lost = {"id": "b", "label": "borderline", "title": "Météo", "lang": "fr"}
    lines = "".join(json.dumps(row) + "\n" for row in (good, lost))
    (still.folder / "unsure.jsonl").write_text(lines, encoding="utf-8")
    found = still.rasid("topics", "evaluate", "unsure.jsonl", "--json").json
    assert [found[f"borderline{each}"] for each in ("", "_kept", "_called_relevant")] == [2, 1, 1]
    assert "1 of 2" in still.rasid("topics", "evaluate", "unsure.jsonl").out


def test_rejudging_reports_and_then_does_it_once(home: Home, archive_url: str) -> None:
    mark(archive_url, FRENCH.key, Relevance.IRRELEVANT)
    loosen(home)
    told = home.rasid("topics", "rejudge").out
    assert "nothing is written" in told
    assert "irrelevant → relevant" in told
    assert found_by(archive_url, "verdict:irrelevant") == [2, 3]
    done = home.rasid("topics", "rejudge", "--apply", "--json").json
    assert (done["applied"], done["articles"], done["pages"]) == (True, 3, 2)
    [article, page] = done["found"]
    assert (article["id"], article["from"], article["to"]) == (2, "irrelevant", "relevant")
    assert (page["id"], page["url"]) == (None, URL)
    assert done["may_be_kept"] == {"example": 1}
    assert found_by(archive_url, "verdict:irrelevant") == [3]  # a mark stays
    assert due(archive_url) == [URL]
    again = home.rasid("topics", "rejudge", "--apply", "--json").json
    assert (again["moved"], again["otherwise"], again["found"]) == ([], 0, [])
    assert again["may_be_kept"] == {}


def loosen(home: Home) -> None:
    """Let the shipped topic be one that rain belongs to as well."""
    path = home.folder / "rules" / "topics" / f"{make.TOPIC}.toml"
    words = 'ar = ["أمطار", "الأمن المغربي"]'
    path.write_text(SIDES.replace('ar = ["أمطار"]', words), encoding="utf-8")


def test_what_was_rejected_lately_is_fetched_again_on_request(home: Home, archive_url: str) -> None:
    told = home.rasid("topics", "rejudge", "--topic", make.TOPIC, "--fetch", "7d").out
    assert "nothing is written" in told
    assert due(archive_url) == []
    done = home.rasid("topics", "rejudge", "--fetch", "7d", "--apply", "--json").json
    assert (done["may_be_kept"], done["rejected_lately"]) == ({"example": 1}, {"example": 1})
    assert sorted(due(archive_url)) == [DULL, URL]
    with Archive(archive_url) as archive:
        these = fingerprint(load_rules(home.folder / "rules"), version("rasid"))
        reject(archive, URL, HEADLINE, these)  # which have seen its body
    again = home.rasid("topics", "rejudge", "--json").json
    assert (again["pages"], again["may_be_kept"]) == (1, {})


def test_what_older_rules_reject_after_all_was_judged_anew_is_looked_at_again(
    home: Home, archive_url: str
) -> None:
    home.rasid("topics", "rejudge", "--apply")
    with Archive(archive_url) as archive:
        reject(archive, URL, HEADLINE, "of before")  # a crawl that had begun before
    assert home.rasid("topics", "rejudge", "--json").json["may_be_kept"] == {"example": 1}


def test_what_is_marked_irrelevant_is_not_fetched_again(home: Home, archive_url: str) -> None:
    mark(archive_url, URL, Relevance.IRRELEVANT)
    done = home.rasid("topics", "rejudge", "--fetch", "7d", "--apply", "--json").json
    assert done["may_be_kept"] == {}
    assert due(archive_url) == [DULL]


def test_a_new_topic_gets_judgements_and_one_that_is_gone_loses_them(home: Home, archive_url: str) -> None:
    rain = home.folder / "rules" / "topics" / "rain.toml"
    rain.write_text(SIDES, encoding="utf-8")
    told = home.rasid("topics", "rejudge", "--apply").out
    assert "rain: – → relevant" in told
    assert found_by(archive_url, "topic:rain") == [2]
    assert found_by(archive_url, "topic:rain verdict:irrelevant") == [1, 3]
    rain.unlink()
    home.rasid("topics", "rejudge", "--apply")
    assert found_by(archive_url, "topic:rain verdict:irrelevant") == found_by(archive_url, "topic:rain") == []
    assert found_by(archive_url, f"topic:{make.TOPIC}") == [1, 3]


def test_only_what_was_recorded_since_is_judged_anew(still: Home) -> None:
    done = still.rasid("topics", "rejudge", "--since", "2026-11-18", "--json").json
    assert done["articles"] == 3
    later = still.rasid("topics", "rejudge", "--since", "1h", "--json").json
    assert (later["articles"], later["pages"]) == (0, 2)


@pytest.mark.parametrize("option", ["--since", "--fetch"])
@pytest.mark.parametrize("given", ["lately", "2999-01-01", "0d", ""])
def test_a_time_that_is_none_or_to_come_is_wrong_usage(still: Home, option: str, given: str) -> None:
    done = still.rasid("topics", "rejudge", option, given)
    assert done.exit_code == 2
    assert "2026-11-01" in done.err


def test_whoever_changes_the_rules_is_told_to_judge_anew(home: Home, archive_url: str) -> None:
    now, rules = datetime.now(UTC), load_rules()
    with Archive(archive_url) as archive:
        assert note_rules(archive, rules, now)  # nobody knows by which rules it was judged
        assert home.rasid("topics", "rejudge", "--topic", make.TOPIC, "--apply").exit_code == 0
        assert note_rules(archive, rules, now)  # that was not all
        assert home.rasid("topics", "rejudge", "--apply").exit_code == 0
        assert not note_rules(archive, rules, now)


def test_the_service_says_at_its_start_that_the_rules_are_others(
    home: Home, archive_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(database=Database(url=archive_url), crawl=Crawl(contact="https://example.org"))
    caplog.set_level("INFO")
    for expected in (1, 0):
        caplog.clear()
        stop = threading.Event()
        service = threading.Thread(target=serve, args=(settings, stop))
        service.start()
        until(lambda: any(each.startswith("started") for each in caplog.messages))
        stop.set()
        service.join()
        told = [each for each in caplog.messages if "rasid topics rejudge" in each]
        assert len(told) == expected
        with Archive(archive_url) as archive:
            archive.judging.has_rejudged(datetime.now(UTC))


def test_on_a_narrow_terminal_every_line_is_there(home: Home) -> None:
    loosen(home)
    command = f"stty cols 40; {RASID} topics rejudge"
    environment = {**os.environ, "COLUMNS": "40", "TERM": "xterm"}
    done = subprocess.run(
        ["script", "-qec", command, "/dev/null"],
        cwd=home.folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert f"\u2068{WEATHER.title}\u2069" in done.stdout
    assert "irrelevant → relevant" in done.stdout
    assert "\x1b" not in home.rasid("topics", "rejudge").out
