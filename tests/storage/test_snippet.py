"""A few words around the match."""

import pytest

from storage.search.snippet import LENGTH, snippet
from storage.search.stems import sequences

LONG = "mot " * 100 + "démantelé un réseau " + "fin " * 100


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("", "x", ""),
        ("Un texte court.", "texte", "Un texte court."),
        ("Deux\nlignes\t et  plus", "plus", "Deux lignes et plus"),
        ("...", "x", "..."),
        ("الإرهـ..ـاب في باريس", "ارهاب", "الإرهـ..ـاب في باريس"),
    ],
)
def test_a_short_text_is_shown_whole(text: str, asked: str, expected: str) -> None:
    assert snippet(text, sequences([asked]), "fr") == expected


def test_a_long_text_is_cut_at_words_around_the_match() -> None:
    shown = snippet(LONG, sequences(["réseaux"]), "fr")
    assert shown.startswith("… mot ")
    assert shown.endswith(" fin …")
    assert "démantelé un réseau" in shown
    assert len(shown) <= LENGTH + 4


def test_without_a_match_the_beginning_is_shown() -> None:
    assert snippet(LONG, sequences(["absent"]), "fr").startswith("mot mot")


def test_one_endless_word_is_cut() -> None:
    assert len(snippet("a" * 5000, (), "fr")) <= LENGTH + 4
