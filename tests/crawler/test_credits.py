"""Bylines, agency credits and datelines."""

import pytest

from crawler.cleaning.credits import people, read_authors, read_credit, read_dateline


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("Par Samira Alaoui",), ("Samira Alaoui",)),
        (("بقلم: مريم الصحراوي",), ("مريم الصحراوي",)),
        (("By Ann Lee and Tom Roe",), ("Ann Lee", "Tom Roe")),
        (("Samira Alaoui; Jean Petit", "Jean Petit"), ("Samira Alaoui", "Jean Petit")),
        (("Ann Lee, Senior Reporter",), ("Ann Lee",)),
        (("J. R. Roe",), ("J. R. Roe",)),
        (("N. C. J.",), ("N. C. J.",)),
        (("View all posts by Ann Lee",), ("Ann Lee",)),
        (("https://social.test/ann", "@ann", "admin", "12/11/2026"), ()),
    ],
)
def test_names_come_without_what_surrounds_them(given: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert read_authors(given) == expected


def test_site_and_agency_are_no_persons() -> None:
    assert people(("Ann Lee", "Le Journal", "AFP"), ("le journal",)) == ("Ann Lee",)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("RABAT (AFP) - Le ministre est arrivé.", ("RABAT", "AFP")),
        ("Rabat, 12 novembre (MAP) – Le ministre est arrivé.", ("Rabat", "MAP")),
        ("الرباط (أ ف ب) - وصل الوزير.", ("الرباط", "أ ف ب")),
        ("(رويترز) - وصل الوزير.", ("", "رويترز")),
        ("Le ministre (AFP) est arrivé.", ("Le ministre", "AFP")),
        ("Le ministre est arrivé à Rabat.", ("", "")),
    ],
)
def test_the_start_of_a_text_tells_place_and_agency(line: str, expected: tuple[str, str]) -> None:
    assert read_dateline(line) == expected


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("وصل الوزير إلى الرباط (و.م.ع)", "و.م.ع"),
        ("Le ministre est reparti. (AFP)", "AFP"),
        ("avec AFP", "AFP"),
        ("Le ministre est reparti avec une MAP", "MAP"),
        ("Le ministre est reparti.", ""),
    ],
)
def test_the_end_of_a_text_tells_the_agency(line: str, agency: str) -> None:
    assert read_credit(line) == agency


@pytest.mark.parametrize("name", ["كتبي محمد", "Mohamed El Y Idrissi"])
def test_a_name_that_holds_a_word_of_bylines_stays_whole(name: str) -> None:
    assert read_authors((name,)) == (name,)
