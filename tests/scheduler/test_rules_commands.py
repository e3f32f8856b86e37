"""rasid judge, group, examine, dates: files in, JSON Lines out."""

import gzip
import json
from pathlib import Path

import pytest

from tests.commands import Home

RELEVANT = {
    "id": "a",
    "lang": "fr",
    "date": "2026-11-17",
    "title": "Le ministre de l'Intérieur français à Rabat pour la lutte antiterroriste",
    "text": "Le ministre français de l'Intérieur Laurent Nuñez a rencontré mardi à Rabat son homologue "
    "marocain Abdelouafi Laftit. Tous deux ont décidé de renforcer la lutte commune contre le terrorisme.",
}
IRRELEVANT = {
    "id": "b",
    "lang": "fr",
    "title": "La récolte d'olives s'annonce bonne",
    "text": "Il a plu à Meknès.",
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_judge_answers_a_row_with_its_evidence(home: Home) -> None:
    done = home.rasid("judge", stdin=lines(RELEVANT, IRRELEVANT))
    assert done.exit_code == 0
    first, second = done.rows
    assert (first["id"], first["verdict"]) == ("a", "relevant")
    assert (second["id"], second["verdict"]) == ("b", "irrelevant")
    assert {match["side"] for match in first["evidence"]["matches"]}
    for match in first["evidence"]["matches"]:
        written = RELEVANT["title"] if match["where"] == "title" else RELEVANT["text"]
        assert written[match["start"] : match["end"]] == match["text"]
    assert second["evidence"]["missing"]


def test_judge_names_bad_lines_and_goes_on(home: Home) -> None:
    done = home.rasid("judge", stdin="{\n[1]\n" + lines({"id": "x", "title": 7}, RELEVANT))
    assert done.exit_code == 1
    assert [row["id"] for row in done.rows] == ["a"]
    assert "standard input:1: not JSON" in done.err
    assert "standard input:2: not an object" in done.err
    assert "x: title: not a text (got 7)" in done.err


def test_a_line_that_cannot_be_read_is_the_business_of_that_line(home: Home) -> None:
    deep = b'{"id":"deep","text":' + b"[" * 50_000
    early = lines({"id": "early", "published": "0001-01-01T00:00:00+14:00"}).encode()
    content = b"\xef\xbb\xbf" + lines(RELEVANT).encode() + b'{"id":"\xff"}\n' + deep + b"\n" + early
    (home.folder / "rows.jsonl").write_bytes(content)
    done = home.rasid("judge", "rows.jsonl")
    assert done.exit_code == 1
    assert [row["id"] for row in done.rows] == ["a"]
    assert [line.partition(": ")[0] for line in done.err.splitlines()] == [
        "rows.jsonl:2",
        "rows.jsonl:3",
        "early",
    ]


def test_judge_skips_a_row_that_is_the_same_as_another_and_says_so(home: Home) -> None:
    done = home.rasid("judge", stdin=lines(RELEVANT, {"id": "c", "same_as": "a"}))
    assert done.exit_code == 0
    assert len(done.rows) == 1
    assert "c is the same as a; skipped" in done.err


def test_an_unknown_topic_is_one_line(home: Home) -> None:
    done = home.rasid("judge", "--topic", "nothing", stdin="")
    assert done.exit_code == 1
    assert done.err.startswith("rasid: nothing: no such topic")
    assert len(done.err.splitlines()) == 1


def test_group_tells_copies_and_stories_whatever_the_order(home: Home) -> None:
    copy = {**RELEVANT, "id": "c", "title": "Nuñez reçu par Laftit", "date": "2026-11-18"}
    forth = home.rasid("group", stdin=lines(RELEVANT, IRRELEVANT, copy))
    back = home.rasid("group", stdin=lines(copy, IRRELEVANT, RELEVANT))
    assert forth.exit_code == 0
    found = {row["id"]: row for row in forth.rows}
    assert found["c"]["copy_of"] == "a"
    assert found["a"]["copy_of"] is None
    assert found["a"]["story"] == found["c"]["story"] != found["b"]["story"]
    (why,) = found["c"]["why"]
    assert (why["kind"], why["other"]) == ("copy", "a")
    assert [each["kind"] for key in "ab" for each in found[key]["why"]] == ["head", "alone"]
    assert found == {row["id"]: row for row in back.rows}


def test_dates_answers_a_line_for_each_line(home: Home) -> None:
    done = home.rasid("dates", stdin="25 غشت 2025\nno date\n22 مارس 2016 - 23:30 GMT\n")
    assert done.out == "2025-08-25\n\n2016-03-22T23:30:00+00:00\n"


def test_dates_reads_relative_forms_against_now(home: Home) -> None:
    done = home.rasid("dates", "--now", "2026-11-20T12:00:00+00:00", stdin="منذ 3 ساعات\n")
    assert done.out == "2026-11-20T09:00:00+00:00\n"


PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>
<meta property="article:published_time" content="2026-11-17T18:30:00+01:00"></head>
<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"""


def test_examine_shows_what_the_crawler_would_make_of_a_page(home: Home) -> None:
    (home.folder / "page.html").write_text(PAGE.format(**RELEVANT), encoding="utf-8")
    done = home.rasid("examine", "--url", "https://example.org/a", "page.html")
    assert done.exit_code == 0
    found = done.json
    assert found["title"] == RELEVANT["title"]
    assert found["published"] == "2026-11-17T18:30:00+01:00"
    assert found["verdict"] == "relevant"
    assert found["cheap_look"] == {"missing": []}
    assert found["ms"] > 0


def test_examine_takes_a_batch_of_packed_pages_and_goes_on_after_a_missing_one(home: Home) -> None:
    (home.folder / "pages").mkdir()
    packed = gzip.compress(PAGE.format(**RELEVANT).encode())
    (home.folder / "pages" / "a.html.gz").write_bytes(packed)
    rows = [
        {"id": "gone", "url": "https://example.org/g", "path": "pages/gone.html"},
        {"id": "a", "url": "https://example.org/a", "path": "pages/a.html.gz"},
    ]
    (home.folder / "batch.jsonl").write_text(lines(*rows), encoding="utf-8")
    done = home.rasid("examine", "--batch", "batch.jsonl")
    assert done.exit_code == 1
    assert [row["id"] for row in done.rows] == ["gone", "a"]
    assert done.rows[1]["verdict"] == "relevant"
    assert "gone.html: No such file or directory" in done.err


def test_examine_without_a_page_is_wrong_usage(home: Home) -> None:
    assert home.rasid("examine").exit_code == 2


def test_an_unknown_source_is_one_line(home: Home) -> None:
    (home.folder / "page.html").write_text("<p>x</p>", encoding="utf-8")
    done = home.rasid("examine", "--source", "nobody", "--url", "https://example.org", "page.html")
    assert done.exit_code == 1
    assert done.err == "rasid: nobody: no such source; see `rasid sources list`\n"
