"""`rasid stories`: what is told of an event, and what an analyst says of it for good."""

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.entities import Names
from crawler.rules import load_entities
from crawler.stories import account, neighbourhood, place
from crawler.stories.by_hand import Ruling, Said, join
from scheduler.ruling import rule
from storage.archive import Archive
from storage.model import Accepted, Neighbours
from tests.commands import Home, one_line
from tests.factories import NOW, article, judgement, page, source

NAMES = Names(load_entities())
VISIT = (
    "Le ministre français de l'Intérieur, Laurent Nuñez, a été reçu mardi à Rabat par son homologue "
    "Abdelouafi Laftit. Les deux hommes ont parlé des laissez-passer consulaires et de la Coupe du monde."
)
ARABIC = "استقبل وزير الداخلية عبد الوافي لفتيت، الثلاثاء بالرباط، نظيره الفرنسي لوران نونيز في زيارة عمل."
ARREST = "La police marocaine a arrêté mardi à {} {}, recherché par Paris, a-t-on appris de source sûre."
HANDOVER = "Le Maroc a extradé jeudi vers la France {}, recherché par Paris pour trafic de stupéfiants."


@pytest.fixture
def home(archive_url: str, tmp_path: Path) -> Home:
    """A visit told three times, one of them a copy, and two arrests, one of which goes on."""
    home = Home(tmp_path)
    home.configure(f'[database]\nurl = "{archive_url}"\n')
    with Archive(archive_url) as archive:
        archive.load_catalogue([source("map", weight=2.0), source("other")], [], load_entities())
        record(archive, "visit/1", VISIT, "Nuñez à Rabat", source="map")
        record(archive, "visit/2", f"{VISIT} Une réunion de suivi aura lieu en mai.", "Nuñez reçu", hours=2)
        record(archive, "visit/3", ARABIC, "لفتيت يستقبل نونيز", language="ar", source="third", hours=3)
        record(archive, "arrest/1", ARREST.format("Tanger", "Kévin Doumergat"), "Un fugitif arrêté à Tanger")
        record(archive, "arrest/2", ARREST.format("Agadir", "Loïc Barandel"), "Un fugitif arrêté à Agadir")
        record(archive, "arrest/3", HANDOVER.format("Kévin Doumergat"), "Extradé vers la France", hours=48)
    return home


@pytest.fixture
def other(tmp_path: Path, sqlite_template: Path) -> Home:
    """A home with an empty archive."""
    home = Home(tmp_path / "other")
    home.configure("")
    (home.folder / "rasid.db").write_bytes(sqlite_template.read_bytes())
    return home


def record(archive: Archive, key: str, text: str, title: str, *, hours: int = 0, **changes: Any) -> None:
    """An article as a crawl records it."""
    values = {"text": text, "title": title, "language": "fr", "source": "other"} | changes
    told = article(key, published=NOW + timedelta(hours=hours), **values)
    newcomer = account(told, NAMES)
    placed = place(newcomer, neighbourhood(archive)(newcomer))
    archive.record(page(key), Accepted(article=told, judgements=(judgement(),), placement=placed))


def stories(home: Home) -> list[list[str]]:
    """The articles of each story, by the paths of their URLs."""
    found = [
        [url_of(each) for each in story["articles"]] for story in home.rasid("stories", "list", "--json").json
    ]
    return sorted(sorted(each) for each in found)


def url_of(row: dict[str, Any]) -> str:
    return str(row["url"]).removeprefix("https://")


VISITED = ["visit/1", "visit/2", "visit/3"]


def test_a_story_is_shown_with_its_accounts_copies_and_reasons(home: Home) -> None:
    assert stories(home) == [["arrest/1"], ["arrest/2"], ["arrest/3"], VISITED]
    shown = home.rasid("stories", "show", "1").out
    assert "ar  \u2068لفتيت يستقبل نونيز\u2069" in shown
    assert "2 accounts, 1 copy in 3 outlets · fr ar" in shown
    assert "importance" in shown
    assert "own accounts 6.0, copies 0.5, languages 3.0" in shown
    assert "copy: other title, 8 words of its own" in shown
    assert "copy: 1: " in shown
    assert "head: a copy" in shown
    assert re.search("same event: [123]: both name laftit; both name nunez", shown)


