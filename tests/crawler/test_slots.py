"""What tells two arrests apart."""

from datetime import date

import pytest

from crawler.stories.facts import ages, days, hauls, hauls_differ, weekdays
from crawler.stories.slots import Slots, conflict, read_slots

PUBLISHED = date(2026, 3, 5)  # a Thursday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("يبلغ من العمر 38 سنة", {38}),
        ("البالغ من العمر ٣٨ سنة", {38}),
        ("الرجل، 24 عاما، اعتقل", {24}),
        ("un Français âgé de 38 ans", {38}),
        ("un Français de 37 ans", {37}),
        ("condamné à 15 ans de prison", set()),
        ("la cavale a duré quatorze ans, de 20 ans au plus", set()),
        ("a 38-year-old French national", {38}),
        ("a French national, aged 42, was", {42}),
        ("un Espagnol de 34 ans et un Hispano-Marocain de 29 ans", {34, 29}),
        ("إسباني 34 سنة", {34}),
        ("police hold Frenchman, 42, wanted", {42}),
        ("un francés de 38 años de edad", {38}),
        ("condenado a penas de 12 años de prisión", set()),
    ],
)
def test_ages_are_read_in_four_languages(text: str, expected: set[int]) -> None:
    assert ages(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("يوم الثلاثاء 3 مارس", {date(2026, 3, 3)}),
        ("يومي 9 و10 دجنبر 2025", {date(2025, 12, 9), date(2025, 12, 10)}),
        ("17 شباط", {date(2026, 2, 17)}),
        ("mardi 3 mars", {date(2026, 3, 3)}),
        ("le 1er décembre", {date(2025, 12, 1)}),
        ("on April 20, 2026", {date(2026, 4, 20)}),
        ("el 18 de abril de 2026", {date(2026, 4, 18)}),
        ("31 février", set()),
        ("42 activités", set()),
    ],
)
def test_days_are_read_in_four_languages(text: str, expected: set[date]) -> None:
    assert days(text, PUBLISHED) == expected


def test_a_weekday_is_the_last_one_before_publication() -> None:
    assert weekdays("arrested on Tuesday", PUBLISHED) == {date(2026, 3, 3)}
    assert weekdays("اليوم الخميس", PUBLISHED) == {PUBLISHED}
    assert weekdays("arrested on Tuesday", None) == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("3,4 tonnes de résine", "3.4 tonnes of hashish", False),
        ("plus de trois tonnes", "3,4 طن من الحشيش", False),
        ("six tonnes", "sept tonnes", True),
        ("3,4 tonnes", "1,2 tonne", True),
        ("350 kg", "360 kilos", False),
        ("3,4 tonnes", "une grosse saisie", False),
    ],
)
def test_seizures_differ_by_what_they_weigh_not_by_how_it_is_rounded(
    one: str, other: str, differ: bool
) -> None:
    assert hauls_differ(hauls(one), hauls(other)) is differ


ARREST = (
    "Marrakech : un Français recherché arrêté",
    "La police de Marrakech a arrêté mardi 3 mars un ressortissant français d'origine tunisienne, âgé de "
    "38 ans, soupçonné de meurtre.",
)


def test_the_slots_of_an_arrest_are_read_from_title_and_opening() -> None:
    assert read_slots(*ARREST, PUBLISHED) == Slots(
        age=frozenset({38}),
        day=frozenset({date(2026, 3, 3)}),
        city=frozenset({"marrakesh"}),
        origin=frozenset({"tn"}),
        charge=frozenset({"killing"}),
    )


def test_a_text_that_recalls_an_arrest_further_down_has_no_slots() -> None:
    title, text = (
        "Le ministre reçu à Rabat",
        "Il a salué la coopération.\nMardi, la police a arrêté un homme à Fès.",
    )
    assert read_slots(title, text, PUBLISHED) is None


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        (("38 ans", "41 ans"), "age"),
        (("3 mars", "1er mars"), "day"),
        (("Marrakech", "Tanger"), "city"),
        (("tunisienne", "algérienne"), "origin"),
        (("meurtre", "trafic de cocaïne"), "charge"),
        (("3 mars", "4 mars"), ""),
        (("âgé de 38 ans", "en cavale"), ""),
    ],
)
def test_two_arrests_differ_in_one_slot_however_alike_their_wording(said: tuple[str, str], slot: str) -> None:
    title, text = ARREST
    mine = read_slots(title, text, PUBLISHED)
    theirs = read_slots(title.replace(*said), text.replace(*said), PUBLISHED)
    assert mine
    assert theirs
    assert conflict(mine, theirs).partition(" ")[0] == slot
    assert conflict(mine, theirs) == conflict(theirs, mine)
