"""The generated press is the same for the same seed, and made as its description says."""

import math
from collections import Counter
from datetime import datetime
from statistics import linear_regression

import pytest

from benchmarks.corpus import LANGUAGES, Row, rows
from storage.text import words

WORDS = 20_000  # of a language: fewer than in a measurement, which takes seconds to make
FIELDS = (
    *("id", "url", "source", "title", "text", "authors", "language", "published", "modified", "recorded"),
    *("status", "judgement", "score", "entities", "backfilled"),
)


@pytest.fixture(scope="module")
def press() -> list[Row]:
    return list(rows(2000, words=WORDS))


def test_the_same_seed_gives_the_same_rows_and_another_one_others() -> None:
    first, again, other = (list(rows(30, seed=seed, words=2000)) for seed in (1, 1, 2))
    assert first == again
    assert not {row["text"] for row in first} & {row["text"] for row in other}


def test_the_words_of_a_language_follow_zipfs_law(press: list[Row]) -> None:
    told = [row["text"] for row in press if row["language"] == "fr" and row["status"] == "full"]
    counts = Counter(word.text for text in told for word in words(text) if not word.text.isdecimal())
    ranked = [count for _, count in counts.most_common(2000)]
    assert -1.05 < slope(ranked, 10, 2000) < -0.9


def slope(ranked: list[int], first: int, last: int) -> float:
    """Of the straight line through the logarithms of rank and frequency, by least squares."""
    points = [(math.log(rank), math.log(ranked[rank - 1])) for rank in range(first, last + 1)]
    return linear_regression(*zip(*points, strict=True)).slope


def test_rows_have_the_fields_of_an_import_and_come_in_order(press: list[Row]) -> None:
    assert {tuple(row) for row in press} == {FIELDS}
    told = [datetime.fromisoformat(row["published"]) for row in press]
    assert told == sorted(told)
    assert all(datetime.fromisoformat(row["recorded"]) > at for row, at in zip(press, told, strict=True))
    assert len({row["url"] for row in press}) == len(press)


def test_there_are_three_times_as_many_articles_at_the_end(press: list[Row]) -> None:
    years = Counter(row["published"][:4] for row in press)
    assert 2.2 < years["2025"] / years["2019"] < 3


def test_languages_copies_and_headlines_have_their_shares(press: list[Row]) -> None:
    languages = Counter(row["language"] for row in press)
    assert languages == {name: pytest.approx(20 * share, rel=0.25) for name, share in LANGUAGES.items()}
    seen: set[str] = set()
    copies = 0
    for row in press:
        middle = row["text"][200:400]
        copies += len(middle) == 200 and middle in seen
        seen.add(middle)
    assert copies == pytest.approx(240, rel=0.2)
    assert sum(row["status"] == "headline_only" for row in press) == pytest.approx(120, rel=0.3)


def test_an_article_names_those_it_is_said_to_name(press: list[Row]) -> None:
    named = [row for row in press if "darmanin" in row["entities"]]
    assert named
    assert all(any(name in row["text"] for name in ("arman", "ارمان", "درمانين", "دارمنان")) for row in named)
