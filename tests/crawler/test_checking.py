"""Checking rule files: every mistake an analyst makes is one line, and what is legal but odd another."""

from pathlib import Path

import pytest

from crawler.checking.files import check_file
from crawler.rules import load_entities, load_topic
from storage.errors import CatalogueError

TOPIC = """
labels = { en = "Test" }
[[sides]]
id = "spain"
country = "ES"
labels = { en = "Spain" }
kinds = { place = 1.0, adjective = 0.8 }
[[sides]]
id = "matter"
labels = { en = "A matter" }
"""
WORDS = '[[sides.words]]\nwhy = "boats"\n'
GUESTS = '[[sides.words]]\nwhy = "guests"\nrole = "guest"\nen = ["guest"]\n'
MATTER = TOPIC + WORDS + 'fr = ["patera"]\n'
ROLE = MATTER.replace('[[sides]]\nid = "matter"', f'{GUESTS}[[sides]]\nid = "matter"')


def write(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (MATTER.replace('{ en = "Test" }', "{}"), "labels: no name for people"),
        (MATTER.replace('{ en = "Test" }', '{ de = "Test" }'), "labels.de: must be one of ar, fr, en, es"),
        (
            MATTER.replace('"ES"', '"SP"'),
            "sides.spain.country: no code of a country (ISO 3166); write two cap",
        ),
        (
            MATTER.replace('id = "matter"', 'id = "spain"'),
            "sides.spain.id: two sides have this id; rename one",
        ),
        (
            MATTER.replace('id = "matter"', 'id = "other"'),
            "sides.other.id: write a word of your own, such as sp",
        ),
        (MATTER.replace("place = 1.0", "city = 1.0"), "sides.spain.kinds: must be one of person, office"),
        (MATTER.replace("0.8", "1.8"), "sides.spain.kinds.adjective: must be between 0 and 1 (got 1.8)"),
        (MATTER.replace("0.8", "nan"), "sides.spain.kinds.adjective: must be between 0 and 1 (got nan)"),
        (MATTER.replace("0.8", '"much"'), "sides.spain.kinds.adjective: Input should be a valid number"),
        (TOPIC, "sides.matter: nothing can fill this side; give it words, kinds or entities"),
        (
            MATTER + 'es = ["... patera"]',
            "sides.matter.words.“boats”.es: ... stands between words; take it off",
        ),
        (
            MATTER + 'es = ["{bote|patera"]',
            "sides.matter.words.“boats”.es: write {one|other} with both braces",
        ),
        (
            MATTER + 'es = ["<XX place>"]',
            "sides.matter.words.“boats”.es: write a country and one of person, offi",
        ),
        (
            MATTER + 'es = ["<es place>"]',
            "sides.matter.words.“boats”.es: write a country and a kind such as <ES",
        ),
        (
            TOPIC + "kinds = { adjective = 1.0 }",
            "sides.matter.kinds: adjectives are of a country; give country",
        ),
        (
            ROLE,
            "sides.spain.words.“guests”.role: must be one of nationality, origin, source",
        ),
        (MATTER + 'role = "origin"', "sides.matter.words.“boats”.role: a role is of a state: give the side"),
        (
            MATTER + 'es = ["*"]',
            "sides.matter.words.“boats”.es: no letters in '*'; write a word or take it out",
        ),
        (MATTER + 'es = ["—"]', "sides.matter.words.“boats”.es: no letters in '—'"),
        (
            MATTER + '[[contexts]]\nwhy = "idle"\nes = ["sol"]',
            "contexts.“idle”.weight: a context that takes nothing",
        ),
        (
            MATTER + '[[others]]\nwhy = "sun"\nrole = "origin"\nes = ["sol"]',
            "others.“sun”.role: words of other",
        ),
        (MATTER + "[thresholds]\nrelevant = 1.2", "thresholds.relevant: must be between 0 and 1 (got 1.2)"),
        (MATTER + "[proximity]\nlead = 2", "proximity.lead: must be between 0 and 1 (got 2.0)"),
        (MATTER + "[doubts]\nrival = -0.1", "doubts.rival: must be between 0 and 1 (got -0.1)"),
        ('rivals = ["EU"]\n' + MATTER, "rivals.0: no code of a country (ISO 3166) such as DZ (got 'EU')"),
        ('rivals = ["DZ", "ES"]\n' + MATTER, "rivals.1: is the side spain; take it out (got 'ES')"),
        ('asides = ["..."]\n' + MATTER, "asides.0: no letters in '...'"),
        (
            MATTER + '[[duals]]\nwhy = "two"\nside = "matter"\nall = [["ES service"]]',
            "duals.“two”.all: give at least two lists of names, none empty (got [['ES service']])",
        ),
        (
            MATTER + '[[duals]]\nwhy = "two"\nside = "matter"\nall = [["ES service"], []]',
            "duals.“two”.all: give at least two lists of names, none empty",
        ),
        (MATTER.replace('id = "matter"\n', ""), "sides.1.id: Field required"),
        (
            "labels = 3\n" + MATTER.replace('labels = { en = "Test" }\n', ""),
            "labels: Input should be a valid",
        ),
        (MATTER + "es = ]", "not valid TOML: Invalid value (at line 14, column 6)"),
        (MATTER + "es = [", "not valid TOML: Invalid value (at end of document); a bracket or quote is"),
    ],
)
def test_a_mistake_in_a_topic_is_one_line_with_file_key_value_and_remedy(
    tmp_path: Path, content: str, complaint: str
) -> None:
    path = write(tmp_path / "wrong.toml", content)
    with pytest.raises(CatalogueError) as error:
        load_topic(path)
    assert str(error.value).startswith(f"{path}: {complaint}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('country = "SP"', "somebody.country: no code of a country (ISO 3166)"),
        (
            'near = ["minister"]',
            "somebody.near: they make the names of weak certain; give weak, or take near out",
        ),
        ('names = ["…"]', "somebody.names: no letters in '…'"),
        (
            'tenures = [{ office = "es-interior-minister", since = 2020-05-01, until = 2019-05-01 }]',
            "somebody.tenures.0.until: ends before it begins, 2020-05-01; swap them (got 2019-05-01)",
        ),
        ('tenures = [{ office = "es-king" }]', "somebody.tenures.0.office: no names file has 'es-king'"),
        ('tenures = [{ office = "es-king", since = 2020 }]', "somebody.tenures.0.since: "),
    ],
)
def test_a_mistake_in_a_name_is_one_line_with_file_key_value_and_remedy(
    tmp_path: Path, content: str, complaint: str
) -> None:
    path = write(
        tmp_path / "entities" / "mine.toml",
        f'[somebody]\nkind = "person"\nlabels = {{ en = "Somebody" }}\n{content}\n'
        + ('country = "ES"\n' if "country" not in content else ""),
    )
    with pytest.raises(CatalogueError) as error:
        load_entities(tmp_path)
    assert str(error.value).startswith(f"{path}: {complaint}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda path: path.mkdir(), "a folder; name a .toml file in it"),
        (lambda _: None, "No such file"),
        (
            lambda path: path.write_bytes('a = 1\nlabels = "é"'.encode("latin-1")),
            "line 2 is not UTF-8; save the",
        ),
        (lambda path: path.write_text("a = 1\nb = \n"), "not valid TOML: Invalid value (at line 2"),
    ],
)
def test_what_is_no_readable_file_is_one_line(tmp_path: Path, make: object, complaint: str) -> None:
    path = tmp_path / "topic.toml"
    assert callable(make)
    make(path)
    with pytest.raises(CatalogueError) as error:
        load_topic(path)
    assert str(error.value).startswith(f"{path}: {complaint}")