def test_a_story_as_json_has_all_of_it(home: Home) -> None:
    story = home.rasid("stories", "show", "1", "--json").json
    assert story["headlines"] == {"fr": "Nuñez à Rabat", "ar": "لفتيت يستقبل نونيز"}
    assert (story["lead"], story["outlets"], story["languages"]) == (
        1,
        ["map", "other", "third"],
        ["fr", "ar"],
    )
    assert (story["first"], story["last"]) == ("2026-11-18T09:00:00+00:00", "2026-11-18T12:00:00+00:00")
    assert story["importance"]["points"]["languages"] == 3
    assert story["importance"]["weight"] == pytest.approx(sum(story["importance"]["points"].values()))
    _, copy, _ = story["articles"]
    assert copy["differs"] == {"title": True, "kept": 1.0, "added": 8, "moved": False, "replaced": []}
    (why,) = (each for each in copy["placed"] if each["kind"] == "copy")
    assert (why["other"], why["between"]) == ("visit/1", [])


def test_stages_of_a_case_are_related(home: Home) -> None:
    arrest, other, handover = (number_of(home, f"arrest/{each}") for each in (1, 2, 3))
    assert home.rasid("stories", "show", str(arrest), "--json").json["related"] == [handover]
    assert home.rasid("stories", "show", str(handover), "--json").json["related"] == [arrest]
    assert home.rasid("stories", "show", str(other), "--json").json["related"] == []
    assert (
        f"related {handover}  2026-11-20 09:00  \u2068Extradé vers la France\u2069"
        in home.rasid("stories", "show", str(arrest)).out
    )


def number_of(home: Home, path: str) -> int:
    listed = home.rasid("stories", "list", "--json").json
    return next(int(each["id"]) for each in listed if path in map(url_of, each["articles"]))


def test_what_is_joined_stays_joined_and_takes_what_fits_one_of_it(home: Home, archive_url: str) -> None:
    one, other = number_of(home, "arrest/1"), number_of(home, "arrest/2")
    joined = home.rasid("stories", "join", str(one), str(other), "--why", "one operation")
    assert joined.out.startswith(f"story {one}  ")
    assert "2 accounts in 1 outlet" in joined.out
    assert home.rasid("stories", "show", str(other), "--json").json["id"] == one
    with Archive(archive_url) as archive:
        text = ARREST.format("Agadir", "Loïc Barandel") + " Il sera présenté au parquet."
        record(archive, "arrest/4", text, "Agadir : un fugitif arrêté", source="map", hours=1)
    assert ["arrest/1", "arrest/2", "arrest/4"] in stories(home)
    said = home.rasid("stories", "show", str(one)).out
    assert said.count("UTC: joined: one operation") == 1


def test_what_is_split_stays_split_though_it_is_a_copy(home: Home, archive_url: str) -> None:
    done = home.rasid("stories", "split", "1", "2", "--why", "another visit", "--json").json
    assert [[url_of(each) for each in story["articles"]] for story in done] == [
        ["visit/1", "visit/3"],
        ["visit/2"],
    ]
    assert done[0]["id"] == 1
    with Archive(archive_url) as archive:
        record(archive, "visit/4", VISIT, "Nuñez au Maroc", source="fourth", hours=4)
    assert ["visit/1", "visit/3", "visit/4"] in stories(home)
    assert ["visit/2"] in stories(home)


def test_what_stays_keeps_the_number_of_the_story(home: Home) -> None:
    home.rasid("stories", "split", "1", "1")
    assert number_of(home, "visit/2") == number_of(home, "visit/3") == 1
    one, other = number_of(home, "arrest/1"), number_of(home, "arrest/2")
    home.rasid("stories", "join", str(one), str(other))
    home.rasid("stories", "split", str(one), "4")
    assert number_of(home, "arrest/2") == one


