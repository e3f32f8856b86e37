"""The lines a source repeats on its pages, known by their marks. Pure.

A mark is a signed 64-bit hash of the words of a line, folded, so that an archive can count lines without
keeping them. `storage.archive.habits` counts; docs/adr/0014 says what is learned from it, and what is not.
"""

from collections.abc import Iterable
from hashlib import blake2b

from crawler.cleaning.titles import folded

_FEWEST, _MOST = 3, 80  # words: shorter lines recur by chance, longer ones are paragraphs somebody wrote
_MINOR = 0.5  # of the words of a text: what is more is no boilerplate, however often it was seen


def line_marks(lines: Iterable[str]) -> frozenset[int]:
    """The marks of lines, those left out that are too short or too long to be boilerplate. Never 0."""
    return frozenset(mark for mark in map(_mark, lines) if mark)


def without_repeated(lines: list[str], repeated: frozenset[int]) -> list[str]:
    """The lines whose mark is not in `repeated`; all of them if that would take half of the text."""
    kept = [line for line in lines if _mark(line) not in repeated] if repeated else lines
    return kept if _words(kept) >= _MINOR * _words(lines) else lines


def _mark(line: str) -> int:
    words = folded(line)
    if not _FEWEST <= words.count(" ") + 1 <= _MOST:
        return 0
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big", signed=True) or 1


def _words(lines: Iterable[str]) -> int:
    return sum(len(line.split()) for line in lines)
