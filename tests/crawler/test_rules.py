"""Rule files: what ships is sound, what is wrong is one line."""

from pathlib import Path

import pytest

from crawler.rules import load_entities, load_rules, load_topic, load_topics
from storage.errors import CatalogueError

SIDE = '[[sides]]\nid = "spain"\ncountry = "ES"\nlabels = { en = "Spain" }\nkinds = { place = 1.0 }\n'
TOPIC = f'labels = {{ en = "Test" }}\n{SIDE}'


def write(directory: Path, name: str, content: str) -> Path:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def test_at_least_two_hundred_names_ship_each_labelled_in_three_languages() -> None:
    entities = load_entities()
    assert len(entities) >= 200
    assert [each.id for each in entities if not {"ar", "fr", "en"} <= set(each.labels)] == []
    assert [each.id for each in entities if not set(each.labels.values()) <= set(each.names)] == []


def test_every_office_that_a_person_held_is_a_name_and_ends_after_it_began() -> None:
    entities = {each.id: each for each in load_entities()}
    tenures = [tenure for each in entities.values() for tenure in each.tenures]
    assert {tenure.office for tenure in tenures} <= set(entities)
    assert all(each.since <= each.until for each in tenures if each.since and each.until)


def test_the_shipped_topic_has_a_state_on_each_side_and_a_matter() -> None:
    (topic,) = [each for each in load_topics() if each.id == "morocco-france-security"]
    assert [side.country for side in topic.sides] == ["FR", "MA", ""]


def test_a_users_file_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, "topics/morocco-france-security.toml", TOPIC)
    assert [side.id for side in load_topics(tmp_path)[0].sides] == ["spain"]


def test_a_disabled_topic_is_not_in_use(tmp_path: Path) -> None:
    write(tmp_path, "topics/morocco-france-security.toml", "enabled = false\n" + TOPIC)
    assert load_rules(tmp_path).topics == ()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("labels = ", "not valid TOML"),
        ('labels = { en = "x" }', "sides: a topic needs at least one"),
        (
            TOPIC + 'rivals = ["DZ"]',
            "sides.spain.rivals: no such key here; it is of the whole file: write it above",
        ),
        (TOPIC + "weigth = 1\n", "sides.spain.weigth: no such key here; see docs/topics.md"),
        (
            TOPIC + '[[sides.words]]\nwhy = "x"\nfr = ["y"]\nwieght = 1\n',
            "sides.spain.words.“x”.wieght: no such key here; write weight",
        ),
        (
            TOPIC + '[[sides.words]]\nwhy = "x"\nfr = "y"\n',
            "fr: a text where a list belongs: write a list in [ ]",
        ),
        (TOPIC + '[[sides.words]]\nfr = ["y"]\n', "why: is missing: say why the rule is there"),
        (
            TOPIC + '[[sides.words]]\nwhy = "x"\nweight = 3\n',
            "sides.spain.words.“x”.weight: must be between 0 and 1",
        ),
        (TOPIC + "[thresholds]\nrelevant = 0.2\nborderline = 0.5\n", "must not exceed relevant"),
        (TOPIC + '[[duals]]\nwhy = "x"\nall = []\nside = "here"\n', "duals.“x”.side: must be one of spain"),
    ],
)
def test_a_bad_topic_is_one_line_with_file_key_and_value(
    tmp_path: Path, content: str, complaint: str
) -> None:
    path = write(tmp_path, "topics/wrong.toml", content)
    with pytest.raises(CatalogueError) as error:
        load_topic(path)
    assert str(error.value).startswith(f"{path}: ")
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("newcomer = 3", "newcomer: not a table; write [newcomer] and its keys below (got 3)"),
        (
            '[newcomer]\nkind = "person"\ncountry = "MA"',
            "newcomer.labels: is missing: write its name for people",
        ),
        ('[newcomer]\nkind = "hero"\ncountry = "MA"\nlabels = {}', "newcomer.kind: must be one of person"),
        (
            '[laftit]\nkind = "person"\ncountry = "MA"\nlabels = { en = "Laftit" }',
            "laftit: another names file has this id",
        ),
        (
            '[newcomer]\nkind = "person"\ncountry = "MA"\nlabels = {}\nspelling = []',
            "newcomer.spelling: no such",
        ),
    ],
)
def test_a_bad_names_file_is_one_line_with_file_key_and_value(
    tmp_path: Path, content: str, complaint: str
) -> None:
    path = write(tmp_path, "entities/zz.toml", content)
    with pytest.raises(CatalogueError) as error:
        load_entities(tmp_path)
    assert f"{path}: " in str(error.value)
    assert complaint in str(error.value)


def test_a_topic_that_names_nobody_known_is_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "topics/other.toml",
        TOPIC + '[[duals]]\nwhy = "x"\nall = [["nobody"], ["laftit"]]\nside = "spain"\n',
    )
    with pytest.raises(CatalogueError, match="no names file has 'nobody'") as error:
        load_rules(tmp_path)
    assert str(path) in str(error.value)
