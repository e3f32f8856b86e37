"""Who a site is: its id, name and country from its host and what it declares. Pure."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.catalogue import ZONES
from crawler.probing.homes import Home
from crawler.probing.source_file import one_line
from crawler.probing.told import Wanted
from crawler.urls import absolute
from storage.errors import InputError
from storage.model import Entry, EntryKind, Source

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LOCALE = re.compile(r"^([a-z]{2,3})[-_]([A-Z]{2})\b")
_USUAL = frozenset(("fr_FR", "ar_AR", "ar_SA", "en_US", "en_GB", "es_ES"))  # what systems write unasked
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "gov", "gouv", "press", "ac"))
_ELSEWHERE = {"uk": "GB"}  # domains that are not the country's code
_ANYWHERE = frozenset(("ai", "cc", "co", "eu", "fm", "io", "me", "su", "tk", "to", "tv", "ws"))


def stranger(wanted: Wanted) -> Source:
    """A source of which nothing is known but its address, good enough to ask its site.

    Raises InputError for what is no web address and for an address or name that gives no id.
    """
    url = absolute(wanted.url if "://" in wanted.url else f"https://{wanted.url}", "")
    host = urlsplit(url).hostname or ""
    if "." not in host:
        raise InputError(f"{wanted.url}: not a web address; write one such as https://www.example.ma/")
    return Source(
        id=_id(wanted, host),
        name=host.removeprefix("www."),
        country=wanted.country,
        language="*",
        timezone="UTC",
        entries=(Entry(kind=EntryKind.LISTING, url=url),),
        article_url="",
    )


def _id(wanted: Wanted, host: str) -> str:
    """The id that was asked for, else the host without www and its last part."""
    labels = host.removeprefix("www.").split(".")[:-1]
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels = labels[:-1]
    name = wanted.id or re.sub(r"[^a-z0-9]+", "_", "_".join(labels)).strip("_")
    if not _NAME.fullmatch(name):
        raise InputError(f"{name}: no id; give one of lower-case letters, digits and _ with --id")
    return name


def name_of(home: Home, host: str) -> str:
    """What people call the site."""
    return one_line(home.name) or host.removeprefix("www.")


def country_of(wanted: Wanted, home: Home) -> str:
    """The country as given, else of the domain, else of a declared locale that is not its language's usual.

    Empty where none of these tells.
    """
    host = urlsplit(home.url).hostname or ""
    last = host.rpartition(".")[2]
    found = wanted.country or _ELSEWHERE.get(last) or _of_domain(last) or _of_locale(home.languages)
    return found.upper()


def _of_domain(last: str) -> str:
    return last.upper() if len(last) == 2 and last.isalpha() and last not in _ANYWHERE else ""


def _of_locale(languages: Iterable[str]) -> str:
    """The region of a locale such as ar_MA; fr_FR is what systems write for French anywhere."""
    found = (match for text in languages if (match := _LOCALE.match(text)))
    telling = (each[2] for each in found if f"{each[1]}_{each[2]}" not in _USUAL)
    return next((country for country in telling if country in ZONES), "")
