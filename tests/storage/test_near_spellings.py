"""Near spellings: which words lie near each other, and what a query with a mistake may have meant."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.archive import Archive
from storage.archive.engines import open_engines
from storage.archive.vocabulary import learn, spelt
from storage.model import Account
from storage.query import parse_query
from storage.search.near import distance, most_mistakes, neighbours
from tests.factories import NOW, accepted, article, entity, page, source, topic

TITLES = {
    1: ("fr", "Démantèlement d’un réseau à Tanger"),
    2: ("fr", "Attentat déjoué à Marseille"),
    3: ("fr", "Attentat : le procès"),
    4: ("ar", "الإِرْهَاب في مراكش"),
    5: ("ar", "تفكيك شبكة بطنجة"),
    6: ("fr", "Attentif aux autres"),
    7: ("fr", "Gérald Darmanin à Rabat"),
}


@pytest.fixture(scope="module")
def library(shared_archive: Archive) -> Archive:
    """Some articles, and a rare word beside a common one; only asked, never changed."""
    laftit = entity("laftit", labels={"fr": "Abdelouafi Laftit"}, names=("Abdelouafi Laftit", "لفتيت"))
    shared_archive.load_catalogue([source()], [topic()], [entity(), laftit])
    common = dict.fromkeys(range(20, 40), ("fr", "Le procureur parle")) | {50: ("fr", "Le procurer parle")}
    for seen, (at, (language, title)) in enumerate((TITLES | common).items()):
        told = article(str(at), title=title, text=".", language=language, published=NOW - timedelta(days=at))
        shared_archive.record(page(told.key), accepted(Account(article=told), seen=seen, judgements=()))
    return shared_archive


def meant(archive: Archive, text: str) -> list[str]:
    return list(archive.search(parse_query(text, now=NOW)).meant)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Darmnain", ["Darmanin"]),
        ("gerald darmanain", ["gerald Darmanin"]),
        ("Marsielle", ["Marseille"]),
        ("الارهاپ", []),  # the same word, as letters are folded
        ("الارهاف", ["الإرهاب"]),
        ("ارهابب", ["إرهاب"]),
        ("مراقش", ["مراكش"]),
        ("attemtat", ["Attentat"]),
        ("procurer", ["procureur"]),
        ("attemtat Marsielle", ["Attentat Marseille"]),
        ("attemtat procés", ["Attentat procés"]),
        ('"attentat dejoue" -tanger', []),
        ('"attemtat dejoué"', ['"Attentat dejoué"']),
        ("title:Marsielle lang:fr", ["title:Marseille lang:fr"]),
        ("Marsielle lang:ar", []),
        ("(Marsielle OR nowhere)", ["(Marseille OR nowhere)"]),
        ("-Marsielle lang:ar xyzzy", []),
        ("xyzzyxyzzy", []),
        ("procureur", []),
        ("abc", []),
        ("", []),
        ("Laftti", []),  # nothing holds Laftit
    ],
)
def test_a_query_with_a_mistake_says_what_it_may_have_meant(
    library: Archive, text: str, found: list[str]
) -> None:
    assert meant(library, text) == found


def test_every_suggestion_finds_articles(library: Archive) -> None:
    for text in meant(library, "attemtat") + meant(library, "Darmnain"):
        assert library.search(parse_query(text, now=NOW)).total > 0


def test_a_later_page_suggests_nothing(library: Archive) -> None:
    first = library.search(parse_query("attentat", now=NOW), limit=1)
    assert library.search(parse_query("attentat", now=NOW), limit=1, after=first.next).meant == ()


def test_words_of_titles_are_known_as_first_written(archive_url: str) -> None:
    writer, reader = open_engines(archive_url)
    with writer.begin() as connection:
        learn(connection, ["Élysée", "ÉLYSÉE, 2026 an", "الإِرْهَاب"])
        learn(connection, ["elysee encore"] * 1000)
        sought = ["elysee", "encore", "2026", "الارهاب", "ارهاب", "absent"]
        assert spelt(connection, sought) == {
            "elysee": "Élysée",
            "encore": "encore",
            "الارهاب": "الإرهاب",
            "ارهاب": "إرهاب",
        }
    writer.dispose()
    reader.dispose()


def test_an_index_made_anew_knows_the_words_of_titles(archive: Archive, archive_url: str) -> None:
    archive.record(page(), accepted(article(title="Démantèlement", language="fr")))
    writer, reader = open_engines(archive_url)
    with writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM vocabulary")
        connection.exec_driver_sql("UPDATE state SET indexed = 0")
    archive.upgrade()
    with reader.begin() as connection:
        assert spelt(connection, ["demantelement"]) == {"demantelement": "Démantèlement"}
    writer.dispose()
    reader.dispose()


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [
        ("darmanin", "darmanin", 0),
        ("darmanin", "darmanain", 1),
        ("darmanin", "darmnain", 1),
        ("darmanin", "darmannin", 0.5),
        ("darmanin", "darmamim", 2),
        ("darmanin", "tarmamim", None),
        ("مراكش", "مراقش", 0.5),
        ("طنجه", "تنجه", 0.5),
        ("طنجه", "فاس", None),
        ("nicolas", "nikolas", 0.5),
        ("", "", 0),
    ],
)
def test_mistakes_are_counted(one: str, other: str, mistakes: float | None) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == mistakes


def test_the_shorter_a_word_the_fewer_mistakes_it_holds() -> None:
    assert [most_mistakes(each) for each in ("fes", "oran", "rabat", "tanger")] == [0, 1, 1, 2]


@given(word=st.text("abcxyz", min_size=1, max_size=8) | st.text("ابتسم", min_size=1, max_size=8))
def test_a_neighbour_is_one_mistake_away(word: str) -> None:
    for each in set(neighbours(word)) - {word}:
        assert distance(word, each, 1) in (0.5, 1)