def test_checking_a_file_tells_every_mistake_also_in_names_it_refers_to(tmp_path: Path) -> None:
    duals = '[[duals]]\nwhy = "two"\nside = "here"\nall = [["nobody"], ["XX service", "ES hero"]]\n'
    path = write(tmp_path / "wrong.toml", MATTER + duals + "[thresholds]\nrelevant = 7\n")
    told = check_file(path).mistakes
    assert [line.removeprefix(f"{path}: ").split(":")[0] for line in told] == [
        "thresholds.relevant",
        "duals.“two”.side",
        *["duals.“two”.all"] * 3,
    ]
    assert "no names file has 'nobody'; add it to one in entities/" in told[2]
    assert "'XX' is no country code" in told[3]
    assert "'hero' is no kind" in told[4]


def test_what_is_legal_but_suspicious_is_told_apart(tmp_path: Path) -> None:
    words = 'es = ["ex*", "el", "Marocain de * ans"]\nar = ["بن"]\nen = []\n[[others]]\nwhy = "sun"\n'
    path = write(tmp_path / "odd.toml", 'rivals = ["AQ"]\n' + MATTER + words)
    checked = check_file(path)
    assert checked.mistakes == ()
    assert [line.removeprefix(f"{path}: ") for line in checked.warnings] == [
        "others.“sun”: no words in ar, fr, en, es: it does nothing",
        "sides.matter.words.“boats”.ar: 'بن' may be many things; write a longer phrase",
        "sides.matter.words.“boats”.es: 'ex*' stands for very many words; write 4 letters",
        "sides.matter.words.“boats”.es: 'el' may be many things; set exact = true",
        "sides.matter.words.“boats”.es: 'Marocain de * ans': a * counts at the end of a word only",
        "rivals.0: no names file has a name of AQ: it is never seen",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            '[[sides.words]]\nwhy = "ships"\nweight = 0.5\nfr = ["{Pátera|buque}"]\n',
            "sides.matter.words.“ships”.fr: 'Pátera' twice: “boats” has it with 1.0; keep one (got 0.5)",
        ),
        (
            '[[contexts]]\nwhy = "dishes"\nweight = 0\nfr = ["patera"]\n',
            "sides.matter.words.“boats”.fr: 'patera' never counts: it is in the context “dishes”; "
            "take it out of one",
        ),
    ],
)
def test_words_that_change_nothing_are_told(tmp_path: Path, content: str, told: str) -> None:
    path = write(tmp_path / "idle.toml", MATTER + content)
    checked = check_file(path)
    assert checked.mistakes == ()
    assert checked.warnings == (f"{path}: {told}",)


