"""Folding and stemming."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.text import fold, stem, terms, words


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("الإِرْهَابُ", "الارهاب"),
        ("الإرهـ..ـاب", "الارهاب"),
        ("مـــغرب", "مغرب"),
        ("أمن", "امن"),
        ("مستشفى", "مستشفي"),
        ("الهجرة", "الهجره"),
        ("Élections", "elections"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Manœuvre", "manoeuvre"),
        ("٢٠٢٦", "2026"),
        ("۱۴", "14"),
        ("⑴", "1"),
    ],
)
def test_spellings_of_one_word_fold_to_one(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("ar", ["انتخابات", "الانتخابات", "والانتخابات"]),
        ("ar", ["مغربيه", "المغربيه", "المغربي"]),
        ("fr", ["election", "elections"]),
        ("en", ["arrest", "arrested", "arresting"]),
        ("es", ["policia", "policias"]),
    ],
)
def test_a_family_of_words_has_one_stem(language: str, family: list[str]) -> None:
    assert len({stem(word, language) for word in family}) == 1


def test_an_unknown_language_keeps_its_words() -> None:
    assert terms("Die Polizisten verhaften", "de") == ("die", "polizisten", "verhaften")


@given(st.text())
def test_words_stand_where_they_say(text: str) -> None:
    for word in words(text):
        assert fold(text[word.start : word.end]) == word.text


@given(st.text(), st.sampled_from(["ar", "fr", "en", "es", "", "de"]))
def test_terms_are_letters_and_digits_only(text: str, language: str) -> None:
    assert all(term.isalnum() for term in terms(text, language))


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
