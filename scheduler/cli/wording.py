"""What has been worded otherwise, for people to read. Pure."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

_BREAK = "¶"  # between two paragraphs of one change


class Fate(StrEnum):
    """What has become of some words."""

    STAYS = ""
    GOES = "-"
    COMES = "+"


class Piece(NamedTuple):
    """Some words, one space between."""

    fate: Fate
    text: str


def reworded(before: str, after: str) -> tuple[tuple[Piece, ...], ...]:
    """The places where paragraphs are not the same, each as what stays, goes and comes, in order.

    Paragraphs are compared first and words only within what has changed: a text of any length takes moments.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(tuple(_pieces(old[a:b], new[c:d])) for tag, a, b, c, d in found if tag != "equal")


def _paragraphs(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    old, new = (f" {_BREAK} ".join(lines).split() for lines in (before, after))
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Fate.STAYS, " ".join(old[a:b]))
            continue
        if a < b:
            yield Piece(Fate.GOES, " ".join(old[a:b]))
        if c < d:
            yield Piece(Fate.COMES, " ".join(new[c:d]))
