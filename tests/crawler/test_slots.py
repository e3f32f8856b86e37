"""What tells two arrests apart."""

from datetime import date

import pytest

from crawler.stories.editions import editions
from crawler.stories.facts import ages, days, hauls, hauls_differ, weekdays
from crawler.stories.matters import find_matters, stages
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
        ("un Français âgé de trente-cinq ans", {35}),
        ("âgée de soixante-dix-sept ans", {77}),
        ("un francés de cincuenta y un años", {51}),
        ("a sixty-year-old Frenchman", {60}),
        ("a fifty-three-year-old", {53}),
        ("يبلغ من العمر إحدى وأربعين سنة", {41}),
        ("في الحادية والأربعين من عمره", {41}),
        ("un Français né en 1981", {44, 45}),
        ("مواطن فرنسي من مواليد 1990", {35, 36}),
        ("un quadragénaire", set()),
        ("il a passé onze ans en prison", set()),
    ],
)
def test_ages_are_read_in_four_languages(text: str, expected: set[int]) -> None:
    assert ages(text, PUBLISHED) == expected


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


@pytest.mark.parametrize(
    ("text", "kilograms"),
    [
        ("16 000 kg", 16000),
        ("12 500 kg", 12500),
        ("7,200 kg", 7200),
        ("7.200 kilos", 7200),
        ("12.5 kilos", 12.5),
        ("1,5 tonne", 1500),
        ("1.250 tonnes", 1250),
        ("seize tonnes", 16000),
        ("une tonne et demie", 1500),
        ("two and a half tonnes", 2500),
        ("طنين من الحشيش", 2000),
        ("طن ونصف", 1500),
    ],
)
def test_a_weight_is_read_with_thousands_decimals_and_in_words(text: str, kilograms: float) -> None:
    assert hauls(text) == {kilograms}


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Morocco extradites Kamel Zitouni to France", "handover"),
        ("Kamel Zitouni vient d'être extradé vers la France", "handover"),
        ("المغرب يسلم كمال زيتوني", "handover"),
        ("الحكم بعد تسليمه إلى فرنسا", "handover"),
        ("Kamel Zitouni sera bientôt extradé vers la France", ""),
        ("Kamel Zitouni doit être extradé vers la France", ""),
        ("Kamel Zitouni réclame de ne pas être extradé vers la France", ""),
        ("Kamel Zitouni n'a pas été extradé vers la France", ""),
        ("Will Kamel Zitouni be extradited to France?", ""),
        ("Kamel Zitouni to be extradited to France", ""),
        ("Kamel Zitouni será extraditado a Francia", ""),
        ("المغرب سيسلم كمال زيتوني", ""),
        ("فرنسا مطالبة بتسليمه", ""),
        ("تسليمه إلى فرنسا ممكن", ""),
        ("كمال زيتوني يوافق على تسليمه إلى فرنسا", "consent"),
        ("القضاء المغربي يوافق على تسليمه إلى فرنسا", "approval"),
        ("La policía detuvo a Kamel Zitouni", "arrest"),
        ("Arrestaron a Kamel Zitouni", "arrest"),
        ("Un baron de la drogue tombe à Marrakech", "arrest"),
        ("Laftit and Nuñez hold talks", ""),
        ("Morocco and France hold a joint commission", ""),
        ("La neige tombe sur Ifrane", ""),
        ("The project was stopped", ""),
    ],
)
def test_a_stage_is_told_only_where_it_has_come_about(text: str, stage: str) -> None:
    assert stages([find_matters(text)]) == ({stage} - {""})


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("La 23e commission militaire mixte franco-marocaine", {"23."}),
        ("the twenty-third Morocco-France joint military commission", {"23."}),
        ("la vigesimotercera reunión de la comisión", {"23."}),
        ("الاجتماع الثالث والعشرون للجنة العسكرية", {"23."}),
        ("Coup d'envoi de Chergui 2025", {"2025"}),
        ("انطلاق تمرين «شركي 22»", {"2022"}),
        ("la première réunion depuis 2019", {"2019"}),
        ("arrêté dans le 23e arrondissement en 2025", set()),
    ],
)
def test_sessions_and_exercises_are_counted_by_number_or_year(text: str, counted: set[str]) -> None:
    assert editions(text) == counted


ARREST = (
    "Marrakech : un Français recherché arrêté",
    "La police de Marrakech a arrêté mardi 3 mars un ressortissant français d'origine tunisienne, âgé de "
    "38 ans, soupçonné de meurtre.",
)


def test_the_slots_of_an_arrest_are_read_from_title_and_opening() -> None:
    assert read_slots(*ARREST, PUBLISHED) == Slots(
        age=frozenset({38}),
        decade=frozenset({30}),
        day=frozenset({date(2026, 3, 3)}),
        city=frozenset({"marrakesh"}),
        origin=frozenset({"tn"}),
        charge=frozenset({"killing"}),
        sex=frozenset({"man"}),
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
        (("âgé de 38 ans", "quadragénaire"), "decade"),
        (("âgé de 38 ans", "né en 1988"), ""),
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


def test_the_arrest_of_a_woman_is_not_that_of_a_man() -> None:
    man, woman = "Tanger : un Français arrêté pour vol", "Tanger : une Française arrêtée pour vol"
    found = [read_slots(title, "La police n'en dit pas plus.", PUBLISHED) for title in (man, woman)]
    assert conflict(*filter(None, found)) == "sex man / woman"
