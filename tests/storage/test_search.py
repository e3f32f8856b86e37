"""Search: the same answers from SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.archive import Archive
from storage.model import Account, Answer, Article, Placement, Relevance, StoryPlan
from storage.query import parse_query
from tests.factories import NOW, accepted, account, article, entity, judgement, page, source, topic

TEXTS = {
    "ar": ("ar", "دارمانان يزور الرباط", "التقى الوزير نظيره لفتيت.\nوتحدثا عن الإِرْهَاب والهجرة في المغرب."),
    "fr": (
        "fr",
        "Darmanin à Rabat",
        "Le ministre de l’Intérieur a démantelé un réseau.\nLes élections approchent.",
    ),
    "en": ("en", "Police arrest a suspect", "Moroccan and French officers arrested two men in Tangier."),
    "es": ("es", "Operación conjunta", "La policía detuvo a dos hombres; cooperación con París."),
    "it": ("it", "Arresto a Parigi", "La polizia ha arrestato due uomini."),
}


@pytest.fixture(scope="module")
def library(shared_archive: Archive) -> Archive:
    """Five articles in five languages, the first the newest; only asked, never changed."""
    fill(shared_archive)
    return shared_archive


def fill(archive: Archive) -> None:
    """Record TEXTS, one a day back in time; the Arabic one names two persons."""
    french = source("le-soir", name="Le Soir", country="FR", language="fr")
    laftit = entity("laftit", names=("Abdelouafi Laftit", "لفتيت"))
    archive.load_catalogue([source(), french], [topic()], [entity(), laftit])
    for at, (key, (language, title, text)) in enumerate(TEXTS.items()):
        told = article(key, title=title, text=text, language=language, published=NOW - timedelta(days=at))
        keep(archive, told, at, ("darmanin", "laftit") if key == "ar" else ())


def keep(archive: Archive, told: Article, seen: int, entities: tuple[str, ...] = ()) -> None:
    """Record an article; Spanish ones are borderline."""
    kind = Relevance.BORDERLINE if told.language == "es" else Relevance.RELEVANT
    known = Account(article=told, entities=entities)
    archive.record(page(told.key), accepted(known, seen=seen, judgements=(judgement(kind),)))


def ask(archive: Archive, text: str, limit: int = 20, after: str = "") -> Answer:
    return archive.search(parse_query(text, now=NOW), limit=limit, after=after)


def keys(archive: Archive, text: str) -> list[str]:
    return [hit.found.article.key for hit in ask(archive, text).hits]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["ar", "fr", "en", "es", "it"]),
        ("المغرب", ["ar"]),
        ("إرهاب", ["ar"]),
        ("والارهاب", ["ar"]),
        ("هجرة", ["ar"]),
        ("بالهجرة", ["ar"]),
        ("لوزير", ["ar"]),
        ("l’élection", ["fr"]),
        ("qu’un réseau", ["fr"]),
        ("réseaux", ["fr"]),
        ("ELECTION", ["fr"]),
        ("interieur", ["fr"]),
        ("arresting", ["en"]),
        ("policía", ["es"]),
        ("polizia", ["it"]),
        ("Rabat", ["fr"]),
        ('"un réseau"', ["fr"]),
        ('"réseau un"', []),
        ('"a Rabat le"', []),
        ("title:Rabat", ["fr"]),
        ("title:réseau", []),
        ("Rabat OR Tangier", ["fr", "en"]),
        ("Rabat Tangier", []),
        ("dos OR two -title:police", ["es"]),
        ("nowhere OR Tangier", ["en"]),
    ],
)
def test_words_find_articles(library: Archive, text: str, found: list[str]) -> None:
    assert keys(library, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Darmanin", ["ar", "fr"]),
        ("دارمانان", ["ar", "fr"]),
        ("Gérald Darmanin", ["ar", "fr"]),
        ('"gerald darmanin"', ["ar", "fr"]),
        ("Abdelouafi Laftit Darmanin", ["ar"]),
        ("Darmanin -Laftit", ["ar", "fr"]),
        ("-لفتيت Darmanin", ["fr"]),
        ("title:Darmanin", ["ar", "fr"]),
        ("entity:laftit", ["ar"]),
        ('entity:"Abdelouafi Laftit"', ["ar"]),
        ("entity:nobody", []),
    ],
)
def test_a_name_finds_its_bearer_in_every_script(library: Archive, text: str, found: list[str]) -> None:
    assert keys(library, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("source:example", ["ar", "fr", "en", "es", "it"]),
        ("source:nowhere", []),
        ("lang:fr,en", ["fr", "en"]),
        ("country:ma lang:it", ["it"]),
        ("country:FR", []),
        ("verdict:borderline", ["es"]),
        ("verdict:borderline,relevant lang:es,it", ["es", "it"]),
        ("topic:morocco-france-security lang:ar", ["ar"]),
        ("topic:other", []),
        ("story:2", ["fr"]),
        ("story:99", []),
        ("since:2026-11-17", ["ar", "fr"]),
        ("until:2026-11-15", ["es", "it"]),
        ("since:2d", ["ar", "fr", "en"]),
        ("since:2026-W47 lang:en", ["en"]),
    ],
)
def test_filters_narrow(library: Archive, text: str, found: list[str]) -> None:
    assert keys(library, text) == found


def test_what_the_title_says_comes_first(archive: Archive) -> None:
    fill(archive)
    told = article("late", title="Autre sujet", text="Darmanin et le réseau.", language="fr", published=NOW)
    keep(archive, told, 5)
    answer = ask(archive, "Darmanin réseau")
    assert [(hit.found.article.key, round(hit.score, 2)) for hit in answer.hits] == [
        ("fr", 0.74),
        ("late", 0.5),
    ]
    assert keys(archive, "Darmanin réseau sort:date") == ["late", "fr"]


def test_an_answer_counts_all_and_shows_a_page(library: Archive) -> None:
    first = ask(library, "lang:ar,fr,en", limit=1)
    answer = ask(library, "lang:ar,fr,en", limit=1, after=first.next)
    assert (answer.total, [hit.found.article.key for hit in answer.hits]) == (3, ["fr"])


def test_a_merged_story_is_found_under_its_old_id(archive: Archive) -> None:
    fill(archive)
    both = StoryPlan(story=2, members=("ar", "fr", "new"))
    placed = Placement(account=account(article("new")), stories=(both,), seen=5)
    archive.record(page("new"), accepted(article("new"), placement=placed))
    assert set(keys(archive, "story:1")) == {"ar", "fr", "new"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ارهاب", "الإِرْهَاب"),
        ("demanteler", "démantelé"),
        ("Gérald Darmanin", "التقى"),
    ],
)
def test_a_snippet_shows_the_page_s_own_spelling(library: Archive, text: str, shown: str) -> None:
    hit = ask(library, text).hits[0]
    assert shown in hit.snippet


@pytest.mark.parametrize(
    "text", ["a " * 500, '"' + "a " * 490 + '"', "title:a OR " * 90, "'\" * NEAR( AND OR ^x"]
)
def test_no_query_is_too_odd(library: Archive, text: str) -> None:
    assert ask(library, text).total >= 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40))
def test_any_query_is_answered(library: Archive, text: str) -> None:
    assert ask(library, text).total >= 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200), title=st.text(max_size=40))
def test_any_text_can_be_recorded(archive: Archive, text: str, title: str) -> None:
    told = article(f"{hash((text, title))}", text=text, title=title)
    archive.record(page(told.key), accepted(told, seen=archive.neighbours(account(told)).seen))


LONG = {
    "often": " ".join(f"de mot{at} chef" for at in range(600)) + " chef de zanzibar",
    "long": " ".join(f"w{at}" for at in range(16_500)) + " alpha beta",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zanzibar", {"often"}),
        ("beta", {"long"}),
        ("de chef", {"often"}),
        ('"mot3 chef de mot4"', {"often"}),
        ('"w7 w8 w9"', {"long"}),
        ('"mot590 chef"', set()),  # the 256th "chef" and later ones have no place
        ('"alpha beta"', set()),  # nor have the words after the 16,000th
    ],
)
def test_phrases_are_found_where_either_database_counts(archive: Archive, text: str, found: set[str]) -> None:
    for at, (key, body) in enumerate(LONG.items()):
        keep(archive, article(key, title="Titre", text=body, language="xx"), at)
    assert set(keys(archive, text)) == found
