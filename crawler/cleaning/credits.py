"""Who an article is by and where it was written: bylines, agency credits, datelines. Pure."""

import re
from collections.abc import Iterable

from crawler.cleaning.titles import folded

_AGENCY = (
    r"(?:AFP|MAP|APS|TAP|EFE|APA|Reuters|Xinhua|Anadolu|AP|وكالات|رويترز|الأناضول"
    r"|أ\s?\.?\s?ف\s?\.?\s?ب\.?|و\s?\.?\s?م\s?\.?\s?ع\.?|د\s?\.?\s?ب\s?\.?\s?أ\.?|[إا]فرانس برس|فرانس برس)"
)
_DATELINE = re.compile(
    rf"^(?P<place>[A-ZÀ-Ý][\w'’ -]{{1,30}}|[\u0621-\u064a][\u0621-\u064a ]{{1,25}}?)"
    rf"(?:\s*[,،/]\s*\d{{1,2}}[^()]{{2,20}})?\s*[,،/]?\s*\(\s*(?P<agency>{_AGENCY})\s*\)\s*[-–—ـ:.]?"
)
_START = re.compile(rf"^\(?\s*(?P<agency>{_AGENCY})\s*(?:\)|[-–—:])\s")
_END = re.compile(rf"(?:^|[\s.(/–-])(?P<agency>{_AGENCY})\s*\)?\s*\.?$")
_LINE = re.compile(
    rf"^\W*(?:(?:avec|with|source|المصدر|عن)\s*:?\s*)?(?P<agency>{_AGENCY})\W*$", re.IGNORECASE
)
_BYLINE = re.compile(
    r"^(?:(?:written|reported|posted|publié|écrit|texte|propos recueillis)\s+)?(?:by|par|por)\s*:?\s+"
    r"|^(?:بقلم|كتب(?:ت|ه|ها)?|إعداد|حاورها|حاوره|المصدر|الكاتب)(?!\w)\s*[:：/-]?\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*[;|،]\s*|\s*,\s+(?!(?:jr|sr|ph\.?d|md)\b)|\s+(?:and|et|&|(?-i:y))\s+(?=\w)|\s*(?<!\d)/(?!\d)\s*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"https?:|www\.|@|\.(?:com|net|org|ma|fr)\b|\d{2}|\d:|^\W*$|^(?:المحرر|الكاتب|مدير)$"
    r"|^(?:admin|administrator|author|auteur|staff|editor|rédaction|sponsored|none|null|undefined|by|guest)$",
    re.IGNORECASE,
)
_DATE_AFTER = re.compile(
    r"\s*(?:,|-|–|\||•)?\s+(?:(?:le|on|el|في|publié|posted|published|mis à jour|updated)\s+)*\d.*$",
    re.IGNORECASE,
)
_LINK_LABEL = re.compile(r"^(?:view all posts by|more (?:by|from)|tous les articles de)\s+", re.IGNORECASE)
_INITIAL = re.compile(r"(?:^|[\s.])[A-ZÀ-Ý]\.$")
_ROLE = re.compile(
    r"(?:^|\s*(?:,|-|–|\|)\s*)"
    r"(?:(?:senior|chief|staff|special|political|deputy|contributing|national|associate)\s+)*"
    r"(?:reporter|correspondent|editor|writer|journalist|contributor|columnist"
    r"|journaliste|envoyée? spéciale?|correspondante?)\b.*$",
    re.IGNORECASE,
)
_LONGEST_NAME, _LONGEST_BYLINE = 80, 500  # characters


def read_authors(given: Iterable[str]) -> tuple[str, ...]:
    """The names in bylines, each once, as written: without "By", roles and addresses."""
    lines = (line for line in given if "://" not in line and len(line) <= _LONGEST_BYLINE)
    names = [name for line in lines for name in _names(line)]
    return tuple({folded(name): name for name in reversed(names) if folded(name)}.values())[::-1]


def _names(line: str) -> Iterable[str]:
    line = _LINK_LABEL.sub("", line.strip())
    named = _BYLINE.sub("", line)
    for part in _BETWEEN.split(_DATE_AFTER.sub("", named) if named != line else named):
        name = _ROLE.sub("", _BYLINE.sub("", part)).strip(" \t,;:|-–•")
        name = name if _INITIAL.search(name) else name.rstrip(".")
        if name and len(name) <= _LONGEST_NAME and not _NO_NAME.search(name):
            yield name


def people(authors: tuple[str, ...], sites: Iterable[str]) -> tuple[str, ...]:
    """The authors that are persons: neither the site itself nor an agency."""
    own = {folded(site) for site in sites}
    return tuple(name for name in authors if folded(name) not in own and not is_credit(name))


def read_dateline(first_line: str) -> tuple[str, str]:
    """Place and agency as a text's start credits them ("RABAT (AFP) - …"); empty where it does not."""
    match = _DATELINE.match(first_line)
    if match:
        return match["place"].strip(), match["agency"]
    start = _START.match(first_line)
    return "", start["agency"] if start else ""


def read_credit(last_line: str) -> str:
    """The agency with whose credit a text ends, e.g. "… (أ ف ب)"; empty if it does not."""
    match = _LINE.match(last_line) or _END.search(last_line)
    return match["agency"] if match else ""


def is_credit(line: str) -> bool:
    """Whether a line is nothing but an agency's credit."""
    return _LINE.match(line) is not None
