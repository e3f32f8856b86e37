"""A name of the shipped names files finds its bearer in every script, and nobody else."""

from datetime import timedelta

import pytest

from crawler.entities import Names, find_entities
from crawler.rules import load_entities
from storage.archive import Archive
from storage.model import Account
from storage.query import parse_query
from storage.search.names import readings, spellings
from tests.factories import NOW, accepted, article, page, source, topic

TEXTS = {
    "darmanin-fr": "Visite. Gérald Darmanin rencontre des policiers.",
    "darmanin-ar": "زيارة. التقى درمانين عددا من الضباط.",
    "darmanin-ar2": "رسالة لدارمانان من الضباط.",
    "retailleau": "Bruno Retailleau parle.",
    "retailleau-ar": "تحدث روتايو أمس.",
    "both": "Darmanin et Retailleau.",
    "bourita-ar": "استقبل بوريطة السفير.",
    "bourita": "Nasser Bourita reçoit l'ambassadeur.",
    "dgsn": "La DGSN annonce.",
    "dgsn-ar": "أعلنت المديرية العامة للأمن الوطني.",
    "morocco-fr": "Au Maroc, il pleut.",
    "morocco-ar": "أمطار بالمغرب.",
    "morocco-en": "Rain in Morocco.",
    "morocco-es": "Lluvia en Marruecos.",
    "kingdom": "Le Royaume, ainsi nommé par les poètes.",
    "brussels": "Un procès à Bruxelles.",
    "brussels-ar": "محاكمة في بروكسيل.",
    "molenbeek": "Une rue de Molenbeek.",
    "belgium": "La Belgique vote.",
    "ceuta": "La ville de Ceuta.",
    "saturday": "حدث ذلك يوم السبت.",
    "oujda": "La ville d'Oujda.",
    "grandfather": "زار بيت جده.",
    "cat": "Le chat dort.",
    "bingui": "Félix Bingui, dit Le Chat, est arrêté.",
    "vendome": "Une bijouterie de la place Vendôme.",
    "justice": "La ministre. Le garde des Sceaux écrit.",
    "raid": "Un raid aérien.",
    "elite": "Une unité RAID intervient.",
    "nunez-ar": "وزير الداخلية الفرنسي لوران نونيز.",
    "nunez": "Le ministre Laurent Nuñez.",
}


@pytest.fixture(scope="module")
def library(shared_archive: Archive) -> Archive:
    """Short articles that name people and places of the shipped names files; only asked, never changed."""
    entities = load_entities()
    names = Names(entities)
    shared_archive.load_catalogue([source()], [topic()], entities)
    for at, (key, text) in enumerate(TEXTS.items()):
        language = "ar" if "\u0600" < text[0] < "\u06ff" else "fr"
        told = article(key, title="Titre", text=text, language=language, published=NOW - timedelta(days=at))
        named = tuple(dict.fromkeys(each.entity for each in find_entities(text, names)))
        known = Account(article=told, entities=named)
        shared_archive.record(page(key), accepted(known, seen=at, judgements=()))
    return shared_archive


def keys(archive: Archive, text: str) -> set[str]:
    return {hit.found.article.key for hit in archive.search(parse_query(text, now=NOW), limit=100).hits}


