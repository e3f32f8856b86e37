"""`rasid export` and `rasid import` lose nothing, whatever breaks in between."""

import gzip
import json
import os
import pty
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from crawler.catalogue import load_sources
from crawler.rules import load_rules
from scheduler.dossiers import dossier_row
from scheduler.importing import Asked, import_file
from scheduler.reading_in import Means, names, read
from storage.archive import Archive
from storage.archive.numbers import Numbers
from storage.model import (
    Accepted,
    Article,
    Doubt,
    Mark,
    Placement,
    Quote,
    Relevance,
    Revisit,
    StoryPlan,
    Tie,
)
from storage.query import parse_query
from tests import factories as make
from tests.commands import RASID, Home
from tests.storage import rich

INDIA = timezone(timedelta(hours=5, minutes=30))
ODD = "نص \0 \ud800 😀 \u2028 \u202bעברית\u202c \u200fمراكش\u200f \x85\ttab \\ \" ' =1+1"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.configure("")
    return home


def home_at(folder: Path, url: str) -> Home:
    home = Home(folder)
    home.configure(f'[database]\nurl = "{url}"\n')
    return home


def write(home: Home, *rows: Any, name: str = "rows.jsonl") -> None:
    lines = [each if isinstance(each, str) else json.dumps(each) for each in rows]
    (home.folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def exported(home: Home, *query: str) -> list[dict[str, Any]]:
    """The rows of an export; a text may hold what `splitlines` takes for the end of a line."""
    return [json.loads(line) for line in home.rasid("export", *query).out.split("\n")[:-1]]


def row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A judged article that is of no story yet."""
    told = {
        "url": f"https://example.ma/news/{number}",
        "source": "example",
        "title": "Police",
        "text": "Tanger.",
    }
    judged = {"judgement": "relevant", "score": 0.9, "entities": [], "published": "2026-11-17T18:30:00+01:00"}
    return told | {"id": number, "language": "fr", "bands": []} | judged | changes


def means(database: str) -> Means:
    """What a reader of rows needs to know."""
    return Means(
        name="rows",
        now=make.NOW,
        topic=make.TOPIC,
        directory=None,
        topics=(),
        grouping=True,
        database=database,
    )


def judged(**changes: Any) -> dict[str, Any]:
    """A row with one judgement."""
    return row(judgements=[{"topic": "a", "relevance": "relevant", "score": 0.5} | changes])


def fill(archive: Archive) -> None:
    """Copies, merged stories, marks, revisions, snapshots, two topics and odd texts."""
    seen = 0

    def record(told: Article, *plans: StoryPlan, **changes: Any) -> None:
        nonlocal seen
        about = make.account(
            told,
            entities=("darmanin", "tangier"),
            bands=(-(2**63), 7, 2**63 - 1),
            cases=("hambli", "name:dmrgt"),
            reposts=True,
        )
        made = plans or (StoryPlan(story=None, members=(told.key,)),)
        placed = Placement(account=about, stories=made, why=(make.REASON,), seen=seen)
        said = changes.pop(
            "judgements", (make.judgement(), make.judgement(topic="other", score=1 / 3, matches=()))
        )
        page = make.page(told.key, kept=("pages.warc.gz", 2**33, 70), **changes)
        archive.record(page, Accepted(article=told, judgements=said, placement=placed))
        seen += 1

    record(make.article("example.ma/1", aliases=("example.ma/short", "example.ma/x")))
    copy = StoryPlan(
        story=1, members=("example.ma/1", "example.ma/2"), copies={"example.ma/1": "example.ma/2"}
    )
    record(make.article("example.ma/2", published=datetime(2026, 11, 17, 9, tzinfo=INDIA)), copy)
    record(
        make.article(
            "example.ma/3", published=None, modified=make.NOW, text="", subtitle=ODD, found_by={"title": "é"}
        )
    )
    merged = StoryPlan(story=1, members=("example.ma/1", "example.ma/2", "example.ma/3", "example.ma/4"))
    record(make.article("example.ma/4", title=ODD, text=ODD * 3, authors=(ODD, "", "Zoë")), merged)
    record(make.article("example.ma/5", text="كلمة " * 60_000, genre="live", rights=("noindex",)))
    quoted = make.judgement(
        quotes=(Quote(text="a", where="lead", start=0, end=1, score=0.1),), missing=("France",)
    )
    doubted = replace(quoted, doubts=(Doubt(kind="rival", left=0.3, text="b"),))
    record(
        make.article("example.ma/" + "é" * 900, url="https://example.ma/long"),
        judgements=(doubted,),
        backfilled=True,
    )
    later = make.page("example.ma/1", fetched=make.NOW + timedelta(hours=1), kept=("b.warc.gz", 0, 9))
    told = make.article("example.ma/1", title="آخر", modified=datetime(2026, 11, 18, tzinfo=INDIA))
    stays = StoryPlan(story=1, members=("example.ma/1", "example.ma/2", "example.ma/3", "example.ma/4"))
    placed = Placement(account=make.account(told, bands=(9,)), stories=(stays,), seen=seen)
    verdict = Accepted(article=told, judgements=(make.judgement(),), placement=placed)
    archive.revisions.revise(Revisit(article=1, link=make.link("example.ma/1")), later, verdict)
    for key, relevance in (
        ("example.ma/2", Relevance.IRRELEVANT),
        ("example.ma/short", Relevance.BORDERLINE),
    ):
        mark = Mark(topic=make.TOPIC, key=key, relevance=relevance, made=make.NOW, why="لأن")
        archive.judging.mark(mark)
    parted = Tie(one="example.ma/3", other="example.ma/5", together=False, made=make.NOW, why="two visits")
    plans = [
        StoryPlan(story=1, members=("example.ma/1", "example.ma/2", "example.ma/3", "example.ma/4")),
        StoryPlan(story=archive.article(5).story, members=("example.ma/5",)),
    ]
    around, _ = archive.ties.around([1])
    archive.ties.keep([parted], [], plans, around.seen)


def answers(archive: Archive, query: str) -> list[tuple[Any, ...]]:
    found = archive.search(parse_query(query, now=make.NOW), limit=100)
    return [(hit.found, hit.score, hit.snippet) for hit in found.hits]


def test_what_goes_out_and_in_again_is_the_same_to_the_byte(
    archive_url: str, empty_url: str, tmp_path: Path
) -> None:
    rules = load_rules()
    with Archive(archive_url) as archive:
        fill(archive)
        archive.load_catalogue(load_sources(), rules.topics, rules.names.entities.values())  # as import does
    one, two = home_at(tmp_path / "one", archive_url), home_at(tmp_path / "two", empty_url)
    assert one.rasid("export", "--out", "all.jsonl").exit_code == 0
    rows = (one.folder / "all.jsonl").read_bytes()
    done = two.rasid("import", str(one.folder / "all.jsonl"))
    assert (done.out, done.err) == ("6 read: 6 imported, 0 already there, 0 bad, 0 not relevant\n", "")
    assert two.rasid("export").out.encode() == rows
    with Archive(archive_url) as archive, Archive(empty_url) as other:
        for query in (
            "طنجة",
            "topic:other",
            "entity:darmanin",
            "verdict:borderline",
            "عبرية OR كلمة",
            "story:2",
        ):
            assert answers(other, query) == answers(archive, query), query
        assert answers(other, "طنجة")
        assert other.story(2) == archive.story(2)
        for number in range(1, 7):
            assert other.revisions.of(number) == archive.revisions.of(number)
            assert other.revisions.snapshots(number) == archive.revisions.snapshots(number)


def test_everything_is_in_a_row(archive_url: str, tmp_path: Path) -> None:
    with Archive(archive_url) as archive:
        fill(archive)
    one, two, *_, odd, _, _ = exported(home_at(tmp_path, archive_url))
    assert one["copy_of"] is None
    assert (one["story"], one["merged"], one["revised"]) == (1, [2], "2026-11-18T10:00:00+00:00")
    assert [each["topic"] for each in one["judgements"]] == [make.TOPIC]
    assert one["marks"][0]["key"] == "example.ma/1"
    assert [each["why"] for each in two["marks"]] == ["لأن"]
    assert [each["file"] for each in one["snapshots"]] == ["pages.warc.gz", "b.warc.gz"]
    assert [each["title"] for each in one["revisions"]] == [make.article().title]
    assert two["published"] == "2026-11-17T09:00:00+05:30"
    assert two["cases"] == ["hambli", "name:dmrgt"]
    assert two["placed"] == [{"kind": "same event", "other": "x", "why": "y", "between": []}]
    assert {each["component"] for each in (one, two)} == {1}
    assert two["bands"] == [-(2**63), 7, 2**63 - 1]
    assert odd["authors"][2] == "Zoë"


def test_an_import_that_is_killed_goes_on(archive_url: str, tmp_path: Path) -> None:
    home = home_at(tmp_path, archive_url)
    rows = [
        row(each, story=each // 2 + 1, copy_of=each + 1 if each % 9 == 0 else None) for each in range(1, 6001)
    ]
    rows = [each | {"story": each["copy_of"] // 2 + 1 if each["copy_of"] else each["story"]} for each in rows]
    write(home, *rows)
    running = home.start("import", "rows.jsonl")
    assert running.stderr
    with Archive(archive_url) as archive, running.stderr:
        began = monotonic()
        while archive.bulk.is_empty() and monotonic() - began < 60:
            sleep(0.02)
        running.kill()
        running.wait()
    home.rasid("export", "--out", "part.jsonl")
    part = len((home.folder / "part.jsonl").read_bytes().splitlines())
    assert 0 < part < 6000
    done = home.rasid("import", "rows.jsonl", "--json")
    assert done.json | {"imported": 6000 - part, "there": part, "read": 6000} == done.json
    told = exported(home)
    assert [(each["id"], each["story"], each["copy_of"]) for each in told] == [
        (each["id"], each["story"], each["copy_of"]) for each in rows
    ]
    with Archive(archive_url) as archive:
        assert archive.bulk.is_fast()


BAD: tuple[tuple[Any, str], ...] = (
    ('{"id": 1', "not JSON: Expecting"),
    ("[1]", "not an object"),
    (row(url="ftp://example.ma"), "url: not a web address (got 'ftp://example.ma')"),
    (row(url=7), "url: not a text (got 7)"),
    (row(published="yesterday"), "published: not an ISO 8601 date (got 'yesterday')"),
    (row(published="0001-01-01T00:00:00+10:00"), "published: not an ISO 8601 date"),
    (row(source=""), "source: missing"),
    (row(source="a\tb"), "source: holds a control character"),
    (row(title="", text=None), "title, text: neither is there"),
    (row(text="x" * 5_000_001), "text: longer than 5,000,000 characters"),
    (row(authors="Zoë"), "authors: not a list (got 'Zoë')"),
    (row(entities=[1]), "entities: not a text (got 1)"),
    (row(judgement="good"), "judgement: not one of relevant, borderline, irrelevant (got 'good')"),
    (row(score=2), "score: not a number from 0 to 1 (got 2)"),
    (row(judgements=[{"topic": "a"}]), "judgements: 0.relevance: missing"),
    (row(judgements=7), "judgements: not a list (got 7)"),
    (judged(topic=""), "judgements: 0.topic: missing"),
    (judged(relevance="good"), "judgements: 0.relevance: not one of 'relevant', 'borderline' or"),
    (judged(score=1.1), "judgements: 0.score: not a number from 0 to 1"),
    (judged(score=float("nan")), "not JSON: NaN is no number"),
    (judged(score="nan"), "judgements: 0.score: not a number"),
    (judged(matches=[{"side": 1}]), "judgements: 0.matches.0.side: not a text"),
    ('{"score": -1e999}', "not JSON: -1e999 is no number"),
    (row(url="https://[bad/"), "url: Invalid IPv6 URL (got 'https://[bad/')"),
    (row(marks=[{"topic": "", "relevance": "relevant"}]), "marks.topic: missing"),
    (row(revisions=[{"title": "a"}]), "revisions.replaced: missing"),
    (row(bands=[2**63]), "bands: not a whole number"),
    (row(backfilled="no"), "backfilled: not true or false (got 'no')"),
    (
        row(snapshots=[{"file": "../a", "offset": 0, "length": 1}]),
        "snapshots.file: not the name of a file",
    ),
    (row(revisions=[7]), "revisions: not an object"),
    (row(status="half"), "status: not one of full, "),
    (row(found_by={"a": 1}), "found_by: not an object of texts"),
)


def test_a_bad_line_is_named_and_the_others_are_in(home: Home) -> None:
    write(home, row(2), *(bad for bad, _ in BAD), "", row(3))
    done = home.rasid("import", "rows.jsonl")
    assert done.exit_code == 1
    said = done.err.splitlines()
    assert len(said) == len(BAD)
    for number, (line, (_, why)) in enumerate(zip(said, BAD, strict=True), 2):
        assert line.startswith(f"rows.jsonl:{number}: ")
        assert why in line
    read = f"{len(BAD) + 2} read: 2 imported, 0 already there, {len(BAD)} bad, 0 not relevant\n"
    assert done.out == read


def test_what_cannot_be_read_names_nothing() -> None:
    line = (1, json.dumps(row(url="https://[bad/", story=1)).encode())
    assert names([line], means("sqlite")) == []


def test_rows_are_judged_named_and_grouped_as_a_crawl_does(home: Home) -> None:
    text = "La police marocaine et la DGSI française ont arrêté à Tanger un homme recherché par Paris."
    told = {
        "source": "example",
        "language": "fr",
        "title": "Maroc-France : un suspect arrêté à Tanger",
        "text": text,
    }
    weather = told | {"title": "Météo", "text": "Il fera beau demain.", "url": "https://example.ma/3"}
    rows = [told | {"url": f"https://example.ma/{each}", "date": "2026-11-17"} for each in (1, 2)]
    write(home, *rows, weather, {"same_as": 1})
    done = home.rasid("import", "rows.jsonl")
    assert done.out == "4 read: 2 imported, 0 already there, 0 bad, 1 not relevant, 1 same as another\n"
    one, two = exported(home)
    assert (one["judgement"], one["story"], two["copy_of"]) == ("relevant", two["story"], one["id"])
    assert "tangier" in one["entities"] or one["entities"]
    assert one["published"] == "2026-11-17T12:00:00+00:00"
    assert one["backfilled"]
    alone = Home(home.folder / "alone")
    alone.configure("")
    write(alone, *rows)
    alone.rasid("import", "rows.jsonl", "--no-grouping")
    assert [each["story"] for each in exported(alone)] == [1, 2]


def test_a_key_is_that_of_the_url_where_a_row_has_none(home: Home) -> None:
    write(
        home, row(url="http://www.Example.ma/news/1?utm_source=x"), row(2, url="https://example.ma/news/1/")
    )
    assert "1 imported, 1 already there" in home.rasid("import", "rows.jsonl").out
    assert exported(home)[0]["key"] == "https://example.ma/news/1"


def test_standard_input_and_packed_files_are_read(home: Home) -> None:
    (home.folder / "rows.jsonl.gz").write_bytes(gzip.compress(json.dumps(row()).encode()))
    assert "1 imported" in home.rasid("import", "rows.jsonl.gz").out
    done = home.rasid("import", "-", stdin=f"{json.dumps(row(2))}\n{{")
    assert "1 imported" in done.out
    assert done.err.startswith("standard input:2: not JSON")


@pytest.mark.parametrize("name", ["none.jsonl", "torn.jsonl.gz"])
def test_a_file_that_cannot_be_read_is_named(home: Home, name: str) -> None:
    (home.folder / "torn.jsonl.gz").write_bytes(gzip.compress(json.dumps(row()).encode())[:-9])
    done = home.rasid("import", name)
    assert done.exit_code == 1
    assert done.err.startswith(f"rasid: {name}: ")
    assert done.err.count("\n") == 1


def test_a_query_chooses_what_goes_out(home: Home) -> None:
    write(home, row(1), row(2, source="elaph", title="Paris"), row(3, source="elaph"))
    home.rasid("import", "rows.jsonl")
    assert [each["id"] for each in exported(home, "source:elaph")] == [2, 3]
    done = home.rasid("export", "paris color:red")
    assert done.err == "not understood: color:red\n"


def test_a_file_is_there_whole_or_not_at_all(home: Home) -> None:
    write(home, row())
    home.rasid("import", "rows.jsonl")
    (home.folder / "all.csv").write_text("before")
    done = home.rasid("export", "--format", "csv", "--out", "all.csv")
    assert (done.exit_code, done.out) == (0, "")
    assert "Police" in (home.folder / "all.csv").read_text(encoding="utf-8-sig")
    assert home.rasid("export", "--out", "no/all.jsonl").err.startswith("rasid: no/all.jsonl: ")
    assert not [each for each in home.folder.iterdir() if each.name.endswith(".part")]


def test_a_pipe_gets_what_it_waits_for_and_a_link_stays_one(home: Home) -> None:
    write(home, row())
    home.rasid("import", "rows.jsonl")
    pipe, link = home.folder / "pipe", home.folder / "link"
    os.mkfifo(pipe)
    link.symlink_to("elsewhere")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(pipe.read_bytes)
        assert home.rasid("export", "--out", "pipe").exit_code == 0
        came = waiting.result(10) if pipe.is_fifo() else b""
    assert json.loads(came)["title"] == "Police"
    assert home.rasid("export", "--out", "link").exit_code == 0
    assert link.is_symlink()
    assert (home.folder / "elsewhere").read_bytes() == came


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_a_full_disk_is_told_in_a_line_and_a_broken_pipe_in_none(home: Home, form: str) -> None:
    write(home, row())
    home.rasid("import", "rows.jsonl")
    command = [str(RASID), "export", "--format", form]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=home.folder, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (1, b"rasid: standard output: No space left on device\n")
    end, begin = os.pipe()
    os.close(end)
    done = subprocess.run(command, cwd=home.folder, stdout=begin, stderr=subprocess.PIPE, check=False)
    os.close(begin)
    assert (done.returncode, done.stderr) == (1, b"")


def test_an_import_that_came_to_its_end_was_not_stopped(sqlite_url: str) -> None:
    file = BytesIO(json.dumps(row()).encode())
    with Archive(sqlite_url) as archive:
        asked = Asked(
            file=file,
            lines=1,
            means=means("sqlite"),
            complain=lambda line: pytest.fail(line),
            stopping=lambda: not archive.bulk.is_empty(),
        )
        outcome = import_file(archive, asked)
    assert (outcome.imported, outcome.stopped) == (1, False)


def test_an_archive_that_was_imported_knows_the_names(home: Home) -> None:
    write(home, row(1, title="دارمانان في الرباط"), row(2))
    assert home.rasid("import", "rows.jsonl").exit_code == 0
    found = home.rasid("search", "Darmanin", "--json").json
    assert "دارمانان في الرباط" in str(found)


def test_a_terminal_gets_no_parquet(home: Home) -> None:
    home.rasid("db", "upgrade")
    leader, follower = pty.openpty()
    command = [str(RASID), "export", "--format", "parquet"]
    done = subprocess.run(command, cwd=home.folder, stdout=follower, stderr=subprocess.PIPE, check=False)
    os.close(leader)
    os.close(follower)
    assert done.returncode == 2
    assert b"--out FILE" in done.stderr


def test_moments_of_a_digest_that_is_closed_stay_as_they_were(archive_url: str, tmp_path: Path) -> None:
    home = home_at(tmp_path, archive_url)
    with Archive(archive_url) as archive:
        archive.seal(make.NOW)
    early, late = ("2026-11-17T10:00:00+00:00", "2026-11-19T10:00:00+00:00")
    write(home, row(1, recorded=early, backfilled=False), row(2, recorded=late, backfilled=False), row(3))
    home.rasid("import", "rows.jsonl", "--no-grouping")
    told = exported(home)
    assert [each["backfilled"] for each in told] == [True, False, True]
    assert [each["recorded"] for each in told[:2]] == [early, late]
    assert datetime.fromisoformat(told[2]["recorded"]) > datetime(2026, 1, 1, tzinfo=UTC)


def test_an_import_may_be_killed_after_every_row(archive_url: str, empty_url: str) -> None:
    with Archive(archive_url) as archive, Archive(empty_url) as other:
        rich.fill(archive)
        rows = [dossier_row(each) for each in archive.bulk.matching()]
        assert any((each["copy_of"] or 0) > each["id"] for each in rows)
        lines = [(number, json.dumps(each).encode()) for number, each in enumerate(rows, 1)]
        other.create()
        asked = means(other.bulk.database)
        for end in range(1, len(lines) + 1):
            with closing(Numbers()) as numbers:
                other.bulk.note(names(lines, asked), numbers)
                other.bulk.take(read(lines[:end], asked).articles, numbers)
        assert [dossier_row(each) for each in other.bulk.matching()] == rows
