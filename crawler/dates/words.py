"""The words dates are written with: months, halves of the day, units of time, time zones. Pure.

Every key is folded (see `plain`). Month names come from the Unicode CLDR tables of Babel; what they lack is
listed here, with where it is written so.
"""

import re
import unicodedata
from collections.abc import Iterable

from babel import Locale

from storage.text import fold

_LOCALES = ("ar_MA", "ar_MR", "ar_DZ", "ar_TN", "ar_LB", "ar_IQ", "ar_EG", "fr", "en", "es")
_MORE_MONTHS = {
    "يونيه": 6,  # Egypt and the Gulf
    "يوليه": 7,
    "يوليوس": 7,  # Morocco, older papers
    "سبتنبر": 9,
    "نوفنبر": 11,
    "ديسنبر": 12,
    "جوييه": 7,  # Algeria
    "جويليه": 7,
    "كانون ثاني": 1,  # Levant, without the article
    "كانون اول": 12,
    "تشرين اول": 10,
    "تشرين ثاني": 11,
    "sept": 9,
    "setiembre": 9,
    "aou": 8,
    "fev": 2,
}
_HIJRI_MONTHS = (
    ("محرم", "المحرم", "محرم الحرام"),
    ("صفر",),
    ("ربيع الأول", "ربيع أول"),
    ("ربيع الآخر", "ربيع الثاني", "ربيع ثاني"),
    ("جمادى الأولى", "جمادى الأول", "جمادى أولى"),
    ("جمادى الآخرة", "جمادى الثانية", "جمادى الآخر", "جمادى الثاني"),
    ("رجب",),
    ("شعبان",),
    ("رمضان",),
    ("شوال",),
    ("ذو القعدة", "ذي القعدة"),
    ("ذو الحجة", "ذي الحجة"),
)
MORNING = ("am", "a.m.", "a.m", "صباحا", "صباح اليوم", "ص", "فجرا", "du matin", "de la manana")
EVENING = (
    *("pm", "p.m.", "p.m", "مساء", "مساء اليوم", "م", "ظهرا", "بعد الظهر", "عصرا", "du soir", "de la tarde"),
    *("بعد الزوال", "زوالا", "de l'apres-midi"),  # Morocco
)
PLACES = {  # "heure de Paris", "بتوقيت باريس": zones of the tz database
    **dict.fromkeys(("paris", "باريس", "فرنسا"), "Europe/Paris"),
    **dict.fromkeys(("londres", "لندن"), "Europe/London"),
    **dict.fromkeys(("madrid", "مدريد"), "Europe/Madrid"),
    **dict.fromkeys(("rabat", "casablanca", "الرباط", "المغرب"), "Africa/Casablanca"),
    **dict.fromkeys(("alger", "الجزاير"), "Africa/Algiers"),
    **dict.fromkeys(("tunis", "تونس"), "Africa/Tunis"),
    **dict.fromkeys(("le caire", "القاهره", "مصر"), "Africa/Cairo"),
    **dict.fromkeys(("new york", "نيويورك", "washington", "واشنطن"), "America/New_York"),
}
UNKNOWN_ZONES = (  # written, and of several meanings or none we know
    *("et", "ct", "mt", "pt", "ist", "msk", "jst", "eet", "eest", "cat", "eat", "wat", "sast", "pkt", "gst"),
    *("ast", "trt", "hkt", "sgt", "kst", "aest", "aedt", "nzst", "nzdt", "akst", "akdt", "hst"),
)
ZONES = {  # minutes east of Greenwich; the named American ones are RFC 5322 section 4.3
    **dict.fromkeys(("z", "gmt", "utc", "ut", "wet", "غرينتش", "جرينتش", "غرينيتش", "جرينيتش", "كرينتش"), 0),
    **dict.fromkeys(("cet", "west", "bst"), 60),
    **dict.fromkeys(("cest",), 120),
    **dict.fromkeys(("مكه المكرمه", "مكه", "السعوديه"), 180),
    **{
        "est": -300,
        "edt": -240,
        "cst": -360,
        "cdt": -300,
        "mst": -420,
        "mdt": -360,
        "pst": -480,
        "pdt": -420,
    },
}
MINUTE, HOUR, DAY, WEEK, MONTH, YEAR = "minute", "hour", "day", "week", "month", "year"
UNITS = {
    **dict.fromkeys(("دقيقه", "دقايق", "دقيقتين", "minute", "minutes", "min", "mins", "mn"), MINUTE),
    **dict.fromkeys(("minuto", "minutos"), MINUTE),
    **dict.fromkeys(("ساعه", "ساعات", "ساعتين", "heure", "heures", "h", "hour", "hours", "hr", "hrs"), HOUR),
    **dict.fromkeys(("hora", "horas"), HOUR),
    **dict.fromkeys(
        ("يوم", "ايام", "يوما", "يومين", "jour", "jours", "j", "day", "days", "dia", "dias"), DAY
    ),
    **dict.fromkeys(("اسبوع", "اسابيع", "اسبوعين", "اسبوعا", "semaine", "semaines"), WEEK),
    **dict.fromkeys(("week", "weeks", "semana", "semanas"), WEEK),
    **dict.fromkeys(
        ("شهر", "اشهر", "شهور", "شهرين", "شهرا", "mois", "month", "months", "mes", "meses"), MONTH
    ),
    **dict.fromkeys(("سنه", "سنوات", "سنتين", "عام", "اعوام", "عامين", "an", "ans", "annee", "annees"), YEAR),
    **dict.fromkeys(("year", "years", "ano", "anos"), YEAR),
}
DUALS = ("دقيقتين", "ساعتين", "يومين", "اسبوعين", "شهرين", "سنتين", "عامين")
_COUNTS = (
    ("un", "une", "a", "an", "one", "una"),
    ("deux", "two", "dos"),
    ("trois", "three", "tres", "ثلاث", "ثلاثه"),
    ("quatre", "four", "cuatro", "اربع", "اربعه"),
    ("cinq", "five", "cinco", "خمس", "خمسه"),
    ("six", "seis", "ست", "سته"),
    ("sept", "seven", "siete", "سبع", "سبعه"),
    ("huit", "eight", "ocho", "ثماني", "ثمانيه", "ثمان"),
    ("neuf", "nine", "nueve", "تسع", "تسعه"),
    ("dix", "ten", "diez", "عشر", "عشره"),
)
_MORE_COUNTS = {
    **dict.fromkeys(("onze", "eleven", "once"), 11),
    **dict.fromkeys(("douze", "twelve", "doce"), 12),
    **dict.fromkeys(("quinze", "fifteen", "quince"), 15),
    **dict.fromkeys(("vingt", "twenty", "veinte", "عشرين"), 20),
    **dict.fromkeys(("trente", "thirty", "treinta", "ثلاثين"), 30),
}
COUNTS = {word: number for number, words in enumerate(_COUNTS, 1) for word in words} | _MORE_COUNTS
SINGLE = ("دقيقه", "ساعه", "يوم", "اسبوع", "شهر", "سنه", "عام")  # "منذ ساعة": one, without a number
DAYS_BACK = {  # longer ones first: "avant-hier" holds "hier"
    **dict.fromkeys(("avant-hier", "avant hier", "anteayer", "اول امس", "اول من امس", "امس الاول"), 2),
    **dict.fromkeys(("hier", "yesterday", "ayer", "امس", "البارحه"), 1),
    **dict.fromkeys(("aujourd'hui", "aujourdhui", "today", "hoy", "اليوم"), 0),
}
NOW = ("a l'instant", "just now", "الان", "ahora mismo")


