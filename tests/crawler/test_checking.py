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
        (MATTER.replace("0.8", '"much"'), "sides.spain.kinds.adjective: write a number such as 0.6"),
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
        (MATTER.replace('id = "matter"\n', ""), "sides.1.id: is missing: write a word of your own"),
        (
            "labels = 3\n" + MATTER.replace('labels = { en = "Test" }\n', ""),
            "labels: write a table in braces, such as { en =",
        ),
        (MATTER + "es = ]", "not valid TOML: Invalid value (at line 14, column 6); in: es = ]"),
        (
            MATTER + "es = [“patera”]",
            "not valid TOML: Invalid value (at line 14, column 7); “ is no quote of TOML, write",
        ),
        (
            MATTER + 'es\u00a0= ["patera"]',
            "not valid TOML: Expected '=' after a key in a key/value pair (at line 14, column 3); U+00A0",
        ),
        ('asides = "lire"\n' + MATTER, "asides: a text where a list belongs: write a list in [ ], such as ["),
        ("asides = 3\n" + MATTER, "asides: write a list in [ ] (got 3)"),
        ('enabled = "false"\n' + MATTER, "enabled: write true or false, without quotes (got 'false')"),
        (
            MATTER + "exact = 1",
            "sides.matter.words.“boats”.exact: write true or false, without quotes (got 1)",
        ),
        (MATTER + "es = [5]", "sides.matter.words.“boats”.es.0: write a text in straight quotes"),
        (
            MATTER + '[others]\nwhy = "x"',
            "others: write each as a table of its own, below a line [[others]] with two brackets",
        ),
        (MATTER + "[doubts]\nrivals = 0.3", "doubts.rivals: no such key here; write rival"),
        ("doubts = 0.3\n" + MATTER, "doubts: write a table: its name in [ ], and its keys below (got 0.3)"),
        (
            MATTER + '[thresholds]\nrelevant = "0.6"',
            "thresholds.relevant: write a number such as 0.6, without",
        ),
        (
            MATTER + "[thresholds]\nrelevant = true",
            "thresholds.relevant: write a number such as 0.6, without",
        ),
        (MATTER + "[thresholds]\nborderline = 0", "thresholds.borderline: at 0 every page would be kept"),
        (TOPIC + WORDS, "sides.matter: nothing can fill this side"),
        (MATTER + "weight = 0", "sides.matter: nothing can fill this side"),
        (MATTER.replace('"boats"', '" "'), "sides.matter.words.“ ”.why: say why the rule is there"),
        (MATTER.replace('"A matter"', '""'), "sides.matter.labels.en: an empty name; write one"),
        (
            MATTER + '[[duals]]\nwhy = ""\nside = "matter"\nall = [["ES service"], ["MA service"]]',
            "duals.0.why: say what the names are together",
        ),
        (
            MATTER + 'es = ["pa*ra"]',
            "sides.matter.words.“boats”.es: a * stands at the end of a word; write its beginning and *",
        ),
        (
            MATTER + 'es = ["a ... b ... c ... d ... e"]',
            "sides.matter.words.“boats”.es: a phrase has at most 3 times ... and 20 words",
        ),
        (
            MATTER + f'es = ["{"{a|b|c|d} " * 6}patera"]',
            "sides.matter.words.“boats”.es: its braces stand for more than 2000 phrases; write several",
        ),
        (
            MATTER + f'es = ["{"{a}" * 2000}"]',
            "sides.matter.words.“boats”.es: its braces stand for more than 2000 phrases; write several",
        ),
        (
            MATTER + '[[others]]\nwhy = "sun"\nes = ["sol"]',
            "others.“sun”.weight: words that take nothing do nothing; give weight",
        ),
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
        (
            'tenures = [{ office = "es-king", since = 2020 }]',
            "somebody.tenures.0.since: write a day such as 2026-05-12, without quotes and time (got 2020)",
        ),
        (
            'tenures = [{ office = "es-king", since = 2020-02-20T10:00:00Z }]',
            "somebody.tenures.0.since: write a day such as 2026-05-12",
        ),
        (
            "tenures = [{ since = 2020-02-20 }]",
            "somebody.tenures.0.office: is missing: write the id of an office",
        ),
        ('labels.de = "Jemand"', "somebody.labels.de: must be one of ar, fr, en, es; write other spellings"),
        ('names = "Some"', "somebody.names: a text where a list belongs: write a list in [ ]"),
        ('names = ["de"]', "somebody.names: 'de' is in every other text; write 3 letters, or list it under"),
        (
            'names = ["Someb*"]',
            "somebody.names: a name is no pattern; write each spelling out (got 'Someb*')",
        ),
        ('names = ["{A|B} Somebody"]', "somebody.names: a name is no pattern"),
        ('adjectives = ["somebodian"]', "somebody.adjectives: they are of a country; write them under names"),
    ],
)
def test_a_mistake_in_a_name_is_one_line_with_file_key_value_and_remedy(
    tmp_path: Path, content: str, complaint: str
) -> None:
    path = write(
        tmp_path / "entities" / "mine.toml",
        f'[somebody]\nkind = "person"\nlabels.en = "Somebody"\n{content}\n'
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


def test_unknown_keys_and_wrong_types_are_told_all_at_once(tmp_path: Path) -> None:
    content = MATTER.replace("country =", "contry =") + "foo = 1\nweight = 9\n"
    told = check_file(write(tmp_path / "wrong.toml", content)).mistakes
    assert [line.split(": ")[1] for line in told] == [
        "sides.spain.contry",
        "sides.matter.words.“boats”.foo",
        "sides.spain.kinds",
        "sides.matter.words.“boats”.weight",
    ]
    content = MATTER.replace('"ES"', "5") + 'foo = 1\nweight = "9"\nes = "patera"'
    told = check_file(write(tmp_path / "wrong.toml", content)).mistakes
    assert [line.split(": ")[1] for line in told] == [
        "sides.matter.words.“boats”.foo",
        "sides.spain.country",
        "sides.matter.words.“boats”.es",
        "sides.matter.words.“boats”.weight",
    ]


def test_every_mistake_of_a_names_file_is_told_at_once(tmp_path: Path) -> None:
    content = (
        '[one]\nkind = "hero"\ncountry = "SP"\nlabels = { en = "Number One" }\nnams = ["x"]\n'
        '[two]\ncountry = "ES"\nlabels = 5\n[three]\nkind = "person"\ncountry = "ES"\nlabels = {}\n'
    )
    told = check_file(write(tmp_path / "entities" / "mine.toml", content)).mistakes
    places = ["one.nams", "one.kind", "one.country", "two.kind", "two.labels", "three.labels"]
    assert [line.split(": ")[1] for line in told] == places


def test_a_name_of_another_and_an_office_held_by_two_are_suspicious(tmp_path: Path) -> None:
    content = (
        '[newcomer]\nkind = "person"\ncountry = "MA"\nlabels = { en = "A New Comer" }\nnames = ["Laftit"]\n'
        'weak = ["Hammouchi"]\n'
        'tenures = [{ office = "ma-interior-minister", since = 2026-01-01 }]\n'
    )
    path = write(tmp_path / "entities" / "mine.toml", content)
    checked = check_file(path)
    assert checked.mistakes == ()
    assert [line.removeprefix(f"{path}: ") for line in checked.warnings] == [
        "newcomer.names: 'Laftit' is a name of laftit too; "
        "give a fuller name, or list it under weak with near",
        "newcomer.tenures.0: laftit holds ma-interior-minister until today too; "
        "end one of the terms with until",
    ]


def test_kinds_of_which_a_country_has_no_name_are_suspicious(tmp_path: Path) -> None:
    path = write(tmp_path / "turkey.toml", MATTER.replace('"ES"', '"TR"'))
    assert check_file(path).warnings == (
        f"{path}: sides.spain.kinds: no names file has any of TR: place; add some in entities/, "
        "or take the kind out",
    )


def test_what_is_legal_but_suspicious_is_told_apart(tmp_path: Path) -> None:
    words = 'es = ["ex*", "el", "Marocain de * ans"]\nar = ["بن"]\nen = []\n'
    words += '[[others]]\nwhy = "sun"\nweight = 0.5\n'
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
        (
            'es = ["cayuco", "Cayuco"]\n',
            "sides.matter.words.“boats”.es: 'cayuco' is in this list twice; take one out",
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
    assert told[2] == "side matter: 1 group of words (fr 1)"


def test_a_names_file_is_checked_with_the_others(tmp_path: Path) -> None:
    content = (
        '[laftit]\nkind = "person"\ncountry = "MA"\nlabels = { en = "Laftit" }\n'
        'tenures = [{ office = "none" }]\n'
    )
    path = write(tmp_path / "entities" / "mine.toml", content)
    checked = check_file(path)
    assert checked.contents == ("1 name with 1 spelling: 1 person",)
    assert checked.mistakes == (
        f"{path}: laftit: another names file has this id",
        f"{path}: laftit.tenures.0.office: no names file has 'none'; add the office or mend the id",
    )


@pytest.mark.parametrize("folder", ["topics", "entities"])
def test_no_shipped_file_has_a_mistake_or_a_warning(folder: str) -> None:
    shipped = Path(load_topic.__code__.co_filename).parent / folder
    checked = [check_file(path) for path in sorted(shipped.glob("*.toml"))]
    assert [line for each in checked for line in (*each.mistakes, *each.warnings)] == []