def test_two_who_join_at_once_are_both_heard(home: Home) -> None:
    numbers = [str(number_of(home, f"arrest/{each}")) for each in (1, 2, 3)]
    with ThreadPoolExecutor(2) as analysts:
        pairs = (numbers[:2], numbers[1:])
        done = list(analysts.map(lambda pair: home.rasid("stories", "join", *pair), pairs))
    assert [each.exit_code for each in done] == [0, 0]
    assert ["arrest/1", "arrest/2", "arrest/3"] in stories(home)


def test_what_was_said_elsewhere_is_taken_in_of_articles_that_are_here(home: Home, other: Home) -> None:
    assert other.rasid("import", "-", stdin=home.rasid("export").out).exit_code == 0
    home.rasid("stories", "split", "1", "2", "--why", "another visit")
    assert other.rasid("import", "-", stdin=home.rasid("export").out).exit_code == 0
    with Archive(f"sqlite:///{other.folder / 'rasid.db'}") as archive:
        record(archive, "visit/4", VISIT, "Nuñez au Maroc", source="fourth", hours=4)
    assert ["visit/1", "visit/3", "visit/4"] in stories(other)
    assert ["visit/2"] in stories(other)


def test_what_was_said_of_an_article_holds_when_it_comes(home: Home, other: Home) -> None:
    home.rasid("stories", "split", "1", "2")
    rows = home.rasid("export").out.splitlines()
    first, second, *_ = (json.dumps({**json.loads(row), "story": None}) for row in rows)
    for row in (second, first):
        assert other.rasid("import", "-", stdin=row).exit_code == 0
    assert stories(other) == [["visit/1"], ["visit/2"]]


def test_what_is_imported_says_why_it_is_where_it_is(home: Home, other: Home) -> None:
    rows = (json.loads(row) for row in home.rasid("export").out.splitlines())
    bare = "\n".join(json.dumps({**row, "story": None, "placed": []}) for row in rows)
    assert other.rasid("import", "-", stdin=bare).exit_code == 0
    assert re.search("same event: [12]: ", other.rasid("stories", "show", "1").out)


def test_why_an_account_is_in_its_story_is_said_of_the_first_one_too(home: Home) -> None:
    first, *_ = home.rasid("stories", "show", "1", "--json").json["articles"]
    assert first["placed"][0] == {"kind": "head", "other": "", "why": "a copy", "between": []}


def test_what_is_released_is_as_the_rules_have_it(home: Home) -> None:
    home.rasid("stories", "split", "1", "2")
    one, other = number_of(home, "arrest/1"), number_of(home, "arrest/2")
    home.rasid("stories", "join", str(one), str(other))
    assert stories(home) == [["arrest/1", "arrest/2"], ["arrest/3"], ["visit/1", "visit/3"], ["visit/2"]]
    for each in (1, one):
        assert home.rasid("stories", "release", str(each)).exit_code == 0
    assert stories(home) == [["arrest/1"], ["arrest/2"], ["arrest/3"], VISITED]


def test_the_later_word_holds(home: Home) -> None:
    one, other = number_of(home, "arrest/1"), number_of(home, "arrest/2")
    home.rasid("stories", "join", str(one), str(other))
    home.rasid("stories", "split", str(one), "5")
    assert ["arrest/1"] in stories(home)
    home.rasid("stories", "join", str(number_of(home, "arrest/1")), str(number_of(home, "arrest/2")))
    assert ["arrest/1", "arrest/2"] in stories(home)


