"""The shipped source files against the replica of their sites: nothing of a page's noise survives."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crawler.catalogue import load_sources
from crawler.clean import extract
from crawler.urls import url_key
from storage.model import Article, Link, Page
from tests.web import Web, WebArticle, get, serve

SOURCES = {source.id: source for source in load_sources()}
BIDI = str.maketrans(dict.fromkeys("\u200e\u200f\u202a\u202b\u202c"))


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve() as running:
        yield running


def cleaned(web: Web, article: WebArticle) -> Article:
    response = get(web, article.url)
    page = Page(
        link=Link(url=article.url, key=url_key(article.url), source=article.site),
        url=article.url,
        status=response.status,
        body=response.body,
        fetched=datetime.now(UTC),
        headers=tuple((name.lower(), value) for name, value in response.headers.items()),
    )
    found = extract(page, SOURCES[article.site])
    assert found is not None
    return found


def written(article: WebArticle) -> tuple[str, ...]:
    """What the site prints of an article; mc_doualiya prints a summary as its first paragraph."""
    standfirst = (article.summary,) if article.site == "mc_doualiya" and article.summary else ()
    return tuple(" ".join(text.split()) for text in (*standfirst, *article.paragraphs))


def readable(web: Web, site: str) -> list[WebArticle]:
    return [each for each in web.articles if each.site == site and not each.fault]


@pytest.mark.parametrize("site", ["elaph", "eocr", "machahid24", "mc_doualiya"])
def test_every_page_of_a_site_is_its_paragraphs_and_nothing_else(web: Web, site: str) -> None:
    articles = readable(web, site)
    assert len(articles) > 10
    found = {each.id: tuple(cleaned(web, each).text.translate(BIDI).split("\n")) for each in articles}
    assert found == {each.id: written(each) for each in articles}


@pytest.mark.parametrize("site", ["elaph", "eocr", "machahid24", "mc_doualiya"])
def test_every_page_of_a_site_gives_its_title_and_time(web: Web, site: str) -> None:
    articles = readable(web, site)
    found = {each.id: cleaned(web, each) for each in articles}
    assert {key: each.title for key, each in found.items()} == {each.id: each.title for each in articles}
    assert {key: each.published for key, each in found.items()} == {
        each.id: each.published for each in articles
    }


def test_a_re_poster_names_where_its_texts_come_from_and_their_short_links(web: Web) -> None:
    articles = [each for each in readable(web, "eocr") if each.origin]
    assert articles
    for article in articles:
        found = cleaned(web, article)
        assert found.origin == article.origin
        assert f"https://eocr.eu/?p={article.number}" in found.aliases


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("وسيجري الوزير مباحثات مع نظيره المغربي حول الإرهاب والهجرة", True),
        ("ويلتقي المسؤولان خلال الزيارة ممثلين عن الأجهزة الأمنية في البلدين", True),
        ("التقى الوزير خلال زيارته عددا من المسؤولين في الرباط", True),
        ("وزير الداخلية الفرنسي لدى وصوله إلى مطار الرباط سلا", False),
        ("عناصر من الأمن أمام مقر المحكمة في باريس", False),
    ],
)
def test_a_caption_of_elaph_is_told_from_a_paragraph_without_a_full_stop(line: str, stays: bool) -> None:
    url = "https://elaph.com/Web/Morocco/2026/11/1580999.html"
    around = "<p>وأكد الوزيران أن التعاون الأمني بين البلدين سيتواصل خلال السنة المقبلة، وفق بيان صدر.</p>"
    text = f"<div class='content-body'>{around}<p>{line}</p>{around}</div>"
    page = Page(
        link=Link(url=url, key=url_key(url), source="elaph"),
        url=url,
        status=200,
        body=f"<html><body><h1 class='article-title'>لقاء</h1>{text}</body></html>".encode(),
        fetched=datetime.now(UTC),
    )
    found = extract(page, SOURCES["elaph"])
    assert found is not None
    assert (line in found.text.split("\n")) is stays
