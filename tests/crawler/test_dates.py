"""What is read as a date, and what is left unread."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, format_datetime
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import read_date
from crawler.dates import words as tables_of_words

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CASABLANCA = ZoneInfo("Africa/Casablanca")
LOCALES = ("ar_MA", "ar_TN", "ar_LB", "ar_EG", "fr", "en", "es")
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


def read(text: str, language: str = "") -> str:
    found = read_date(text, now=NOW, zone=UTC, language=language)
    return found.isoformat() if found else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22 غشت 2025", "2025-08-22"),
        ("03 شتنبر 2025", "2025-09-03"),
        ("7 أوت 2025", "2025-08-07"),
        ("9 أفريل 2025", "2025-04-09"),
        ("5 تشرين الأول 2025", "2025-10-05"),
        ("5 كانون الثاني 2025", "2025-01-05"),
        ("5 كانون ثاني 2025", "2025-01-05"),
        ("12 أيار / مايو 2025", "2025-05-12"),
        ("12 مايو/ أيار 2025", "2025-05-12"),
        ("12 حزيران (يونيو) 2025", "2025-06-12"),
        ("نوفمبر 18, 2025", "2025-11-18"),
        ("٣ / ٤ / ٢٠٢٥", "2025-04-03"),
        ("۳ آوریل ۲۰۲۵", ""),
        ("21‏/11‏/2024", "2024-11-21"),
        ("1er août 2025", "2025-08-01"),
        ("samedi, 2 avril, 2022", "2022-04-02"),
        ("15 de noviembre de 2024", "2024-11-15"),
        ("21st of November, 2024", "2024-11-21"),
        ("21-Nov-24", "2024-11-21"),
        ("2024 Nov 21", "2024-11-21"),
        ("21.11.24", "2024-11-21"),
        ("2024/11/21", "2024-11-21"),
    ],
)
def test_a_day_is_read_in_the_spelling_of_every_region(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الأحد 14 دجنبر 2025 - 09:05", "2025-12-14T09:05:00+00:00"),
        ("08:15-14 دجنبر 2025", "2025-12-14T08:15:00+00:00"),
        ("14 دجنبر 2025 على الساعة 16:44", "2025-12-14T16:44:00+00:00"),
        ("14 دجنبر 2025 الساعة 8 مساء", "2025-12-14T20:00:00+00:00"),
        ("الأحد، 14 ديسمبر 2025 12:09 ص", "2025-12-14T00:09:00+00:00"),
        ("الأحد، 14 ديسمبر 2025 12:09 م", "2025-12-14T12:09:00+00:00"),
        ("GMT 18:48:16 2025 الأحد ,14 كانون الأول / ديسمبر", "2025-12-14T18:48:16+00:00"),
        ("Le 13/04/2025 à 16h26", "2025-04-13T16:26:00+00:00"),
        ("13 avril 2025 à 8 h 05", "2025-04-13T08:05:00+00:00"),
        ("13 avril 2025 - 18h", "2025-04-13T18:00:00+00:00"),
        ("Apr. 13, 2025 10:35 a.m. EST", "2025-04-13T10:35:00-05:00"),
        ("13 Apr 2025 at 3pm", "2025-04-13T15:00:00+00:00"),
        ("Sun, 13 Apr 2025 10:35:00 +0100", "2025-04-13T10:35:00+01:00"),
        ("2025-04-13T10:35:00.250Z", "2025-04-13T10:35:00+00:00"),
        ("20250413T103500Z", "2025-04-13T10:35:00+00:00"),
        ("13 avril 2025 à 23:15 GMT+1", "2025-04-13T23:15:00+01:00"),
        ("13/3/2008 م الساعة 16:25 (مكة المكرمة)، 13:25 (غرينتش)", "2008-03-13T16:25:00+03:00"),
        ("13 avril 2025 à 25h70", "2025-04-13"),
    ],
)
def test_a_written_time_is_kept_with_its_offset(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("نشرت في: 29 أكتوبر 2012", "2012-10-29"),
        ("Publié le 14 décembre 2023, modifié le 15 décembre 2023 à 10h", "2023-12-14"),
        ("Mis à jour le 15/12/2023 à 10h, publié le 14/12/2023 à 9h30", "2023-12-14T09:30:00+00:00"),
        ("14 Dec 2023 | 00:05 - last updated 15 Dec 2023 | 10:00", "2023-12-14T00:05:00+00:00"),
        ("Article modifié le 14/04/2025 à 14h54", "2025-04-14T14:54:00+00:00"),
        ("Rabat, le 14 décembre 2023", "2023-12-14"),
    ],
)
def test_words_around_a_date_do_not_hide_the_day_of_publication(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7/3/1429 هـ - الموافق 13/3/2008 م", "2008-03-13"),
        ("الرباط 26 شوال 1436 هـ الموافق 11 غشت 2015 م", "2015-08-11"),
        ("12 رمضان 1445 هـ", "2024-03-22"),
        ("7/3/1429 هـ", "2008-03-15"),
        ("40 رمضان 1445", ""),
    ],
)
def test_a_hijri_day_counts_where_no_other_is_given(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("منذ 3 ساعات", "2026-11-21T09:00:00+00:00"),
        ("منذ ساعتين", "2026-11-21T10:00:00+00:00"),
        ("قبل 5 دقائق", "2026-11-21T11:55:00+00:00"),
        ("منذ ساعة و 5 دقائق", "2026-11-21T10:55:00+00:00"),
        ("منذ يومين", "2026-11-19"),
        ("منذ أسبوع", "2026-11-14"),
        ("منذ 9 أشهر", "2026-02-21"),
        ("أمس 18:30", "2026-11-20T18:30:00+00:00"),
        ("il y a 2 heures", "2026-11-21T10:00:00+00:00"),
        ("avant-hier", "2026-11-19"),
        ("Publié aujourd’hui à 10h35, modifié à 12h00", "2026-11-21T10:35:00+00:00"),
        ("an hour ago", "2026-11-21T11:00:00+00:00"),
        ("hace 3 días", "2026-11-18"),
        ("à l’instant", "2026-11-21T12:00:00+00:00"),
        ("il y a 2 ans", ""),
        ("منذ 9999 شهر", "1193-08-21"),
    ],
)
def test_a_relative_form_counts_back_from_now(text: str, expected: str) -> None:
    assert read(text) == expected


def test_a_month_before_the_last_of_march_is_the_last_of_february() -> None:
    now = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
    assert read_date("منذ شهر", now=now, zone=UTC) == date(2026, 2, 28)


@pytest.mark.parametrize(
    "text",
    [
        "9999999999999999 days ago",
        "il y a 300000 jours",
        *("", "2024", "novembre 2024", "© 2026 Tous droits réservés", "15 novembre", "31/02/2024", "12:30"),
        *("15 شباط/مارس 2024", "آخر تحديث GMT 18:48:16", "192.168.10.24", "عدد التعليقات 0", "x" * 400),
    ],
)
def test_what_names_no_day_is_unread(text: str) -> None:
    assert read(text) == ""


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("05/11/2024", "fr", "2024-11-05"),
        ("05/11/2024", "", "2024-11-05"),
        ("05/11/2024", "en", ""),
        ("05/11/2024", "en-US", "2024-05-11"),
        ("05/11/2024", "en-GB", "2024-11-05"),
        ("11/21/2024", "en", "2024-11-21"),
        ("05/05/2024", "en", "2024-05-05"),
        ("11/12/2026", "en", "2026-11-12"),
    ],
)
def test_day_and_month_are_swapped_only_where_the_language_says_so(
    text: str, language: str, expected: str
) -> None:
    assert read(text, language) == expected


def test_a_time_without_offset_is_of_the_given_zone() -> None:
    found = read_date("10 mars 2026 à 10h00", now=NOW, zone=CASABLANCA)
    assert isinstance(found, datetime)
    assert found.utcoffset() == timedelta(0)  # the Moroccan clock goes back an hour in Ramadan


@given(text=st.text(max_size=80), language=st.sampled_from(["", "ar", "en", "fr"]))
def test_no_text_raises(text: str, language: str) -> None:
    read(text, language)


@given(parts=st.lists(st.sampled_from([*"0123456789/-:. ", "منذ", "غشت", "h", "ago", "هـ", "2024", "+"])))
def test_no_medley_of_date_parts_raises(parts: list[str]) -> None:
    read("".join(parts))


@given(day=DAYS, locale=st.sampled_from(LOCALES), style=st.sampled_from(["full", "long", "medium"]))
def test_a_day_as_the_unicode_tables_write_it_reads_back(day: date, locale: str, style: str) -> None:
    assert read_date(format_date(day, style, locale), now=NOW, zone=UTC) == day


@given(
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001
    locale=st.sampled_from(LOCALES),
    minutes=st.sampled_from([0, 60, -300, 330]),
)
def test_a_moment_as_the_unicode_tables_write_it_reads_back(
    moment: datetime, locale: str, minutes: int
) -> None:
    zone = timezone(timedelta(minutes=minutes))
    aware = moment.replace(microsecond=0, tzinfo=zone)
    written = format_datetime(aware, "medium", tzinfo=zone, locale=locale)
    assert read_date(written, now=NOW, zone=zone) == aware


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(CASABLANCA)))  # noqa: DTZ001
def test_an_iso_moment_reads_back(moment: datetime) -> None:
    written = moment.replace(microsecond=0).isoformat()
    assert read(written) == written


def test_every_word_of_the_tables_is_in_the_spelling_it_is_looked_up_with() -> None:
    tables = (
        tables_of_words.MONTHS,
        tables_of_words.HIJRI_MONTHS,
        tables_of_words.UNITS,
        tables_of_words.COUNTS,
    )
    words = {word for table in (*tables, tables_of_words.ZONES, tables_of_words.DAYS_BACK) for word in table}
    assert {word for word in words if tables_of_words.plain(word) != word} == set()
