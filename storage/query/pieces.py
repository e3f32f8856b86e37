"""The text of a query cut into operators, parentheses, words and phrases. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storage.text import words

QUOTES = '"“”„‟«»'
Span = tuple[int, int]  # [start, end) of the text as it was typed

# Marks of direction and of no width: they stand anywhere in mixed text, and nobody sees them.
_UNSEEN = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_QUOTED = '(?:["“”„‟][^"“”„‟]*["“”„‟]?|[«»][^«»]*[«»]?)'  # one never closed reaches to the end
_BARE = rf"(?:[^\s(){QUOTES}]+(?:[{QUOTES}](?![^\s)]))?)"  # a quote that ends a word opens no phrase
_PIECE = re.compile(
    rf"""
      (?P<operator>(?<![^\s()])(?:AND|OR|NOT)(?![^\s(){QUOTES}]))
    | (?P<closes>\))
    | (?P<without>(?<![^\s(])[-−]+)?
      (?:(?P<field>[A-Za-z]+):(?!//)(?P<less>[-−]+)?)?
      (?:(?P<opens>\()
        |(?P<value>(?:{_QUOTED}|{_BARE})
                   (?(field)(?:(?:(?<=[,،])|(?=[,،]))(?:{_QUOTED}|{_BARE}))*)))  # entity:"one","other"
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An operator, a parenthesis, or a value: a word or phrase with what stands before it."""

    span: Span
    operator: str = ""  # AND | OR | NOT
    opens: bool = False
    closes: bool = False
    without: bool = False
    field: str = ""  # in small letters
    value: str = ""  # less the marks nobody sees
    places: tuple[int, ...] = ()  # where each character of the value stands in the text

    def words(self) -> tuple[tuple[str, ...], Span]:
        """The words of the value as typed, and where they stand in the text."""
        found = words(self.value)
        typed = tuple(self.value[word.start : word.end] for word in found)
        return typed, self.within(found[0].start, found[-1].end) if found else self.span

    def within(self, start: int, end: int) -> Span:
        """Where some characters of the value stand in the text."""
        return self.places[start], self.places[end - 1] + 1


def pieces(text: str) -> Iterator[Piece]:
    """Everything in a text but the space between."""
    seen = tuple(at for at, letter in enumerate(text) if letter not in _UNSEEN)
    for found in _PIECE.finditer("".join(text[at] for at in seen)):
        yield Piece(
            span=(seen[found.start()], seen[found.end() - 1] + 1),
            operator=found["operator"] or "",
            opens=bool(found["opens"]),
            closes=bool(found["closes"]),
            without=bool(found["without"] or found["less"]),
            field=(found["field"] or "").lower(),
            value=found["value"] or "",
            places=seen[slice(*found.span("value"))],
        )