def test_an_archive_of_older_rules_is_grouped_again(home: Home, other: Home) -> None:
    rows = [json.loads(row) for row in home.rasid("export").out.splitlines()]
    bare: dict[str, Any] = {
        "cases": [],
        "entities": [],
        "bands": [],
        "component": None,
        "placed": [],
        "copy_of": None,
    }
    apart = "\n".join(json.dumps(row | bare | {"story": row["id"]}) for row in rows)
    assert other.rasid("import", "-", stdin=apart).exit_code == 0
    assert len(stories(other)) == 6
    assert other.rasid("stories", "again", "--json").json == {"articles": 6, "moved": 2}
    assert stories(other) == stories(home)
    arrest, handover = number_of(other, "arrest/1"), number_of(other, "arrest/3")
    assert other.rasid("stories", "show", str(arrest), "--json").json["related"] == [handover]
    assert "same event: visit/" not in (shown := other.rasid("stories", "show", "1").out)
    assert re.search("same event: [12]: both name laftit", shown)
    assert re.search("names لوران نونيز, الرباط", home.rasid("stories", "show", "1").out)
    assert other.rasid("stories", "again").out == "6 articles placed anew; 0 are in another story now\n"
    assert other.rasid("db", "check").exit_code == 0


def test_grouping_again_leaves_what_was_said_by_hand(home: Home) -> None:
    home.rasid("stories", "split", "1", "2")
    assert home.rasid("stories", "again", "--since", "3650d").exit_code == 0
    assert ["visit/1", "visit/3"] in stories(home)
    assert "other event: 1: split by hand" in home.rasid("show", "2").out
    assert "split, 2 is of another event" in home.rasid("stories", "show", "1").out


def test_what_an_older_version_said_in_words_is_shown_as_it_is(home: Home, other: Home) -> None:
    rows = (json.loads(row) for row in home.rasid("export").out.splitlines())
    older = "\n".join(json.dumps(row | {"placed": ["same event: x: both name y"]}) for row in rows)
    assert other.rasid("import", "-", stdin=older).exit_code == 0
    assert "placed: same event: x: both name y\n" in other.rasid("show", "1").out
    assert "same event: x: both name y\n" in other.rasid("stories", "show", "1").out


def test_a_reason_that_is_none_is_refused(other: Home) -> None:
    row = {"url": "https://example.ma/1", "source": "a", "title": "b", "placed": [{"kind": 1}]}
    assert "placed: 0.kind: not a text" in other.rasid("import", "-", stdin=json.dumps(row)).err


def test_a_story_that_is_joined_to_another_meanwhile_is_told_as_it_is_then(
    home: Home, archive_url: str
) -> None:
    """Between naming the stories and deciding a crawl may bring another account."""
    one, two = number_of(home, "arrest/1"), number_of(home, "arrest/2")
    said = Said(now=NOW)
    with Archive(archive_url) as archive:

        def decide(held: Neighbours, numbers: Sequence[int]) -> Ruling:
            if all(each.article.key != "arrest/4" for each in held.accounts):
                text = ARREST.format("Agadir", "Loïc Barandel") + " Il sera présenté au parquet."
                record(archive, "arrest/4", text, "Agadir : un fugitif arrêté", hours=1)
            return join(held, numbers, said)

        assert rule(archive, [one, two], decide) == (one,)
    assert ["arrest/1", "arrest/2", "arrest/4"] in stories(home)


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        pytest.param(("join", "1"), "name two stories or more", id="one story"),
        pytest.param(("join", "1", "999"), "story 999: the archive has none of that id", id="no such story"),
        pytest.param(("split", "1", "5"), "arrest/2: is not of story 1", id="another story's article"),
        pytest.param(("split", "1", "1", "2", "3"), "some of its articles, not all", id="all articles"),
        pytest.param(("release", "999"), "story 999", id="release no story"),
    ],
)
def test_what_cannot_be_is_one_line(home: Home, arguments: tuple[str, ...], remedy: str) -> None:
    one_line(home.rasid("stories", *arguments), remedy)


def test_by_hand_survives_export_and_import(home: Home, other: Home) -> None:
    home.rasid("stories", "split", "1", "2", "--why", "another visit")
    rows = home.rasid("export").out
    assert other.rasid("import", "-", stdin=rows).exit_code == 0
    assert stories(other) == stories(home)
    for each in ("1", str(number_of(home, "visit/2")), str(number_of(home, "arrest/1"))):
        mine, theirs = (one.rasid("stories", "show", each, "--json").json for one in (home, other))
        del mine["importance"], theirs["importance"]
        assert mine == theirs
