"""What a page asks of those who show it, and what kind of article it is."""

from typing import Any

import pytest

from crawler.clean import extract
from storage.model import Article
from tests.factories import page, source

LINES = (
    "Le ministre de l'Intérieur a reçu lundi à Rabat son homologue français pour une séance de travail.",
    "Les deux pays veulent renforcer l'échange de renseignements sur les réseaux de trafic.",
)


def article(
    *lines: str, title: str = "Rabat reçoit Paris", head: str = "", url: str = "", headers: Any = ()
) -> Article:
    text = "".join(f"<p>{line}</p>" for line in (*LINES, *lines))
    body = f"<html><head>{head}</head><body><article><h1>{title}</h1>{text}</article></body></html>"
    found = extract(
        page(body=body.encode(), headers=headers, url=url or "https://example.ma/news/1"), source()
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("head", "headers", "rights"),
    [
        ("", (), ()),
        ("<meta name='robots' content='index, follow'>", (), ()),
        ("<meta name='ROBOTS' content='NOARCHIVE'>", (), ("noarchive",)),
        ("<meta name='robots' content='none'>", (), ("noarchive", "noindex")),
        ("<meta name='rasid' content='noindex, nofollow'>", (), ("noindex",)),
        ("<meta name='googlebot' content='noindex'>", (), ()),
        ("<meta name='tdm-reservation' content='1'>", (), ("tdm-reservation",)),
        ("<meta name='tdm-reservation' content='0'>", (("tdm-reservation", "0"),), ()),
        ("", (("tdm-reservation", "1"),), ("tdm-reservation",)),
        ("", (("x-robots-tag", "noindex, noarchive"),), ("noarchive", "noindex")),
        ("", (("x-robots-tag", "rasid: noarchive"),), ("noarchive",)),
        ("", (("x-robots-tag", "googlebot: noindex, noarchive"),), ()),
        ("", (("x-robots-tag", "googlebot: noindex, *: noarchive"),), ("noarchive",)),
        (
            "",
            (("x-robots-tag", "unavailable_after: 25 Jun 2030 15:00:00 PST, none"),),
            ("noarchive", "noindex"),
        ),
    ],
)
def test_rights_are_what_page_and_headers_ask_of_us(head: str, headers: Any, rights: tuple[str, ...]) -> None:
    found = article(head=head, headers=headers)
    assert found.rights == rights
    assert ("rights" in found.found_by) == bool(rights)


LIVE = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Rabat"}</script>'
TIMES = tuple(f"1{hour}:05 Le cortège du ministre est passé devant la gare de la ville." for hour in range(4))


@pytest.mark.parametrize(
    ("changes", "lines", "genre"),
    [
        ({}, (), ""),
        ({"head": LIVE}, (), "live"),
        ({"url": "https://example.ma/fr/live/news/1"}, (), "live"),
        ({"title": "EN DIRECT : Rabat reçoit Paris"}, TIMES, "live"),
        ({"title": "مباشر: الرباط تستقبل باريس"}, TIMES, "live"),
        ({"title": "EN DIRECT : Rabat reçoit Paris"}, (), ""),
        ({"title": "مباشر مع مراسل : الرباط تستقبل باريس"}, TIMES, ""),
        ({"title": "قراءة في الصحف الفرنسية: باريس والرباط"}, (), "review"),
        ({"title": "أقوال الصحف ليوم الاثنين"}, (), "review"),
        ({"title": "Revue de presse : Rabat à la une"}, (), "review"),
        ({"url": "https://example.ma/revue-de-presse-francaise/news/1"}, (), "review"),
        ({"head": "<meta property='article:section' content='Revue de presse'>"}, (), "review"),
        ({"title": "Le ministre dénonce une revue de presse partiale"}, (), ""),
    ],
)
def test_a_live_page_and_a_press_review_are_told_from_an_article(
    changes: dict[str, str], lines: tuple[str, ...], genre: str
) -> None:
    found = article(*lines, **changes)
    assert found.genre == genre
    assert ("genre" in found.found_by) == bool(genre)
