"""What has been worded otherwise, for people to read. Pure."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple


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
    """The paragraphs that are not the same, each as what stays, goes and comes, in order.

    Paragraphs are compared first and words only within what has changed: a text of any length takes moments.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = (_pairs(old[a:b], new[c:d]) for tag, a, b, c, d in found if tag != "equal")
    return tuple(tuple(_pieces(one, other)) for pairs in changed for one, other in pairs)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each paragraph with the one in its place; what has none stands alone."""
    for at in range(max(len(old), len(new))):
        yield old[at] if at < len(old) else "", new[at] if at < len(new) else ""


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = (re.findall(r"\S+", text) for text in (before, after))
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Fate.STAYS, " ".join(old[a:b]))
            continue
        if a < b:
            yield Piece(Fate.GOES, " ".join(old[a:b]))
        if c < d:
            yield Piece(Fate.COMES, " ".join(new[c:d]))
