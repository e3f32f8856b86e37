"""When a page holds more of its article than an extractor took."""

from lxml import html

from crawler.cleaning.prose import fullest

FIRST = [
    f"Le ministre a parlé du dossier {number} avec son homologue de Rabat lundi." for number in range(12)
]
SECOND = [
    f"La commission a rendu son avis {number} sur la coopération des deux polices." for number in range(12)
]


def tree(*paragraphs: str, links: str = "") -> html.HtmlElement:
    shown = "".join(f"<p>{text}</p>" for text in paragraphs)
    return html.document_fromstring(f"<html><body><article>{shown}{links}</article></body></html>")


def test_what_covers_the_page_stays_as_it_is() -> None:
    text = "\n".join(FIRST)
    assert fullest(text, tree(*FIRST), "") == (text, "trafilatura")


def test_the_half_of_an_article_becomes_the_whole() -> None:
    assert fullest("\n".join(FIRST), tree(*FIRST, *SECOND), "") == ("\n".join([*FIRST, *SECOND]), "markup")


def test_links_and_captions_are_not_counted_as_prose() -> None:
    others = "".join(f"<li><p>{text}</p></li><p><a href='/x'>{text}</a></p>" for text in SECOND)
    assert fullest("\n".join(FIRST), tree(*FIRST, links=others), "")[1] == "trafilatura"


def test_a_list_of_headlines_gives_way_to_the_article_body_of_the_page() -> None:
    assert fullest("Autres titres\nLe sport", tree(), " ".join(FIRST)) == (" ".join(FIRST), "json-ld")


def test_an_article_body_that_is_only_a_teaser_changes_nothing() -> None:
    text = "\n".join([*FIRST, *SECOND])
    assert fullest(text, tree(*FIRST, *SECOND), " ".join(FIRST)) == (text, "trafilatura")