DARMANIN = {"darmanin-fr", "darmanin-ar", "darmanin-ar2", "both"}
RETAILLEAU = {"retailleau", "retailleau-ar", "both"}
MOROCCO = {"morocco-fr", "morocco-ar", "morocco-en", "morocco-es"}
BOURITA = {"bourita", "bourita-ar"}
BRUSSELS = {"brussels", "brussels-ar"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Darmanin", DARMANIN),
        ("درمانين", DARMANIN),
        ("دارمانان", DARMANIN),
        ("DARMANIN", DARMANIN),
        ("Gérald Darmanin", DARMANIN),
        ("gerald darmanin", DARMANIN),
        ('"Gérald Darmanin"', DARMANIN),
        ("«جيرالد دارمانان»", DARMANIN),
        ("دَارْمَانَان", DARMANIN),
        ("(Darmanin)", DARMANIN),
        ("Darmanin OR Retailleau", DARMANIN | RETAILLEAU),
        ("(درمانين OR روتايو) lang:fr", {"darmanin-fr", "both", "retailleau"}),
        ("Darmanin Retailleau", {"both"}),
        ("Darmanin -Retailleau", DARMANIN - {"both"}),
        ("Darmanin -روتايو", DARMANIN - {"both"}),
        ('Retailleau -"Gérald Darmanin"', RETAILLEAU - {"both"}),
        ("Retailleau", RETAILLEAU),
        ("entity:Darmanin", DARMANIN),
        ("DGSN", {"dgsn", "dgsn-ar"}),
        ('"Sûreté nationale"', {"dgsn", "dgsn-ar"}),
        ("المديرية العامة للأمن الوطني", {"dgsn", "dgsn-ar"}),
        ("Maroc", MOROCCO),
        ("المغرب", MOROCCO),
        ("Morocco", MOROCCO),
        ("Marruecos", MOROCCO),
    ],
)
def test_a_name_finds_every_spelling_in_every_script(library: Archive, text: str, found: set[str]) -> None:
    assert keys(library, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("لدارمانان", DARMANIN),
        ("وبوريطة", BOURITA),
        ("لبوريطة", BOURITA),
        ("وللمغرب", MOROCCO),
        ("فبالمغرب", MOROCCO),
        ("لعبد اللطيف حموشي", set()),
        ("l’Darmanin", DARMANIN),
    ],
)
def test_a_name_is_known_with_what_is_written_together_with_it(
    library: Archive, text: str, found: set[str]
) -> None:
    assert keys(library, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bruxelles", BRUSSELS),
        ("Brussels", BRUSSELS),
        ("بروكسل", BRUSSELS),
        ("Molenbeek", {"molenbeek"}),
        ("Anvers", set()),
        ("Belgique", BRUSSELS | {"molenbeek", "belgium"}),
        ("-Molenbeek Belgique", BRUSSELS | {"belgium"}),
    ],
)
def test_a_city_finds_itself_and_a_country_its_cities(library: Archive, text: str, found: set[str]) -> None:
    assert keys(library, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ceuta", {"ceuta"}),
        ("Oujda", {"oujda"}),
        ("Bingui", {"bingui"}),
        ("royaume", {"kingdom"}),
        ('"place Vendôme"', {"vendome"}),
        ('"garde des Sceaux"', {"justice"}),
        ('"وحدة الريد"', {"elite"}),
        ("Nunez", {"nunez", "nunez-ar"}),
    ],
)
def test_a_name_finds_no_other_word(library: Archive, text: str, found: set[str]) -> None:
    assert keys(library, text) == found


def test_a_snippet_marks_the_name_in_the_article_s_script(library: Archive) -> None:
    hits = library.search(parse_query("Darmanin", now=NOW), limit=100).hits
    marked = {hit.snippet[start:end] for hit in hits for start, end in hit.marks}
    assert marked == {"Darmanin", "درمانين", "لدارمانان"}


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("darmanin", ["darmanin"]),
        ("l elysee", ["l elysee", "elysee"]),
        ("لدارمانان", ["لدارمانان", "دارمانان"]),
        ("وبالمغرب", ["وبالمغرب", "بالمغرب", "المغرب"]),
        ("للمغرب", ["للمغرب", "المغرب", "مغرب"]),
        ("ولد", ["ولد"]),
    ],
)
def test_what_a_name_may_be(name: str, plain: list[str]) -> None:
    assert list(dict.fromkeys(readings(name))) == plain


def test_a_spelling_that_holds_another_is_left_out() -> None:
    assert spellings(["Gérald Darmanin", "Darmanin", "دارمانان"]) == (
        ("darmanin",),
        ("دارمان",),
        ("بدارمان",),
        ("لدارمان",),
        ("كدارمان",),
        ("فدارمان",),
    )
