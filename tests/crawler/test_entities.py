"""Names in texts of four languages."""

from itertools import pairwise

import pytest

from crawler.entities import Names, find_entities
from crawler.rules import load_entities
from tests.factories import entity


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(load_entities())


SPELLINGS = {
    "cazeneuve": "كازنوف كازانوف كازونوف كازينوف Cazeneuve Caseneuve",
    "darmanin": "دارمانان دارمانين درمانان درمانين درامانان Darmanin",
    "retailleau": "روتايو روتايلو ريتايو ريتيللو ريتيليو Retailleau",
    "castaner": "كاستانر كاستانير Castaner",
    "laftit": "لفتيت الفتيت Laftit Leftit Laftite",
    "hammouchi": "حموشي الحموشي حمّوشي Hammouchi Hamouchi",
    "bingui": "بينغي بنغي بانغي بينكي Bingui",
    "iquioussen": "إيكويسن إكويسن اكويسن أكويسن إيكويوسن إكويوسن إيكويسين إيكوسين إكوسين إيكوزين إشوسن",
    "abaaoud": "أباعود أباعوض Abaaoud Abaoud",
    "pegasus": "بيغاسوس پيگاسوس Pegasus",
    "hambli": "Hambli همبلي",
    "lecourtier": "لوكورتييه لوكورتيي Lecourtier",
    "habboub": "Habboub",
    "haramou": "حرمو Haramou",
    "berrid": "بريظ بـــريظ Berrid",
    "dgsn": "DGSN",
    "pnaco": "PNACO Pnaco",
}


@pytest.mark.parametrize(
    ("entity_id", "spelling"),
    [(entity_id, each) for entity_id, spellings in SPELLINGS.items() for each in spellings.split()],
)
def test_every_spelling_of_the_press_is_one_name(names: Names, entity_id: str, spelling: str) -> None:
    assert [each.entity for each in find_entities(f"( {spelling} )", names)] == [entity_id]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("المديرية العامة لمراقبة التراب الوطني", ["dgst"]),
        ("المكتب المركزي للتحقيقات القضائية بسلا", ["bcij"]),
        ("L'exercice « Chergui 25 » à Errachidia", ["chergui", "errachidia"]),
        ("du chergui et des rafales", []),
        ("Le RAID est intervenu après un raid", ["fr-raid"]),
        ("Le far west", []),
        ("Laurent Nuñez, puis Nuñez encore", ["nunez", "nunez"]),
        ("Le joueur Nuñez a marqué", []),
        ("وزير الداخلية نونيز", ["nunez"]),
        ("التوفيق بين العمل والدراسة", []),
        ("وزير الأوقاف أحمد التوفيق", ["toufiq"]),
        ("خلية تابعة لوزارة الداخلية", []),
        ("ministre français de l'Intérieur", ["fr-interior-minister"]),
    ],
)
def test_a_name_counts_where_it_is_meant(names: Names, text: str, entities: list[str]) -> None:
    assert [each.entity for each in find_entities(text, names)] == entities


def test_a_mention_says_where_and_how_it_is_written(names: Names) -> None:
    text = "استقبل والحَمُّوشي ضيفه"
    (found,) = find_entities(text, names)
    assert text[found.start : found.end] == found.text == "والحَمُّوشي"


def test_mentions_come_in_order_and_never_overlap(names: Names) -> None:
    found = find_entities("عبد الوافي لفتيت ولوران نونيز بالرباط، ثم باريس", names)
    assert [each.entity for each in found] == ["laftit", "nunez", "rabat", "paris"]
    assert all(first.end <= second.start for first, second in pairwise(found))


def test_a_weak_name_counts_once_the_full_name_is_in_the_text() -> None:
    known = Names([entity("veaux", names=("Frédéric Veaux", "Veaux"), weak=("Veaux",))])
    assert find_entities("M. Veaux", known) == ()
    assert len(find_entities("Frédéric Veaux est venu. M. Veaux est reparti.", known)) == 2
