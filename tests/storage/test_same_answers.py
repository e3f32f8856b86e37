"""One question, two databases: the same articles in the same order with the same scores."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.archive import Archive
from storage.model import Answer, Relevance
from storage.query import parse_query
from tests.factories import NOW, accepted, account, article, entity, judgement, page, source, topic

WORDS = {
    "ar": "الأمن المغربي دارمانان وفرنسا الإِرْهَاب شرطة طنجة لفتيت توقيف المشتبه",
    "fr": "l’extradition élections Darmanin réseaux démantelés police d’État Maroc coopération œuvre",
    "en": "extradition police arrested Morocco elections networks Darmanin suspect the of",
    "es": "extradición policía detenidos Marruecos elecciones redes el de España niño",
}
PIECES = (
    *[
        "extradition",
        "police",
        "الأمن",
        "دارمانان",
        "Darmanin",
        "réseau",
        "elecciones",
        "title:police",
        "title:الأمن",
        "de",
        "absent",
    ],
    *("-police", "-Darmanin", "OR", "(", ")", '"police arrested"', '"المغربي دارمانان"', "Gérald Darmanin"),
    *("source:other", "-source:other", "lang:ar,fr", "country:MA", "entity:darmanin", "verdict:borderline"),
    *(
        "topic:morocco-france-security",
        "since:20d",
        "until:2026-11-10",
        "story:1,2,3",
        "sort:date",
        "-lang:es",
    ),
)


@pytest.fixture(scope="module")
def both(
    sqlite_template: Path, module_postgresql_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Archive, Archive]]:
    """The same sixty articles of drawn words on SQLite and on PostgreSQL."""
    file = tmp_path_factory.mktemp("both") / "rasid.db"
    file.write_bytes(sqlite_template.read_bytes())
    with Archive(f"sqlite:///{file}") as one, Archive(module_postgresql_url) as other:
        for archive in (one, other):
            fill(archive, Random(5))
        yield one, other


def fill(archive: Archive, drawn: Random) -> None:
    elsewhere = source("other", country="FR")
    archive.load_catalogue([source(), elsewhere], [topic()], [entity()])
    for at in range(60):
        language = drawn.choice(list(WORDS))
        told = article(
            f"example.ma/{at}",
            source=drawn.choice(["example", "other"]),
            language=language,
            title=" ".join(drawn.choices(WORDS[language].split(), k=4)),
            text=" ".join(drawn.choices(WORDS[language].split(), k=30)),
            published=NOW - timedelta(hours=drawn.randrange(1000)) if at % 7 else None,
        )
        named = account(told, entities=("darmanin",) if at % 3 == 0 else ())
        kind = drawn.choice(list(Relevance))
        archive.record(page(told.key), accepted(named, seen=at, judgements=(judgement(kind),)))


def told(answer: Answer) -> tuple[object, ...]:
    hits = [(hit.found.article.url, hit.score, hit.snippet, hit.marks) for hit in answer.hits]
    return answer.total, answer.whole, answer.next, hits


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=7), limit=st.integers(1, 70))
def test_both_databases_give_one_answer(both: tuple[Archive, Archive], pieces: list[str], limit: int) -> None:
    query = parse_query(" ".join(pieces), now=NOW)
    one, other = (archive.search(query, limit=limit) for archive in both)
    assert told(one) == told(other)


def test_the_questions_have_answers(both: tuple[Archive, Archive]) -> None:
    """Else the test above would compare nothing with nothing."""
    one, _ = both
    found = {piece: one.search(parse_query(piece, now=NOW)).total for piece in PIECES}
    assert {piece for piece, total in found.items() if not total} == {"absent"}
    assert found["("] == 60
    assert 3 < found["Darmanin"] < 60
