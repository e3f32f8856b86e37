"""A few words around what was asked for, and which of them answer it."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search.snippet import LENGTH, Snippet, snippet
from storage.search.stems import sequences
from storage.text import stem, words

LONG = "mot " * 100 + "démantelé un réseau " + "fin " * 100


def shown(text: str, *asked: str, language: str = "fr") -> Snippet:
    """The snippet of a text for some words and phrases."""
    return snippet(text, [sequences(each.split()) for each in asked], language)


def marked(found: Snippet) -> list[str]:
    return [found.text[start:end] for start, end in found.marks]


@pytest.mark.parametrize(
    ("text", "asked", "expected", "marks"),
    [
        ("", "x", "", []),
        ("Un texte court.", "texte", "Un texte court.", ["texte"]),
        ("  Deux\nlignes\t et  plus", "plus", "Deux lignes et plus", ["plus"]),
        ("...", "x", "...", []),
        ("Un l’État  et\n l'état.", "état", "Un l’État et l'état.", ["État", "état"]),
        ("الإرهـ..ـاب في باريس", "ارهاب", "الإرهـ..ـاب في باريس", ["الإرهـ..ـاب"]),
        ("هو الإِرْهَابُ والإرهاب", "ارهاب", "هو الإِرْهَابُ والإرهاب", ["الإِرْهَابُ", "والإرهاب"]),
        (
            "démantèle, DÉMANTELAIENT",
            "demanteler",
            "démantèle, DÉMANTELAIENT",
            ["démantèle", "DÉMANTELAIENT"],
        ),
        (
            "La sûreté\n  nationale, sûreté",
            "surete nationale",
            "La sûreté nationale, sûreté",
            ["sûreté nationale"],
        ),
        ("x y", "absent", "x y", []),
    ],
)
def test_a_short_text_is_shown_whole(text: str, asked: str, expected: str, marks: list[str]) -> None:
    found = shown(text, asked)
    assert (found.text, marked(found)) == (expected, marks)


def test_a_long_text_is_cut_at_words_around_the_match() -> None:
    found = shown(LONG, "réseaux")
    assert found.text.startswith("… mot ")
    assert found.text.endswith(" fin …")
    assert "démantelé un réseau" in found.text
    assert len(found.text) <= LENGTH + 4
    assert marked(found) == ["réseau"]


def test_the_place_that_answers_most_parts_is_shown() -> None:
    text = (
        "Le préfet parle. " + "mot " * 80 + "Le préfet, le réseau et le port. " + "fin " * 80 + "Le réseau."
    )
    assert marked(shown(text, "préfet", "réseau", "port")) == ["préfet", "réseau", "port"]


def test_of_places_that_answer_as_much_the_first_is_shown_that_says_it_most_often() -> None:
    text = "Le port. " + "mot " * 80 + "Un port, deux ports. " + "fin " * 80 + "Un port, ce port."
    assert shown(text, "port").text.endswith("fin …")
    assert marked(shown(text, "port")) == ["port", "ports"]


def test_the_end_of_a_text_is_shown_in_full_length() -> None:
    found = shown("mot " * 200 + "fin", "fin")
    assert len(found.text) > LENGTH - 5
    assert found.text.endswith("mot fin")


def test_a_phrase_and_a_word_in_it_are_one_mark() -> None:
    assert marked(
        shown("La sûreté nationale du port", "nationale", "sûreté nationale", "nationale du port")
    ) == ["sûreté nationale du port"]


def test_words_are_stemmed_in_the_language_of_the_article() -> None:
    assert marked(shown("arrested officers", "arresting", language="en")) == ["arrested"]
    assert marked(shown("arrested officers", "arresting", language="it")) == []


@pytest.mark.parametrize("asked", [(), ("absent",)])
def test_without_a_match_the_beginning_is_shown(asked: tuple[str, ...]) -> None:
    found = shown(LONG, *asked)
    assert found.text.startswith("mot mot")
    assert found.marks == ()


def test_one_endless_word_is_cut() -> None:
    found = shown("a" * 5000, "a" * 64)
    assert len(found.text) <= LENGTH + 4
    assert found.marks == ((0, LENGTH),)


def test_what_stands_far_behind_is_found() -> None:
    assert marked(shown("mot\n" * 30_000 + "le réseau", "réseau")) == ["réseau"]


def test_a_snippet_costs_little_even_of_a_book() -> None:
    book = " ".join(f"mot{number % 3000} de" for number in range(25_000))
    began = process_time()
    for _ in range(20):
        shown(book, "mot2999", "absent")
    assert process_time() - began < 20 * 0.1


TEXTS = st.text(st.sampled_from("abé  \n.'-_ـ\u064eاله²"), max_size=600) | st.text(max_size=300)
ASKED = st.lists(st.lists(st.sampled_from(["a", "b", "ab", "اله", "ب", "2"]), max_size=3), max_size=4)


@given(text=TEXTS, asked=ASKED, language=st.sampled_from(["ar", "fr", "it", ""]))
def test_marks_lie_in_a_snippet_of_the_text_s_own_words(
    text: str, asked: list[list[str]], language: str
) -> None:
    found = snippet(text, [sequences(each) for each in asked], language)
    assert len(found.text) <= LENGTH + 4
    assert found.text == " ".join(found.text.split())
    ends = [-1, *(place for mark in found.marks for place in mark), len(found.text)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in found.marks)
    told = iter([*(word.text for word in words(text)), ""])
    own = [word.text for word in words(found.text.removeprefix("… ").removesuffix(" …"))]
    endless = own[-1:] if len(text) > LENGTH else []
    for word in own[: len(own) - len(endless)]:
        assert word in told
    begins = {each[0] for typed in asked for each in sequences(typed) if each}
    for mark in marked(found):
        assert words(mark)[0].text in endless or stem(words(mark)[0].text, language) in begins
