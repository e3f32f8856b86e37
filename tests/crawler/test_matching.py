"""Phrases in inflected texts: whole words, prefixes, elisions, and the cost of many phrases."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.judging.matching import Lexicon, readings
from storage.text import words


def found(text: str, *phrases: str) -> list[str]:
    lexicon = Lexicon((phrase, phrase) for phrase in phrases)
    return [value for each in lexicon.find(words(text)) for value in each.values]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("وبالمغرب والمغرب للمغرب", "المغرب"),
        ("فالشرطة", "شرطة"),
        ("سيسلم غدا", "يسلم"),
        ("بمذكرة التوقيف الدولية", "مذكرة توقيف دولية"),
        ("والحَمُّوشي", "حموشي"),
        ("الإرهـ..ـابية", "الإرهابية"),
        ("پيگاسوس", "بيكاسوس"),
        ("l'extradition", "extradition"),
        ("qu’à l’Intérieur", "intérieur"),
        ("les autorités françaises", "autorité français"),
        ("extradées", "extradé"),
        ("extraditables", "extrad*"),
        ("FÉLIX BINGUI", "Félix Bingui"),
        ("notices rouges", "notice rouge"),
    ],
)
def test_a_phrase_is_found_in_every_form_of_it(text: str, phrase: str) -> None:
    assert set(found(text, phrase)) == {phrase}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("وزارة الداخلية", "خلية"),
        ("تأمين ومؤمن", "أمن"),
        ("securities", "sécurité"),
        ("la meilleure défense", "armée"),
        ("Rabatteur", "Rabat"),
        ("notice d'emploi rouge", "notice rouge"),
    ],
)
def test_a_phrase_is_not_found_inside_other_words(text: str, phrase: str) -> None:
    assert found(text, phrase) == []


def test_a_word_that_means_something_as_it_stands_is_not_stripped() -> None:
    assert found("في وجدة", "وجدة", "جدة") == ["وجدة"]
    assert found("في وجدة", "جدة") == ["جدة"]


def test_of_two_phrases_that_begin_together_both_are_found_the_longer_first() -> None:
    assert found("l'armée française", "armée", "armée français") == ["armée français", "armée"]


@given(st.text(alphabet="والبكلسمنقيثة", min_size=1, max_size=12))
def test_the_first_reading_of_a_word_is_the_word(word: str) -> None:
    assert readings(word)[0] == word
    assert all(len(each) <= len(word) for each in readings(word))


def test_fifty_thousand_phrases_cost_no_ten_times_what_five_hundred_do() -> None:
    text = words("أوقفت الشرطة القضائية بمدينة طنجة مواطنا فرنسيا مطلوبا لدى القضاء الفرنسي " * 60)
    phrases = [f"شرطة رقم {number} من اصل كلمات" for number in range(50_000)]
    few, many = (_cost(Lexicon((each, 1) for each in phrases[:size]), text) for size in (500, 50_000))
    assert many < 10 * few


def _cost(lexicon: Lexicon[int], text: tuple[object, ...]) -> float:
    tries = []
    for _ in range(5):
        began = perf_counter()
        lexicon.find(text)  # type: ignore[arg-type]
        tries.append(perf_counter() - began)
    return min(tries)
