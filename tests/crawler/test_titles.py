"""Titles without site names and kickers."""

import pytest

from crawler.cleaning.titles import choose_title

SITES = ("Le Journal", "lejournal.test", "lejournal")


@pytest.mark.parametrize(
    ("headings", "said", "page_title"),
    [
        (("Rabat et Paris signent un accord",), ("Rabat et Paris signent un accord - Le Journal",), ""),
        ((), ("Rabat et Paris signent un accord | Le Journal",), ""),
        ((), ("Le Journal : Rabat et Paris signent un accord",), ""),
        ((), (), "Rabat et Paris signent un accord — LeJournal"),
        (("Le Journal", "Rabat et Paris signent un accord"), ("Rabat et Paris signent un accord",), ""),
        (("Politique | Rabat et Paris signent un accord",), ("Rabat et Paris signent un accord",), ""),
        (("Politique",), ("Rabat et Paris signent un accord",), "Rabat et Paris signent un accord"),
        (("Rabat et Paris signent un accord",), ("Maroc, France : ce que change l'accord",), ""),
        ((), ("Rabat et Paris signent…", "Rabat et Paris signent un accord"), ""),
    ],
)
def test_the_title_is_the_heading_without_site_and_kicker(
    headings: tuple[str, ...], said: tuple[str, ...], page_title: str
) -> None:
    assert choose_title(headings, said, page_title, SITES) == "Rabat et Paris signent un accord"


@pytest.mark.parametrize(
    "title",
    ["Maroc-France : un accord", "Sécurité | Ce que dit le texte", "برنار: المغرب شريك أساسي", "F1"],
)
def test_a_part_that_is_not_the_name_of_the_site_stays(title: str) -> None:
    assert choose_title((), (title,), "", SITES) == title


def test_nothing_known_gives_no_title() -> None:
    assert choose_title((), (), "", SITES) == ""
