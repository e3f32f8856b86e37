"""`rasid topics check` and `[catalogue] topics`, as an analyst meets them."""

from pathlib import Path

import pytest

from tests.commands import Home

TOPIC = """
labels = { en = "Boats" }
[[sides]]
id = "spain"
country = "ES"
labels = { en = "Spain" }
kinds = { place = 1.0 }
[[sides]]
id = "boats"
labels = { en = "Boats" }
entities = { frontex = 0.5 }
[[sides.words]]
why = "boats"
es = ["patera", "el"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path)
    found.configure('[catalogue]\ndirectory = "mine"\n')
    (tmp_path / "mine" / "topics").mkdir(parents=True)
    (tmp_path / "mine" / "topics" / "boats.toml").write_text(TOPIC, encoding="utf-8")
    return found


def test_a_good_file_is_told_with_its_warnings(home: Home) -> None:
    done = home.rasid("topics", "check", "mine/topics/boats.toml")
    assert done.exit_code == 0
    assert done.out.startswith("topic boats: Boats\nside spain: names of ES (")
    assert done.out.endswith("mine/topics/boats.toml: no mistakes, 1 warning\n")
    assert done.err == (
        "warning: mine/topics/boats.toml: sides.boats.words.“boats”.es: "
        "'el' may be many things; set exact = true\n"
    )


def test_a_bad_file_is_a_line_for_each_mistake(home: Home) -> None:
    bad = TOPIC.replace("0.5", "5").replace('"ES"', '"SP"').replace("frontex", "frontier")
    (home.folder / "bad.toml").write_text(bad, encoding="utf-8")
    done = home.rasid("topics", "check", "bad.toml")
    assert done.exit_code == 1
    told = [line.split(": ")[1] for line in done.err.splitlines() if not line.startswith("warning")]
    assert told == ["sides.spain.country", "sides.boats.entities.frontier", "sides.boats.entities"]


def test_the_topics_in_use_are_those_of_the_settings(home: Home) -> None:
    def in_use() -> list[str]:
        return [each["id"] for each in home.rasid("topics", "list", "--json").json]

    assert in_use() == ["boats", "morocco-france-security"]
    home.configure('[catalogue]\ndirectory = "mine"\ntopics = ["boats", "spain-morocco-migration"]\n')
    assert in_use() == ["boats", "spain-morocco-migration"]
    assert home.rasid("topics", "check").out.startswith("2 topics and ")
    home.configure('[catalogue]\ntopics = ["boots"]\n')
    done = home.rasid("topics", "check")
    assert (done.exit_code, done.err.partition(";")[0]) == (
        1,
        "rasid: [catalogue] topics: boots: no such topic",
    )


def test_a_digest_of_a_topic_that_is_not_there_names_the_key(home: Home) -> None:
    home.configure('[catalogue]\ndirectory = "mine"\n[digest]\ntopic = "nope"\n')
    (home.folder / "rows.jsonl").write_text("", encoding="utf-8")
    done = home.rasid("judge", "rows.jsonl")
    assert (done.exit_code, done.err.partition(";")[0]) == (
        1,
        "rasid: rasid.toml: [digest] topic: nope: no such topic",
    )
