"""The fields of a query and what they take. Pure."""

import re
from collections.abc import Iterator

from storage.model import Relevance
from storage.query.pieces import QUOTES, Piece, Span
from storage.text import without_marks

PLACES = frozenset({"", "title"})  # of words and phrases
FILTERS = frozenset({"source", "lang", "country", "entity", "topic", "verdict"})
SETTINGS = frozenset({"story", "since", "until", "sort"})  # of a whole query
NAKED = frozenset(f"{name}:" for name in PLACES | FILTERS | SETTINGS if name)

_VALUE = re.compile(r"[^,،]+")
_QUOTES = str.maketrans("", "", QUOTES)
_OF_A_SENTENCE = " .…:;؛!?؟"
_LOOKS = {
    "source": re.compile(r"\w+"),
    "lang": re.compile(r"[a-z]{2,3}"),
    "country": re.compile(r"[A-Z]{2}"),
    "entity": re.compile(r".*\w.*"),
    "topic": re.compile(r"[\w-]+"),
    "verdict": re.compile("|".join(each.value for each in Relevance)),
    "story": re.compile(r"\d{1,18}"),
    "since": re.compile(r"[\w-]+"),
    "until": re.compile(r"[\w-]+"),
    "sort": re.compile("relevance|date"),
}


def values(piece: Piece, field: str) -> Iterator[tuple[str, Span]]:
    """Each value typed, as the archive knows it, and where it stands; "" if the field does not take it."""
    for found in _VALUE.finditer(piece.value):
        if value := _bare(found[0]):
            value = _cased(value, field)
            fits = value.isprintable() and _LOOKS[field].fullmatch(value)
            yield value if fits else "", piece.within(*found.span())


def _bare(typed: str) -> str:
    return " ".join(without_marks(typed).translate(_QUOTES).split()).strip(_OF_A_SENTENCE)


def _cased(value: str, field: str) -> str:
    if field == "entity":  # an id, or a name in any script
        return value
    return value.upper() if field == "country" else value.lower()
