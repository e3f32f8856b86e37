"""render: an edition in each language, safe and whole in any mail client."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from reports.contents import Digest, Period
from reports.links import Site
from reports.render import render
from storage.errors import ConfigError
from storage.model import Doubt, Earlier, Edition, Schedule, Series, SourceHealth
from tests.factories import TOPIC
from tests.reports.week import PERIOD, ZONE, alert, busy, health, many, relevant, week, weeks

LANGUAGES = ("ar", "fr", "en")
SITE = Site(base_url="https://rasid.example.org", snapshots=True)
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


MAKERS = [
    lambda language: render(week(), language),
    lambda language: render(busy(), language, site=SITE),
    lambda language: render(alert(developed=True), language, site=SITE),
    hostile,
    empty,
]


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
@pytest.mark.parametrize("make", MAKERS)
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
        ("ar", "ar_MA", "من 16 إلى 22 نونبر 2026"),
        ("ar", "ar_TN", "من 16 إلى 22 نوفمبر 2026"),
        ("ar", "ar_EG", "من 16 إلى 22 نوفمبر 2026"),
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
    edition = render(busy(), language, site=SITE)
    text = " ".join(visible(edition.text).split())
    for headline in page(edition).iter("h3"):
        assert " ".join(headline.text_content().split()) in text
    for link in page(edition).iter("a"):
        assert f"<{link.get('href')}>" in text
    for figure in page(edition).find_class("figure") + page(edition).find_class("origin"):
        assert " ".join(visible(figure.text_content()).split()) in re.sub(r" <\S+>", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
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


@pytest.mark.parametrize(
    ("locale", "month"), [("ar_MA", "يوليوز"), ("ar_TN", "جويلية"), ("ar_EG", "يوليو"), ("ar_LB", "تموز")]
)
def test_each_arab_country_has_its_months_and_western_digits(locale: str, month: str) -> None:
    period = Period(
        name="2026-W27",
        since=datetime(2026, 6, 29, 6, tzinfo=UTC),
        until=datetime(2026, 7, 6, 6, tzinfo=UTC),
    )
    edition = render(week(period=period), "ar", locale=locale)
    assert f"إلى 5 {month} 2026" in edition.text
    assert not re.search("[\u0660-\u0669]", edition.text)


GOES_ON = {
    "ar": ("تتمة للخبر: تطوان: توقيف «بارون الفنيدق» بناء على مذكرة فرنسية، 12 نونبر", "ar"),
    "fr": (
        "Fait suite à : Cavale : le « baron de Fnideq » arrêté à Tétouan sur mandat français, 12 novembre",
        "fr",
    ),
    "en": (
        "Goes on from: Cavale : le « baron de Fnideq » arrêté à Tétouan sur mandat français, 12 November",
        "fr",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_development_says_what_it_goes_on_from_in_the_readers_language_if_it_can(language: str) -> None:
    said, written = GOES_ON[language]
    edition = render(busy(), language, site=SITE)
    line = page(edition).find_class("origin")[0]
    assert plain(line.text_content()) == said
    (link,) = line.iter("a")
    assert link.get("href") == "https://rasid.example.org/stories/12"
    assert line.find(".//bdi").get("lang") == written
    assert said in plain(edition.text)


def test_without_a_site_a_development_leads_to_the_earlier_article() -> None:
    (link, *_) = page(render(busy(), "ar")).find_class("origin")[0].iter("a")
    assert link.get("href") == "https://naba.example/e12"


def test_a_day_of_another_year_is_told_with_its_year() -> None:
    last_year = datetime(2025, 12, 1, 10, tzinfo=ZONE)
    before = Earlier(story=1, language="fr", title="Avant", url="", when=last_year)
    text = render(week(earlier={1: (before,)}), "fr").text
    assert "Fait suite à : Avant, 1er décembre 2025" in plain(text)


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("ar", ["أبرز الأخبار", "تطورات أخبار سابقة", "أخبار أخرى", "للتحقّق", "بالأرقام"]),
        ("fr", ["À la une", "Suites", "Autres sujets", "À vérifier", "En chiffres"]),
        ("en", ["Top stories", "Developments", "Further stories", "To check", "In numbers"]),
    ],
)
def test_the_sections_stand_in_the_order_of_what_matters(language: str, titles: list[str]) -> None:
    edition = render(busy(), language)
    assert [each.text_content() for each in page(edition).iter("h2")] == titles
    text = visible(edition.text)
    assert [text.index(f"{title}\n=") for title in titles] == sorted(
        text.index(f"{title}\n=") for title in titles
    )


NUMBERS = {
    "ar": [
        "17 خبرًا (الأسبوع السابق: 13؛ المتوسط: 8,6)",
        "31 مقالًا (الأسبوع السابق: 26؛ المتوسط: 17)",
        "عدد الأخبار في الأسبوع، من الأقدم إلى الأحدث: 9، 11، 4، 0، 7، 12، 8، 15، 10، 6، 13، 17.",
    ],
    "fr": [
        "17 sujets (semaine précédente : 13 ; moyenne : 8,6)",
        "31 articles (semaine précédente : 26 ; moyenne : 17)",
        "Sujets par semaine, du plus ancien au plus récent : 9, 11, 4, 0, 7, 12, 8, 15, 10, 6, 13, 17.",
    ],
    "en": [
        "17 stories (week before: 13; average: 8.6)",
        "31 accounts (week before: 26; average: 17)",
        "Stories a week, the oldest first: 9, 11, 4, 0, 7, 12, 8, 15, 10, 6, 13, 17.",
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_stand_beside_those_of_the_weeks_before(language: str) -> None:
    edition = render(busy(), language)
    *lines, series = NUMBERS[language]
    assert [plain(each.text_content()) for each in page(edition).find_class("figure")] == lines
    (bars,) = page(edition).find_class("bars")
    assert (bars.get("role"), plain(str(bars.get("aria-label")))) == ("img", series)
    assert bars.get("dir") == ("rtl" if language == "ar" else "ltr")
    assert all(plain(line) in plain(edition.text) for line in NUMBERS[language])


def test_bars_are_as_tall_as_their_numbers_and_keep_their_heights_without_styles() -> None:
    cells = [bar.find(".//td") for bar in page(render(busy(), "en")).find_class("bar")]
    heights = [int(cell.get("height")) for cell in cells]
    assert heights == [30, 36, 13, 1, 23, 40, 26, 49, 33, 20, 43, 56]
    assert ["filled" in cell.get("class") for cell in cells] == [True] * 3 + [False] + [True] * 8
    assert ["now" in cell.get("class") for cell in cells] == [False] * 11 + [True]


@pytest.mark.parametrize(
    ("digest", "shown"),
    [
        pytest.param(week(), 0, id="nothing is known of the weeks before"),
        pytest.param(week(before=weeks(3, 4)), 3, id="two are known"),
        pytest.param(week(stories=(), before=weeks(3, 4)), 0, id="an empty week says so, and no more"),
        pytest.param(alert(before=weeks(3, 4)), 0, id="an alert is of no week"),
    ],
)
def test_there_are_bars_for_the_weeks_that_are_known(digest: Digest, shown: int) -> None:
    edition = render(digest, "en")
    assert len(page(edition).find_class("bar")) == shown
    assert ("In numbers" in edition.text) is bool(shown)


DAILY = week(
    stories=relevant()[:1],
    period=Period(
        name="2026-11-22",
        since=datetime(2026, 11, 21, 6, tzinfo=UTC),
        until=datetime(2026, 11, 22, 6, tzinfo=UTC),
    ),
    series=Series(topic=TOPIC, schedule=Schedule.DAILY),
    before=weeks(2),
)


@pytest.mark.parametrize(
    ("language", "subject", "day", "numbers"),
    [
        ("ar", "راصد، السبت 21 نونبر: ", "السبت 21 نونبر 2026", "خبر واحد (اليوم السابق: 2؛ المتوسط: 2)"),
        (
            "fr",
            "Rasid, samedi 21 novembre : ",
            "Samedi 21 novembre 2026",
            "1 sujet (veille : 2 ; moyenne : 2)",
        ),
        (
            "en",
            "Rasid, Saturday 21 November: ",
            "Saturday 21 November 2026",
            "1 story (day before: 2; average: 2)",
        ),
    ],
)
def test_a_daily_issue_is_worded_as_a_day(language: str, subject: str, day: str, numbers: str) -> None:
    edition = render(DAILY, language)
    assert plain(edition.subject).startswith(subject.strip())
    assert day in edition.text.splitlines()[2]
    assert numbers in plain(edition.text)


@pytest.mark.parametrize(
    ("language", "subject", "badges"),
    [
        ("ar", "تنبيه راصد: توقيف أحد عشر شخصا", ["تنبيه", "تطور جديد"]),
        ("fr", "Alerte Rasid : Un réseau de trafic", ["Alerte", "Nouveau développement"]),
        ("en", "Rasid alert: Eleven held in Tangier", ["Alert", "Developed further"]),
    ],
)
def test_an_alert_tells_one_story_and_whether_it_has_developed(
    language: str, subject: str, badges: list[str]
) -> None:
    for digest, badge in zip((alert(), alert(developed=True)), badges, strict=True):
        edition = render(digest, language)
        assert plain(edition.subject).startswith(subject)
        assert [each.text_content() for each in page(edition).find_class("kind")] == [badge]
        assert visible(edition.text).splitlines()[1] == badge
        assert [each.tag for each in page(edition).iter("h1", "h2", "h3")] == ["h1", "h2"]
        assert WATCHED[language][:12] not in plain(edition.text)
        assert all(plain(each.source) in plain(edition.text) for item in digest.top for each in item.tellings)
    assert not page(render(week(), language)).find_class("kind")


WHY = {
    ("ar", Schedule.WEEKLY): "تصلكم هذه النشرة الأسبوعية (الأمن بين المغرب وفرنسا، بحث {}) لأن",
    ("ar", Schedule.DAILY): "تصلكم هذه النشرة اليومية (الأمن بين المغرب وفرنسا، بحث {}) لأن",
    ("ar", Schedule.INSTANT): "تصلكم هذه التنبيهات (الأمن بين المغرب وفرنسا، بحث {}) لأن",
    ("fr", Schedule.WEEKLY): "cette lettre hebdomadaire (Sécurité Maroc–France, recherche {}) parce",
    ("fr", Schedule.DAILY): "cette lettre quotidienne (Sécurité Maroc–France, recherche {}) parce",
    ("fr", Schedule.INSTANT): "ces alertes (Sécurité Maroc–France, recherche {}) parce",
    ("en", Schedule.WEEKLY): "this weekly digest (Morocco–France security, the search {}) because",
    ("en", Schedule.DAILY): "this daily digest (Morocco–France security, the search {}) because",
    ("en", Schedule.INSTANT): "these alerts (Morocco–France security, the search {}) because",
}


@pytest.mark.parametrize(("language", "schedule"), WHY)
def test_it_says_which_series_the_reader_gets_and_the_search_apart(language: str, schedule: Schedule) -> None:
    said = WHY[language, schedule]
    searched = Series(topic=TOPIC, schedule=schedule, query="<b>مخدرات\u202e OR drogue")
    edition = render(week(series=searched), language)
    for shown in (edition.text, page(edition).text_content()):
        one_line = " ".join(shown.replace("\u200e", "").replace("\u200f", "").split())
        assert said.format(f"{FSI}<b>مخدرات OR drogue{PDI}") in one_line.replace(f"{PDI} {FSI}", " ")
    whole = render(week(series=Series(topic=TOPIC, schedule=schedule)), language)
    assert re.sub(r"[,،] [^,،]*\{\}", "", said) in plain(whole.text)


ANSWER = {"ar": "يكفي الرد على هذه الرسالة", "fr": "répondez-y", "en": "To leave, answer this mail."}
LEAVING = {"ar": "إلغاء الاشتراك", "fr": "Se désabonner", "en": "Unsubscribe"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_a_site_leaves_by_a_link_and_reads_in_the_browser(language: str) -> None:
    edition = render(week(), language, site=SITE)
    links = {str(each.get("href")): each.text_content() for each in page(edition).iter("a")}
    assert links[edition.leave] == LEAVING[language]
    assert len(links[f"{SITE.base_url}/issues/{TOPIC}/2026-W47"]) > 20
    assert ANSWER[language] not in plain(edition.text + page(edition).text_content())


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_site_there_is_no_link_but_to_the_outlets(language: str) -> None:
    edition = render(busy(), language)
    assert ANSWER[language] in plain(edition.text)
    assert ANSWER[language] in plain(page(edition).text_content())
    hosts = {urlsplit(str(each.get("href"))).hostname or "" for each in page(edition).iter("a")}
    assert not [host for host in hosts if not host.endswith(".example")]
    assert LEAVING[language] not in plain(edition.text)


@pytest.mark.parametrize("snapshots", [True, False])
def test_a_story_leads_to_its_page_and_to_that_of_the_article_shown(snapshots: bool) -> None:
    site = Site(base_url="https://rasid.example.org", snapshots=snapshots)
    edition = render(week(), "ar", site=site)
    ways = page(edition).find_class("pages")[0]
    stored = [("الصفحة كما حُفظت", "https://rasid.example.org/snapshots/2")] if snapshots else []
    assert [(each.text_content(), each.get("href")) for each in ways.iter("a")] == [
        ("كل ما نُشر عن هذا الخبر", "https://rasid.example.org/stories/1"),
        *stored,
    ]
    assert len(page(edition).find_class("pages")) == 9
    assert ("/snapshots/" in edition.text) is snapshots


@pytest.mark.parametrize(
    ("copies", "said"),
    [
        (1, "ونقلته وسيلة أخرى"),
        (2, "ونقلته وسيلتان أخريان"),
        (3, "ونقلته 3 وسائل أخرى"),
        (11, "ونقلته 11 وسيلة أخرى"),
        (100, "ونقلته 100 وسيلة أخرى"),
    ],
)
def test_copies_are_counted_in_the_six_forms_of_arabic(copies: int, said: str) -> None:
    digest = week()
    item = replace(digest.top[0], copies=copies, more=0)
    shown = page(render(replace(digest, top=(item,)), "ar")).find_class("outlets")[0].text_content()
    assert shown.strip().endswith(said)


@pytest.mark.parametrize(
    ("more", "copies", "said"),
    [(0, 12, "(anglais) et repris dans 12 autres"), (3, 1, "et dans 3 autres, et repris dans 1 autre")],
)
def test_copies_are_told_from_accounts(more: int, copies: int, said: str) -> None:
    digest = week()
    item = replace(digest.top[0], copies=copies, more=more)
    shown = page(render(replace(digest, top=(item,)), "fr")).find_class("outlets")[0].text_content()
    assert plain(shown).endswith(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_week_of_long_developments_fits_and_what_is_left_out_is_counted(language: str) -> None:
    long = {"title": "تعاون أمني جديد بين الرباط وباريس " * 20, "text": "أوقفت الشرطة رجلا. " * 40}
    stories = many(120, **long)
    before = {
        each.id: (Earlier(story=each.id, language="ar", title="قبل ذلك " * 30, url="", when=PERIOD.since),)
        for each in stories
    }
    digest = week(stories=stories, borderline=(), earlier=before, before=weeks(*range(11)), top=10)
    edition = render(digest, language, site=SITE)
    assert len(edition.html.encode()) < 100_000
    shown = len(list(page(edition).iter("h3")))
    (said,) = re.findall(r"(?m)^\u200f?(?:\D* )?(\d+) (?:أخرى|de plus|more are)", edition.text)
    assert shown + int(said) == 120
    assert shown >= 25
    assert len(page(edition).find_class("bar")) == 12


def test_an_ordinary_busy_week_is_far_from_being_clipped() -> None:
    sizes = [len(render(busy(), language, site=SITE).html.encode()) for language in LANGUAGES]
    assert max(sizes) < 60_000


def test_no_article_can_hold_what_stands_for_the_readers_own_link() -> None:
    markers = {render(week(top=top), "fr", site=SITE).leave for top in (1, 2, 3)}
    assert len(markers) == 3
    assert render(week(), "fr").leave == ""
