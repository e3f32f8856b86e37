"""What stands in one near-copy in place of what stands in the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.stories.templates import substituted
from crawler.stories.wording import pieces, told_in

TEXT = (
    "Un Français, Ilyès Bouchama, recherché pour fraude par le parquet de Dijon, a été arrêté mardi à Safi "
    "par la police, selon la 4e chambre. Les enquêteurs ont saisi 16 000 euros et trois voitures sur le vol "
    "de Rabat à Nice, où il vivait depuis la fin de 2024 avec de faux papiers, a appris Hespress."
)
ARABIC = (
    "أحالت الشرطة القضائية بمدينة القنيطرة على النيابة العامة المدعو سمير العلواني، المبحوث عنه من طرف "
    "القضاء الفرنسي، وحجزت بمنزله في حي الزيتون ثلاثة حواسيب وأختاما مزورة لفائدة شبكة للهجرة."
)


@pytest.mark.parametrize(
    ("text", "before", "after", "why"),
    [
        (TEXT, "2024", "2025", "year 2024 / 2025"),
        (TEXT, "4e", "cinquième", "edition 4 / 5"),
        (TEXT, "trois", "six", "number 3 / 6"),
        (TEXT, "mardi", "jeudi", "day 1 / 3"),
        (TEXT, "Dijon", "Nîmes", "name dijon / nimes"),
        (TEXT, "Safi", "Zagora", "name safi / zagora"),
        (TEXT, "Ilyès Bouchama", "Farid Makhloufi", "name farid makhloufi / ilyes bouchama"),
        (TEXT, "Bouchama", "Makhloufi", "name bouchama / makhloufi"),
        (TEXT, "Rabat à Nice", "Nice à Rabat", "way nice rabat / rabat nice"),
        (TEXT, "Un Français", "Un Belge", "country BE / FR"),
        (ARABIC, "سمير العلواني", "جمال البوزيدي", "name جمال البوزيدي / سمير العلواني"),
        (ARABIC, "الزيتون", "الورود", "name الورود / الزيتون"),
        (ARABIC, "ثلاثة", "سبعة", "number 3 / 7"),
    ],
)
def test_what_is_particular_stands_in_place_of_the_other(
    text: str, before: str, after: str, why: str
) -> None:
    found = substituted(("", text), ("", text.replace(before, after)))
    assert [sorted(str(each).partition(" ")[2].split(" / ")) for each in found] == [
        sorted(why.partition(" ")[2].split(" / "))
    ]
    assert [each.kind for each in found] == [why.split()[0]]


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        pytest.param(TEXT, "trois", "3", id="a number in digits"),
        pytest.param(TEXT, "16 000", "16.000", id="thousands with a point"),
        pytest.param(TEXT, "16 000", "15 900", id="a large figure rounded"),
        pytest.param(TEXT, "4e", "quatrième", id="an ordinal in words"),
        pytest.param(TEXT, "Bouchama", "Bouchamma", id="a name spelled otherwise"),
        pytest.param(TEXT, "Bouchama", "B.", id="a name shortened"),
        pytest.param(TEXT, "Ilyès Bouchama", "un homme", id="a name left out"),
        pytest.param(TEXT, "Hespress", "Le360", id="another outlet"),
        pytest.param(TEXT, "mardi", "mardi 3 mars", id="a date added"),
        pytest.param(TEXT, "mardi", "hier", id="a day told otherwise"),
        pytest.param(TEXT, "Les enquêteurs", "Les policiers", id="another word"),
        pytest.param(TEXT, "saisi 16 000 euros et", "saisi", id="a cut"),
        pytest.param(TEXT, "Un Français", "Paris - Un Français", id="a dateline"),
        pytest.param(TEXT, "Hespress.", "Hespress.\nKarim Alami", id="a byline"),
        pytest.param(TEXT, "Bouchama", "BouchÃ¤ma", id="a broken letter"),
        pytest.param(ARABIC, "سمير", "سَمِير", id="vowel marks"),
        pytest.param(ARABIC, "ثلاثة", "٣", id="Arabic digits"),
        pytest.param(ARABIC, "العلواني", "العلوانى", id="another ya"),
        pytest.param(ARABIC, "حواسيب", "هواتف", id="another Arabic word"),
    ],
)
def test_edits_of_a_copy_are_no_substitution(text: str, before: str, after: str) -> None:
    edited = text.replace(before, after)
    assert edited != text
    assert substituted(("", told_in(text)), ("", told_in(edited))) == ()


def test_who_is_only_named_in_another_order_is_the_same() -> None:
    one = "Selon le parquet, les ministres Nuñez et Laftit ont parlé hier de fraude et de visas à Rabat."
    other = one.replace("Nuñez et Laftit", "Laftit et Nuñez")
    assert substituted(("", one), ("", other)) == ()


def test_a_title_tells_of_another_event_only_where_the_other_account_names_nothing_of_it() -> None:
    exercise = (
        ("Chergui 2022 : coup d'envoi de l'exercice", TEXT),
        ("Chergui 2025 : coup d'envoi de l'exercice", TEXT),
    )
    assert [each.kind for each in substituted(*exercise)] == ["year"]
    headings = (
        ("Un Français arrêté à Safi pour fraude", TEXT),
        ("Un Français de Dijon arrêté pour fraude", TEXT),
    )
    assert substituted(*headings) == ()


@given(st.text("aB 1é.\n"), st.text("aB 1é.\n"))
def test_the_order_of_two_texts_does_not_matter(one: str, other: str) -> None:
    assert substituted(("", one), ("", other)) == substituted(("", other), ("", one))


def test_a_number_is_one_piece_however_it_is_written() -> None:
    for written in ("16 000", "16.000", "16,000", "16\u202f000"):
        assert [each.value for each in pieces(f"saisi {written} euros") if each.kind] == ["16000"]
    assert [each.value for each in pieces("à 14h30, à 12:45 et le 10/09/2025") if each.kind] == []