def plain(text: str) -> str:
    """A text in the spelling of the tables: folded, without harakat, tatweel and bidi marks, ASCII digits."""
    decomposed = unicodedata.normalize("NFKD", text).replace("\u2019", "'").replace("\u0640", "")
    visible = "".join(each for each in decomposed if unicodedata.category(each) not in ("Mn", "Cf"))
    return re.sub(r"\w+", lambda run: fold(run[0]), visible)


def any_of(words: Iterable[str]) -> str:
    """A pattern for one whole word or phrase of these, the longest that fits."""
    ordered = sorted(words, key=len, reverse=True)
    inner = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
    return rf"(?:{inner})(?!\w)"


def _weekdays() -> frozenset[str]:
    tables = (
        Locale.parse(name).days[context][width].values()
        for name in _LOCALES
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
    )
    return frozenset(plain(name).rstrip(".") for table in tables for name in table)


def _months() -> dict[str, int]:
    tables = (
        Locale.parse(name).months[context][width].items()
        for name in _LOCALES
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
    )
    known = {plain(name).rstrip("."): number for table in tables for number, name in table}
    return known | _MORE_MONTHS


MONTHS = _months()
WEEKDAYS = _weekdays()
HIJRI_MONTHS = {plain(name): number for number, names in enumerate(_HIJRI_MONTHS, 1) for name in names}
