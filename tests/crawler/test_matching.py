"""Phrases in inflected texts: whole words, prefixes, elisions, and the work that many phrases make."""

import sys
from collections.abc import Sequence
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.judging.matching import Lexicon, Named
from crawler.judging.readings import readings
from storage.model import Phrases
from storage.text import Word, words


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
        ("سلاح", "لاح"),
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


def test_the_work_on_a_text_does_not_depend_on_the_number_of_phrases() -> None:
    text = words("أوقفت الشرطة القضائية بمدينة طنجة مواطنا فرنسيا مطلوبا لدى القضاء الفرنسي " * 3)
    phrases = [f"{first} رقم {number}{end}" for number in range(10_000) for first, end in KINDS]
    few, many = (calls(Lexicon((each, 1) for each in phrases[:size]), text) for size in (50, 20_000))
    assert few == many > len(text)


KINDS = (("شرطة", ""), ("كلمة", "*"))


def calls(lexicon: Lexicon[int], text: Sequence[Word]) -> int:
    """How many functions the module calls to find phrases in a text, once its words are known."""
    told: list[str] = []

    def tell(frame: FrameType, event: str, argument: object) -> None:
        if frame.f_globals["__name__"] == Lexicon.__module__:
            told.append(event)

    lexicon.find(text)
    sys.setprofile(tell)
    try:
        lexicon.find(text)
    finally:
        sys.setprofile(None)
    return sum(event.endswith("call") for event in told)


@pytest.mark.parametrize(
    ("text", "phrase", "finds"),
    [
        ("Rabat a livré hier à la France un homme", "livr* ... France", True),
        ("livré France", "livr* ... France", True),
        ("livré trois par trois France", "livr* ... France", True),
        ("livré un par un hier France", "livr* ... France", False),
        ("livré un homme de trente ans à la France", "livr* ... France", False),
        ("أحبطت المصالح الأمنية هجوما", "أحبط* ... هجوما", True),
        ("l'armée", "...", False),
    ],
)
def test_a_gap_holds_up_to_three_words(text: str, phrase: str, finds: bool) -> None:
    assert (set(found(text, phrase)) == {phrase}) == finds


def test_a_phrase_takes_a_name_of_a_country_and_kind() -> None:
    text = words("né à Aïn Sebaa puis à Lyon")
    named = {2: Named(4, {"MA", "MA place"}), 6: Named(7, {"FR", "FR place"})}
    phrases = ("né à <MA place>", "né à <FR place>", "né à <MA>", "<FR place>", "né à <MA place> ... <FR>")
    lexicon = Lexicon((phrase, phrase) for phrase in phrases)
    told = {value: (each.first, each.last) for each in lexicon.find(text, named) for value in each.values}
    assert told == {
        "né à <MA place>": (0, 4),
        "né à <MA>": (0, 4),
        "né à <MA place> ... <FR>": (0, 7),
        "<FR place>": (6, 7),
    }


@pytest.mark.parametrize(
    ("phrase", "stands_for"),
    [
        ("notice rouge", ["notice rouge"]),
        ("{un|deux} {a|b}", ["un a", "un b", "deux a", "deux b"]),
        ("le {grand |}port", ["le grand port", "le port"]),
        ("{a|b {c|d}}", ["a", "b c", "a", "b d"]),
    ],
)
def test_alternatives_stand_for_each_of_their_phrases(phrase: str, stands_for: list[str]) -> None:
    assert sorted(set(Phrases(why="x", fr=(phrase,)).all)) == sorted(set(stands_for))


def test_a_phrase_that_fits_in_many_ways_is_found_once_an_end() -> None:
    told = Lexicon([("a ... a ... b", 1)]).find(words("a a a a b"))
    assert [(each.first, each.last) for each in told] == [(0, 5), (1, 5), (2, 5)]
