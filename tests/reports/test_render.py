"""render: an edition in each language, safe and whole in any mail client."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from reports.contents import Digest
from reports.render import render
from storage.errors import ConfigError
from storage.model import Doubt, Edition, SourceHealth
from tests.reports.week import health, many, week

LANGUAGES = ("ar", "fr", "en")
OVERRIDES = "\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067"  # none of ours
FSI, PDI = "\u2068", "\u2069"
# what loads something, runs something or sends something
ACTIVE = (
    "script",
    "img",
    "link",
    "base",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "video",
    "audio",
    "svg",
)
LOADING = re.compile(r"src|srcset|background|data|action|http-equiv|on\w+")
HOSTILE = {
    "title": "</style></title><script src=//evil.example></script><img src=x onerror=alert(1)>\u202e{{7*7}}",
    "text": "<meta http-equiv=refresh content='0;url(//evil.example)'>\u2069\u202eevil. <a href=x>B</a>.",
    "place": "<b>Rabat</b>\u2067",
    "url": "javascript://evil.example/%0aalert(1)",
}


def page(edition: Edition) -> HtmlElement:
    return lxml.html.document_fromstring(edition.html)


def hostile(language: str = "en", **about: str) -> Edition:
    """An edition with one story as a hostile page would have it, at length, listed and to check."""
    stories = many(3, **(HOSTILE | about))
    return render(week(stories=stories[:2], borderline=stories[2:], top=1), language)


def empty(language: str) -> Edition:
    return render(week(stories=(), borderline=(), health=(), counts=None), language)


def longest(top: int) -> Digest:
    """Forty long stories."""
    about = {
        "title": "تعاون أمني جديد بين الرباط وباريس " * 20,
        "text": "أوقفت الشرطة رجلا مطلوبا لدى القضاء. " * 400,
        "entities": ["dgsn", "dgsi", "ofast", "bcij", "vasseur", "bennour"],
        "place": "طنجة" * 30,
    }
    return week(stories=many(40, **about), borderline=(), top=top, sentences=3)


@pytest.mark.parametrize(("language", "towards"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_an_edition_is_in_its_language_and_direction(language: str, towards: str) -> None:
    edition = render(week(), language)
    root = page(edition)
    assert (edition.language, root.get("lang"), root.get("dir")) == (language, language, towards)
    assert root.findtext(".//title") == edition.subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_headline_keeps_its_own_language_and_direction(language: str) -> None:
    for headline in page(render(week(), language)).iter("h3"):
        is_arabic = re.search("[\u0621-\u064a]", headline.text_content()) is not None
        assert (headline.get("lang") == "ar") is (headline.get("dir") == "rtl") is is_arabic


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_gets_the_headline_in_the_own_language_where_there_is_one(language: str) -> None:
    first = page(render(week(), language)).find(".//h3")
    assert first is not None
    assert first.get("lang") == language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [lambda language: render(week(), language), hostile, empty])
def test_nothing_of_an_edition_comes_from_elsewhere_or_runs(make: Any, language: str) -> None:
    root = page(make(language))
    assert not list(root.iter(*ACTIVE))
    assert not [name for each in root.iter() for name in each.attrib if LOADING.fullmatch(str(name))]
    css = [element.get("style", "") for element in root.iter()] + [
        each.text or "" for each in root.iter("style")
    ]
    assert not re.search(r"url\(|@import|expression|behavior", " ".join(css))
    hrefs = [str(each.get("href")) for each in root.iter("a")]
    assert {urlsplit(href).scheme for href in hrefs} <= {"http", "https", "mailto"}
    assert not [href for href in hrefs if not re.fullmatch(r"[!-~]+", href)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_hostile_page_says_is_shown_as_text(language: str) -> None:
    edition = hostile(language)
    shown = page(edition).text_content()
    assert shown.count("<script src=//evil.example></script>") >= 3
    assert "{{7*7}}" in shown
    assert "<b>Rabat</b>" in shown
    assert not set(OVERRIDES) & set(edition.html + edition.text + edition.subject)
    assert "javascript:" not in edition.html + edition.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", ["x" * 5000, "كلمة " * 1000, "\u202e" * 5000, "a\0b\x07\x1b[31mc"])
def test_a_monstrous_headline_becomes_a_short_one(language: str, word: str) -> None:
    edition = hostile(language, title=word)
    assert all(len(headline.text_content()) <= 220 for headline in page(edition).iter("h3"))
    assert len(edition.subject) < 160
    assert max(len(visible(line)) for line in edition.text.splitlines()) <= 80
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", edition.html + edition.text + edition.subject)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("top", [40, 0])
def test_forty_long_stories_fit_and_what_is_left_out_is_counted(top: int, language: str) -> None:
    edition = render(longest(top), language)
    assert len(edition.html.encode()) < 100_000
    shown = len(list(page(edition).iter("h3")))
    left_out = [
        int(n) for n in re.findall(r"(?m)^\u200f?(?:\D* )?(\d+) (?:أخرى|de plus|more are)", edition.text)
    ]
    assert shown + sum(left_out) == 40
    assert shown >= 15


def test_ordinary_weeks_lose_nothing() -> None:
    edition = render(week(stories=many(25), top=10), "ar")
    assert len(list(page(edition).iter("h3"))) == 27
    assert len(edition.html.encode()) < 100_000


def test_french_has_its_no_break_spaces() -> None:
    edition = render(week(), "fr")
    shown = edition.subject + edition.text + page(edition).body.text_content()
    assert "\u202f:" in edition.subject
    assert not re.search(r"[ \u00a0][;:!?»](?!//)|«[ \u00a0]", shown)


@pytest.mark.parametrize(
    ("language", "locale", "month"),
    [
        ("ar", "", "من 16 إلى 22 نونبر 2026"),
        ("ar", "ar_TN", "نوفمبر 2026"),
        ("fr", "", "du 16 au 22 novembre 2026"),
        ("en", "", "16 to 22 November 2026"),
    ],
)
def test_the_week_is_dated_as_its_readers_date_it(language: str, locale: str, month: str) -> None:
    edition = render(week(), language, locale=locale)
    assert month in edition.text
    assert month in page(edition).text_content()


@pytest.mark.parametrize(("language", "locale"), [("de", ""), ("", ""), ("ar", "xx_XX"), ("fr", "../x")])
def test_an_unknown_language_or_locale_is_said(language: str, locale: str) -> None:
    with pytest.raises(ConfigError, match=r"^(language|locale) "):
        render(week(), language, locale=locale)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_tells_what_the_html_tells(language: str) -> None:
    edition = render(week(), language)
    text = " ".join(visible(edition.text).split())
    for headline in page(edition).iter("h3"):
        assert " ".join(headline.text_content().split()) in text
    for link in page(edition).iter("a"):
        assert f"<{link.get('href')}>" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [lambda language: render(week(), language), hostile, empty])
def test_the_text_has_short_lines_that_close_what_they_open(make: Any, language: str) -> None:
    edition = make(language)
    for line in [*edition.text.splitlines(), edition.subject]:
        assert is_balanced(line), repr(line)
    for line in edition.text.splitlines():
        assert len(visible(line)) <= 80 or "://" in line, repr(line)


@given(
    st.text("ab اب\u202e\u2068\u2069\u2067\u200f<&\"'«:.", max_size=400),
    st.text("ab اب.\n\u2068\u2069\u202e<", max_size=400),
    st.sampled_from(LANGUAGES),
)
@settings(max_examples=30, deadline=None)
def test_whatever_a_page_says_every_line_is_closed_and_nothing_is_overridden(
    title: str, text: str, language: str
) -> None:
    edition = hostile(language, title=title, text=text, place=title[:80])
    assert all(is_balanced(line) for line in [*edition.text.splitlines(), edition.subject])
    assert not set(OVERRIDES) & set(edition.html + edition.text + edition.subject)
    assert not list(page(edition).iter(*ACTIVE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_week_says_that_nothing_was_found(language: str) -> None:
    edition = empty(language)
    said = {"ar": "لم يُسجَّل", "fr": "Rien de pertinent", "en": "Nothing relevant"}[language]
    assert said in edition.text
    assert said in page(edition).text_content()
    assert not list(page(edition).iter("h3"))


def is_balanced(line: str) -> bool:
    """Whether isolates close in the order they open (UAX #9, X6a)."""
    depth = 0
    for each in line:
        depth += (each == FSI) - (each == PDI)
        if depth < 0:
            return False
    return depth == 0


def visible(text: str) -> str:
    """The text without its bidirectional marks."""
    return re.sub(f"[{FSI}{PDI}\u200e\u200f]", "", text)


WATCHED = {
    "en": "4 sources watched; refusing us: Maghreb Mirror; out of reach: ",
    "fr": "4 sources suivies\u202f; nous refusent l’accès\u202f: Maghreb Mirror\u202f; hors d’atteinte",
    "ar": "4 مصادر قيد المتابعة؛ مصادر تمنعنا من الدخول: Maghreb Mirror؛ مصادر تعذّر الوصول إليها: ",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_in_trouble_are_one_line_of_the_footer_in_html_and_text(language: str) -> None:
    edition = render(week(), language)
    html = plain(page(edition).text_content())
    assert plain(WATCHED[language]) in html
    assert plain(WATCHED[language]) in plain(edition.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_of_sources_that_are_all_well(language: str) -> None:
    well = week(health=health()[:3], standings=())
    assert well.watched == 3
    edition = render(well, language)
    assert 'class="silences"' not in edition.html
    assert plain(WATCHED[language]).partition(";")[0] not in plain(edition.text)


def test_of_many_sources_in_one_trouble_twelve_are_named() -> None:
    states = [SourceHealth(source=f"s{number}") for number in range(40)]
    text = plain(render(week(health=states), "en").text)
    assert "40 sources watched; not read in this period: s0, s1," in text
    assert "s19 and 28 more." in text


def plain(text: str) -> str:
    """The text on one line, without marks of direction."""
    return " ".join(re.sub("[\u2066-\u2069\u200e\u200f]", "", text).split())


@pytest.mark.parametrize(
    ("language", "doubt", "said"),
    [
        (
            "fr",
            Doubt(kind="background", left=0.5, side="france"),
            "Toulon (mention en passant)",
        ),
        ("ar", Doubt(kind="role", left=0.5, side="france", role="origin"), "(مجرد أصل أو مصدر قدوم)"),
        ("en", Doubt(kind="role", left=0.5, side="france", role="source"), "Toulon (a source cited only)"),
        ("en", Doubt(kind="other", left=0.7, text="football"), "· Another subject: football"),
        ("en", Doubt(kind="list", left=0.4, text="إسبانيا"), "· Named along with \u2068إسبانيا\u2069"),
    ],
)
def test_a_doubt_is_told_in_the_readers_language(language: str, doubt: Doubt, said: str) -> None:
    digest = week()
    (told,) = digest.to_check[0].headlines
    told = replace(told, evidence=(("france", "Toulon"),), missing=(), doubts=(doubt,))
    item = replace(digest.to_check[0], headlines=(told,))
    text = render(replace(digest, to_check=(item,)), language).text
    assert said in " ".join(text.replace("\u200f", "").replace("\u200e", "").split())