def test_the_same_word_in_two_languages_is_two_words(tmp_path: Path) -> None:
    ships = '[[sides.words]]\nwhy = "ships"\nweight = 0.5\nes = ["patera"]\n'
    dishes = '[[contexts]]\nwhy = "dishes"\nweight = 0\nen = ["patera"]\n'
    assert check_file(write(tmp_path / "two.toml", MATTER + ships + dishes)).warnings == ()


def test_checking_a_file_tells_what_was_understood(tmp_path: Path) -> None:
    path = write(tmp_path / "boats.toml", "enabled = false\n" + MATTER)
    told = check_file(path).contents
    assert told[0] == "topic boats (disabled): Test"
    assert told[1].startswith("side spain: names of ES (")
    assert told[2] == "side matter: 1 groups of words (fr 1)"


def test_a_names_file_is_checked_with_the_others(tmp_path: Path) -> None:
    content = (
        '[laftit]\nkind = "person"\ncountry = "MA"\nlabels = { en = "x" }\ntenures = [{ office = "none" }]\n'
    )
    path = write(tmp_path / "entities" / "mine.toml", content)
    checked = check_file(path)
    assert checked.contents == ("1 names with 1 spellings: 1 person",)
    assert checked.mistakes == (
        f"{path}: laftit: another names file has this id",
        f"{path}: laftit.tenures.0.office: no names file has 'none'; add the office or mend the id",
    )


@pytest.mark.parametrize("folder", ["topics", "entities"])
def test_no_shipped_file_has_a_mistake(folder: str) -> None:
    shipped = Path(load_topic.__code__.co_filename).parent / folder
    assert [line for path in sorted(shipped.glob("*.toml")) for line in check_file(path).mistakes] == []
