"""The digest's own words in one language, with its plurals, numbers, days and lists (CLDR)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from reports.bidi import direction, typeset, without_marks
from storage.errors import ConfigError

LANGUAGES = ("ar", "fr", "en")
_TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Wording:
    """How one language says things."""

    language: str
    locale: Locale
    texts: Mapping[str, Any]

    @property
    def dir(self) -> str:
        """rtl or ltr."""
        return direction(self.language)

    def say(self, key: str, **values: object) -> str:
        """A text with its values."""
        return typeset(str(self.texts[key]).format(**values), self.language)

    def count(self, key: str, number: int) -> str:
        """A number of things, in the plural form the language wants for it."""
        forms = self.texts[key]
        return typeset(
            str(forms[self.locale.plural_form(number)]).format(n=self.number(number)), self.language
        )

    def number(self, number: float) -> str:
        """A number with the language's group marks."""
        return format_decimal(number, locale=self.locale)

    def listed(self, items: Iterable[str]) -> str:
        """Several as one phrase: A, B and C."""
        return format_list(tuple(items), locale=self.locale)

    def label(self, labels: Mapping[str, str], name: str) -> str:
        """What something is called in this language, else in English, else in any; else its id."""
        wanted = (self.language, "en", "fr", *labels)
        return next((labels[each] for each in wanted if each in labels), name)

    def language_name(self, language: str) -> str:
        """The name of a language, or its code."""
        return str(self.locale.languages.get(language, language))

    def day(self, day: date, *, weekday: bool = False, year: bool = False) -> str:
        """A day: Wednesday 18 November 2026."""
        number = "1er" if self.language == "fr" and day.day == 1 else str(day.day)
        before = format_date(day, "EEEE", locale=self.locale) + " " if weekday else ""
        month = format_date(day, "MMMM y" if year else "MMMM", locale=self.locale)
        return f"{before}{number} {month}"

    def span(self, key: str, first: date, last: date, *, year: bool = False) -> str:
        """From a day to a later one, saying month and year once where they are the same."""
        if (first.year, first.month) == (last.year, last.month):
            short = self.day(first).partition(" ")[0]
        else:
            short = self.day(first, year=year and first.year != last.year)
        return self.say(key, first=short, last=self.day(last, year=year))


@lru_cache(maxsize=16)
def wording(language: str, locale: str = "") -> Wording:
    """The words of ar, fr or en, with the months and numbers of a locale (Babel's name, such as ar_TN).

    Raises ConfigError if there is no such language or locale.
    """
    if language not in LANGUAGES:
        raise ConfigError(f"language {language!r}: the digest is written in {', '.join(LANGUAGES)}")
    texts = tomllib.loads((_TEXTS / f"{language}.toml").read_text(encoding="utf-8"))
    try:
        return Wording(language, Locale.parse(locale or texts["locale"]), texts)
    except (UnknownLocaleError, ValueError) as error:
        raise ConfigError(
            f"locale {locale!r}: no such locale; ar_MA, fr and en_GB are the usual ones"
        ) from error


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def clean(text: str, language: str) -> str:
    """What a page says, on one line, without marks of its own, spaced as its language is."""
    return typeset(without_marks(text), language)
