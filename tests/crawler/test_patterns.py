"""The article pattern inferred from links."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.probing.patterns import infer_pattern

SEGMENTS = st.one_of(
    st.sampled_from(
        ["2026", "11", "07", "news", "فرنسا", "%D8%A7", "20261120-a-b", "un-titre-long", "titre-123456"]
    ),
    st.from_regex(r"[a-z0-9_.,%-]{0,12}", fullmatch=True),
)
QUERIES = st.sampled_from(["", "", "", "?p=12", "?id=4&lang=fr", "?x"])
URLS = st.builds(
    lambda host, folders, ending, query: f"https://{host}/{'/'.join(folders)}{ending}{query}",
    st.sampled_from(["a.test", "www.a.test", "fr.a.test"]),
    st.lists(SEGMENTS, max_size=5),
    st.sampled_from(["", "", "/", ".html", ".php"]),
    QUERIES,
)


@settings(max_examples=60)
@given(st.lists(URLS, min_size=1, max_size=25))
def test_a_pattern_matches_every_link_it_was_inferred_from(urls: list[str]) -> None:
    inferred = infer_pattern(urls)
    left = [url for url in urls if not re.search(inferred.pattern, url)]
    assert set(left) <= set(inferred.left)
    assert len(inferred.left) <= len(urls) / 3


def numbered(pattern: str, *numbers: int) -> list[str]:
    return [pattern.format(number) for number in numbers]


SLUGS = [f"https://b.test/{title}/" for title in (
    "le-roi-recoit-le-ministre", "une-visite-a-rabat-ce-lundi", "accord-signe-entre-les-deux-pays",
    "un-reseau-demantele-a-tanger", "la-police-saisit-deux-tonnes", "paris-et-rabat-se-parlent",
    "le-procureur-ouvre-une-enquete", "deux-suspects-arretes-a-nice", "la-cour-rend-son-arret-vendredi",
    "des-experts-attendus-a-fes",
)]  # fmt: skip


@pytest.mark.parametrize(
    ("links", "others", "sections"),
    [
        (
            ["https://a.test/politique/44074.html", "https://a.test/societe/192508.html"],
            ["https://www.a.test/sport/210007.html", "http://a.test/economie/9.html"],
            ["https://a.test/", "https://a.test/politique/", "https://a.test/politique/page/2/"],
        ),
        (
            numbered("https://a.test/Web/News/2026/11/15{}.html", 1000, 1001, 1002, 1003, 1004),
            ["https://a.test/Web/Politics/2027/1/160000.html"],
            ["https://a.test/Web/News/", "https://a.test/Web/News/2026/11/", "https://a.test/News/2026/11/1.html"],
        ),
        (
            numbered("https://a.test/المغرب/202611{}-خبر-جديد", 20, 21),
            ["https://a.test/%D9%81%D8%B1/20261207-x"],
            ["https://a.test/المغرب/", "https://a.test/المغرب/2/"],
        ),
        (
            SLUGS,
            ["https://b.test/un-titre-qui-vient-demain/"],
            ["https://b.test/contact/", "https://b.test/category/politique-et-monde-arabe/", "https://b.test/a-la-une"],
        ),
        (
            numbered("https://a.test/2026/11/{}/un-titre-assez-long/", 20, 21),
            ["https://a.test/2027/1/2/un-autre-titre-encore/"],
            ["https://a.test/2026/11/", "https://a.test/2026/11/20/"],
        ),
        (["https://a.test/?p=11817"], ["https://a.test/?p=12"], ["https://a.test/", "https://a.test/?s=x"]),
        (
            numbered("https://a.test/fr/maroc-{}.html", 1234567, 1234568),
            ["https://a.test/fr/un-autre-titre-1300000.html"],
            ["https://a.test/fr/maroc.html", "https://a.test/fr/page-2.html"],
        ),
    ],
)  # fmt: skip
def test_a_pattern_is_that_of_articles_to_come_and_of_no_section(
    links: list[str], others: list[str], sections: list[str]
) -> None:
    pattern = infer_pattern(links).pattern
    assert [url for url in (*links, *others) if not re.search(pattern, url)] == []
    assert [url for url in sections if re.search(pattern, url)] == []


def test_the_day_in_an_address_is_named() -> None:
    match = re.search(
        infer_pattern(["https://a.test/fr/20261120-un-titre"]).pattern, "https://a.test/fr/20270102-x"
    )
    assert match
    assert match.groupdict() == {"year": "2027", "month": "01", "day": "02"}


def test_a_page_of_the_menu_among_many_articles_is_left_aside_and_named() -> None:
    inferred = infer_pattern([*SLUGS, "https://b.test/direct/"])
    assert inferred.left == ("https://b.test/direct/",)
    assert inferred.why == ("10 links like /slug",)
    assert not re.search(inferred.pattern, "https://b.test/direct/")


def test_among_addresses_with_a_date_even_one_of_three_is_left_aside() -> None:
    dated = numbered("https://a.test/fr/maroc/202611{}-un-titre", 20, 21)
    assert infer_pattern([*dated, "https://a.test/fr/podcasts/"]).left == ("https://a.test/fr/podcasts/",)
    assert infer_pattern([*dated, "https://a.test/fr/direct/", "https://a.test/fr/carte/"]).left == ()


def test_two_kinds_of_articles_are_two_alternatives() -> None:
    links = [
        *numbered("https://a.test/news/{}.html", 1, 2, 3),
        *numbered("https://a.test/2026/11/une-video-{}/", 4, 5),
    ]
    inferred = infer_pattern(links)
    assert inferred.why == ("3 links like /…/NUMBER.html", "2 links like /YEAR/MONTH/slug")
    assert all(re.search(inferred.pattern, url) for url in links)
    assert not re.search(inferred.pattern, "https://a.test/news/")


def test_without_a_link_there_is_no_pattern() -> None:
    with pytest.raises(ValueError, match="no URL"):
        infer_pattern([])
