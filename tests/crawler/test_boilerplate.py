"""What a source repeats is learned while it is crawled, over HTTP."""

from datetime import UTC, datetime
from pathlib import Path

from storage.archive import Archive
from storage.query import parse_query
from tests.crawler.crawling import Place, feed
from tests.web import Web, serve

ODD = "Nos lecteurs de Rabat et de Paris nous écrivent chaque jour par pigeon voyageur."
SHARED = "Le procureur de Paris a salué une coopération exemplaire avec la police marocaine."
XML = {"Content-Type": "text/xml"}


def publish(web: Web, number: int, *lines: str) -> None:
    """An article with an odd line in its middle."""
    told = (
        f"La police marocaine et la police française ont arrêté {number} suspects à Tanger.",
        ODD,
        f"Les {number} hommes préparaient un attentat terroriste à Paris, selon la brigade {number}.",
        *lines,
    )
    body = "".join(f"<p>{line}</p>" for line in told)
    title = f"Maroc-France : {number} arrestations antiterroristes"
    article = f"<article><h1>{title}</h1>{body}</article>"
    page = f"<html><head><title>{title}</title></head><body>{article}</body></html>"
    web.answer("site.test", f"/news/{number}", body=page)


def texts(place: Place) -> dict[str, str]:
    with Archive(place.archive_url) as archive:
        found = archive.search(parse_query("since:2000-01-01", now=datetime.now(UTC)), limit=100)
        return {hit.found.article.url: hit.found.article.text for hit in found.hits}


def test_a_source_loses_the_odd_line_of_all_its_pages_and_keeps_that_of_two(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path, web.url)
        place.write("site", "site.test")
        for numbers in (range(1, 7), range(7, 10)):
            for number in numbers:
                publish(web, number, *((SHARED,) if number in (6, 7) else ()))
            body = feed(*(f"/news/{number}" for number in numbers))
            web.answer("site.test", "/feed", body=body, headers=XML)
            assert place.crawl("site")["site"].fetched == len(numbers)
        found = texts(place)
    early, late = found["https://site.test/news/6"], found["https://site.test/news/7"]
    assert ODD in early
    assert ODD not in late
    assert SHARED in early
    assert SHARED in late
    assert len([text for text in found.values() if ODD in text]) == 6
