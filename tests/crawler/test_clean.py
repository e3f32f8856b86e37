"""From a page to an article, through the one public door."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.clean import extract
from crawler.cleaning.noise import is_noise
from storage.errors import PageError
from storage.model import Article
from tests.factories import link, page, source

TITLE = "المغرب وفرنسا يتفقان على تبادل المعلومات الأمنية"
FIRST = "اتفق وزيرا داخلية المغرب وفرنسا، اليوم الإثنين، على تعزيز تبادل المعلومات بين مصالحهما الأمنية."
SECOND = "وقال الوزيران في ندوة صحفية إن التعاون بين البلدين في مكافحة الإرهاب بلغ مستوى غير مسبوق هذه السنة."
THIRD = "وأضاف الوزير المغربي أن لجنة مشتركة ستجتمع كل ثلاثة أشهر لتتبع تنفيذ ما تم الاتفاق عليه."
BODY = (FIRST, SECOND, THIRD)


def html(*body: str, head: str = "", around: str = "{}", lang: str = "ar") -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in body)
    shown = around.format(f"<h1>{TITLE}</h1><div class='text'>{paragraphs}</div>")
    return f"<html lang='{lang}'><head>{head}</head><body><article>{shown}</article></body></html>".encode()


def article(body: bytes, **changes: Any) -> Article:
    found = extract(page(body=body), source(**changes))
    assert found is not None
    return found


def test_the_body_is_a_line_a_paragraph_with_whitespace_normalised() -> None:
    assert article(html(FIRST.replace("،", "،&nbsp; "), "&nbsp;", SECOND, THIRD)).text == "\n".join(BODY)


@pytest.mark.parametrize(
    "noise",
    [
        "اقرأ أيضا: وزير الداخلية يستقبل نظيره الفرنسي",
        "اقرأ أيضا",
        "72",
        "عدد التعليقات 0",
        "o-BERNARD-PORTRAIT-agence",
        "photo_2024_11.jpg",
        "سمعي 06:16",
        "جميع الحقوق محفوظة © 2026",
        "Lire aussi : Le ministre reçoit son homologue",
        "Click here to subscribe to our newsletter",
        TITLE,
        "12 نونبر 2026 - 18:30",
        "بقلم: مريم الصحراوي",
    ],
)
def test_what_every_site_puts_around_an_article_is_dropped(noise: str) -> None:
    assert article(html(noise, *BODY)).text == "\n".join(BODY)


@pytest.mark.parametrize(
    "sentence",
    [
        "اشترك الجانبان في تنظيم تدريب أمني بمدينة القنيطرة خلال شهر أكتوبر الماضي بحضور خبراء.",
        "شارك في اللقاء مسؤولون عن الأمن الوطني ومراقبة التراب الوطني من البلدين معا.",
        "Partager le renseignement reste la priorité, a déclaré le ministre de l'Intérieur à Rabat.",
        "The suspect used to contact his victims on Facebook before he was arrested in Tangier.",
        "Related cases are still before the court in Paris, said the prosecutor on Monday.",
    ],
)
def test_a_sentence_that_begins_like_a_call_stays(sentence: str) -> None:
    assert sentence in article(html(FIRST, SECOND, sentence)).text.split("\n")


def test_the_rules_of_a_source_take_off_its_own_lines() -> None:
    found = article(
        html(
            "جريدة المثال",
            f"example-news – {FIRST}",
            SECOND,
            "رابط مختصر.. https://example.ma/?p=7",
            THIRD,
            "المزيد",
            "x",
        ),
        select={"text": ("div.text",)},
        drop_lines=("جريدة المثال",),
        end_lines=("المزيد$",),
        first_line={"origin": r"([a-z0-9-]+)\s*[–-]\s"},
        last_line={"aliases": r"رابط مختصر\W*(https?://\S+)"},
    )
    assert found.text == "\n".join(BODY)
    assert found.origin == "example-news"
    assert "https://example.ma/?p=7" in found.aliases
    assert found.found_by["text"] == "select"


def test_a_place_before_the_first_sentence_is_kept_apart() -> None:
    found = article(
        html(f"المثال من الرباط: {FIRST}", SECOND), first_line={"place": r"المثال من ([^:]{2,20}):\s*"}
    )
    assert (found.place, found.text.split("\n")[0]) == ("الرباط", FIRST)


def test_dropped_elements_leave_no_text_but_may_still_give_a_field() -> None:
    meta = "<div class='meta'><span class='when' title='2026-11-12T18:30:00+01:00'>قبل قليل</span></div>"
    found = article(html(*BODY, around=meta + "{}"), drop=(".meta",), select={"published": (".when",)})
    assert found.published is not None
    assert found.published.isoformat() == "2026-11-12T18:30:00+01:00"
    assert "قليل" not in found.text


def test_links_to_other_articles_and_captions_are_no_paragraphs() -> None:
    body = html(
        FIRST,
        "<a href='/2'>وزير الداخلية الفرنسي يزور طنجة</a>",
        "<img src='a.jpg'>",
        "الوزيران في الرباط",
        *BODY[1:],
    )
    assert article(body).text == "\n".join(BODY)


@pytest.mark.parametrize(
    ("head", "published", "by"),
    [
        (
            "<script type='application/ld+json'>{'not': json}</script><script type='application/ld+json'>"
            '{"@graph": [{"@type": "NewsArticle", "datePublished": "2026-11-12T18:30:00+01:00"}]}</script>'
            "<meta property='article:published_time' content='2026-11-01'>",
            "2026-11-12T18:30:00+01:00",
            "json-ld",
        ),
        (
            "<meta property='article:published_time' content='2026-11-12T18:30:00Z'>",
            "2026-11-12T18:30:00+00:00",
            "meta",
        ),
        (
            '<script type="application/ld+json">{"@type": "Report", "datePublished": "2026-11-12"}</script>'
            "<meta property='article:published_time' content='2026-11-12T18:30:00Z'>",
            "2026-11-12T18:30:00+00:00",
            "meta",
        ),
        (
            "<meta property='article:published_time' content='2031-01-01T00:00:00Z'>"
            "<meta name='date' content='12 نونبر 2026'>",
            "2026-11-12T12:00:00+01:00",
            "meta",
        ),
    ],
)
def test_publication_is_the_best_of_what_the_page_says(head: str, published: str, by: str) -> None:
    found = article(html(*BODY, head=head))
    assert found.published is not None
    assert (found.published.isoformat(), found.found_by["published"]) == (published, by)


def test_a_page_without_date_takes_that_of_its_entry_and_else_none() -> None:
    body = html(*BODY, "© 2026")
    assert article(body).published is None
    told = page(body=body, link=link(published=page().fetched - timedelta(days=1)))
    found = extract(told, source())
    assert found is not None
    assert (found.published, found.found_by["published"]) == (told.link.published, "entry")


def test_an_article_without_body_is_none() -> None:
    assert extract(page(body=html("قريبا")), source()) is None


@pytest.mark.parametrize(
    "body",
    [
        b"<html><head><title>Just a moment...</title></head><body><p>Checking your browser</p></body></html>",
        b"<html><title>Client Challenge</title><body><div id='challenge-error'>x</div></body></html>",
        b"<html><title>Before you continue</title><body><form>cookies</form></body></html>",
    ],
)
def test_a_page_that_asks_for_a_person_is_no_article(body: bytes) -> None:
    assert extract(page(body=body), source()) is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"a": 1}', "not HTML"),
        (b"<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>", "not HTML"),
        (b"", "not HTML"),
        (b"<html>" + b" " * 8_000_001, "larger than 8 MB"),
        (b"<html><body>" + b"<a>x</a>" * 15_001, "more than 15000 tags"),
    ],
)
def test_what_cannot_be_cleaned_says_so_with_its_address(body: bytes, why: str) -> None:
    with pytest.raises(PageError, match=why) as caught:
        extract(page(body=body), source())
    assert str(caught.value).startswith("https://example.ma/news/1: ")


def test_a_document_of_another_kind_is_not_html() -> None:
    with pytest.raises(PageError, match="not HTML"):
        extract(page(body=html(*BODY), headers=(("content-type", "application/pdf"),)), source())


def test_an_agency_credit_gives_the_origin() -> None:
    assert article(html(f"الرباط (أ ف ب) - {FIRST}", SECOND)).origin == "أ ف ب"
    assert article(html(FIRST, SECOND, "و.م.ع")).origin == "و.م.ع"
    assert article(html(FIRST, SECOND, "و.م.ع")).text == f"{FIRST}\n{SECOND}"


def test_addresses_of_the_same_article_become_aliases() -> None:
    head = (
        "<link rel='canonical' href='https://www.example.ma/news/9-agreement'>"
        "<link rel='shortlink' href='https://example.ma/?p=9'><link rel='amphtml' href='https://cdn.test/amp/9'>"
    )
    found = article(html(*BODY, head=head), article_url=r"^https://(www\.)?example\.ma/news/\d+")
    assert found.key == "https://example.ma/news/9-agreement"
    assert "https://example.ma/?p=9" in found.aliases
    assert not any("cdn.test" in alias for alias in found.aliases)


@pytest.mark.parametrize("canonical", ["https://elsewhere.test/news/1", "https://example.ma/home/", "/"])
def test_a_canonical_link_that_is_no_article_of_the_site_is_not_believed(canonical: str) -> None:
    head = f"<link rel='canonical' href='{canonical}'>"
    assert article(html(*BODY, head=head)).url == "https://example.ma/news/1"


@pytest.mark.parametrize(
    ("lines", "declared", "language"),
    [
        (BODY, "en-US", "ar"),
        (
            (
                "Le ministre de l'Intérieur a reçu lundi à Rabat son homologue français.",
                "Les deux pays veulent renforcer l'échange de renseignements sur les réseaux de trafic.",
                "Une commission mixte se réunira tous les trois mois, ont indiqué les ministres à la presse.",
            ),
            "en",
            "fr",
        ),
    ],
)
def test_a_text_in_plainly_another_language_than_its_page_wins(
    lines: tuple[str, ...], declared: str, language: str
) -> None:
    assert article(html(*lines, lang=declared)).language == language


@pytest.mark.parametrize("charset", ["utf-8", "cp1256"])
@pytest.mark.parametrize("declared", ["utf-8", "windows-1256", "iso-8859-1", ""])
def test_a_declared_charset_may_lie(charset: str, declared: str) -> None:
    meta = f"<meta charset='{declared}'>" if declared else ""
    body = html(*BODY, head=meta).decode().encode(charset)
    found = extract(page(body=body, headers=()), source())
    assert found is not None
    assert found.text == "\n".join(BODY)


def complaint(body: bytes) -> str:
    """What is said of a page; an article or none says nothing."""
    try:
        extract(page(body=body), source())
    except PageError as error:
        return str(error)
    return ""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([b"<p>", b"</div>", b"<article>", b"\xd8\xa7 ", b"\xff", b"<!--", b"<script>"]))
)
def test_no_medley_of_tags_breaks_the_cleaning(parts: list[bytes]) -> None:
    assert "cannot be cleaned" not in complaint(b"<html><body>" + b"".join(parts) * 5)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_cleaning(body: bytes) -> None:
    assert "cannot be cleaned" not in complaint(body)


@pytest.mark.parametrize("written", ["{:c}", "&#{};", "&#00{}", "&#x{:x};", "&#X0{:X}"])
@pytest.mark.parametrize("code", [*range(0x01, 0x09), *range(0x0E, 0x1C), 0xFFFE, 0xFFFF])
def test_what_xml_forbids_spoils_neither_an_article_nor_a_word_of_it(written: str, code: int) -> None:
    spoiled = FIRST.replace("المغرب", f"المغ{written.format(code)}رب")
    assert article(html(spoiled, SECOND, THIRD)).text == "\n".join(BODY)


def test_what_is_written_like_it_stays() -> None:
    told = article(html(f"{FIRST} &#x1F4F0; &#xE9; &#x10E0; &#101; &#8217; &#65534A", SECOND, THIRD)).text
    assert f"{FIRST} \U0001f4f0 é \u10e0 e ’ A" in told


def test_deep_nesting_breaks_nothing() -> None:
    assert "cannot be cleaned" not in complaint(b"<html><body>" + b"<div>" * 20_000 + FIRST.encode())


def test_to_take_part_is_no_call_to_subscribe() -> None:
    assert not is_noise("للاشتراك في القتال سافر المتهم من طنجة إلى بلد آخر.")
    assert is_noise("للاشتراك في النشرة البريدية اضغط هنا")
