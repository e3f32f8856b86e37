"""The lines of a body text that are article, and those that are not. Pure.

Three kinds of rules: those of every site (see `noise` and `notices`); those of a source, from `drop_lines`,
`end_lines`, `last_line` and `first_line` of its file (see `storage.model.Source`); and what a source has been
seen to repeat (see `repeats`).
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from crawler.cleaning.noise import (
    is_about_author,
    is_label,
    is_noise,
    is_stamp,
    is_teaser,
)
from crawler.cleaning.notices import is_about, is_notice, is_tags
from crawler.cleaning.repeats import line_marks, without_repeated
from crawler.cleaning.titles import folded
from storage.model import Source

_HEAD = 4  # first lines among which title, byline and date stand
_TAIL = 4  # last lines among which lines about the author stand
_SENTENCE_ENDS = (".", "!", "?", "؟", "”", "»", '"', "…")
_PROSE = 160  # characters: a line longer than that is a paragraph, no teaser


class Body(NamedTuple):
    """The article's lines and what its first and last lines told: origin, place, aliases…"""

    lines: tuple[str, ...]
    told: Mapping[str, str]
    marks: frozenset[int]  # of all lines that may be article, repeated ones too


def clean_lines(
    text: str,
    titles: Iterable[str],
    authors: tuple[str, ...],
    source: Source | None,
    repeated: frozenset[int] = frozenset(),
) -> Body:
    """The lines of a text that are article, one paragraph each, whitespace normalised.

    Lines that only repeat one of the `titles` or `authors` at the start are left out, those that say who the
    authors are at the end, and those whose mark is in `repeated` (see `repeats`).
    """
    lines = [line for raw in text.split("\n") if (line := _plain(raw))]
    told: dict[str, str] = {}
    if source:
        lines = _of_source(lines, source, told)
    lines = _without_teasers(lines)
    lines = [line for line in lines if not (is_noise(line) or is_notice(line))]
    marks = line_marks(lines)
    lines = without_repeated(lines, repeated)
    lines = _without_tail(_without_head(lines, (*titles, *authors)), authors)
    if source and lines:
        lines[0] = _take_start(lines[0], source.first_line, told)
    return Body(tuple(line for line in lines if line), told, marks)


def _plain(line: str) -> str:
    return " ".join(line.replace("\u200b", "").replace("\ufeff", "").split())


def _of_source(lines: list[str], source: Source, told: dict[str, str]) -> list[str]:
    end = next((at for at, line in enumerate(lines) if _any(source.end_lines, line)), len(lines))
    kept = []
    for line in lines[:end]:
        field, value = _told_by(line, source.last_line)
        if field:
            told.setdefault(field, value)
        elif not any(re.fullmatch(pattern, line) for pattern in source.drop_lines):
            kept.append(line)
    return kept


def _any(patterns: Iterable[str], line: str) -> bool:
    return any(re.match(pattern, line) for pattern in patterns)


def _told_by(line: str, patterns: Mapping[str, str]) -> tuple[str, str]:
    for field, pattern in patterns.items():
        match = re.match(pattern, line)
        if match:
            return field, _told(match)
    return "", ""


def _told(match: re.Match[str]) -> str:
    return str((match[1] or "") if match.re.groups else match[0]).strip()


def _take_start(line: str, patterns: Mapping[str, str], told: dict[str, str]) -> str:
    for field, pattern in patterns.items():
        match = re.match(pattern, line)
        if match:
            told.setdefault(field, _told(match))
            line = line[match.end() :].lstrip()
    return line


def _without_teasers(lines: list[str]) -> list[str]:
    """Without the headlines that follow a label such as "Most read" up to the end of the page."""
    for at, line in enumerate(lines):
        rest = lines[at + 1 :]
        if 2 * at >= len(lines) and is_label(line) and not any(_is_prose(each) for each in rest):
            return lines[:at]
    return [line for line in lines if not is_teaser(line)]


def _is_prose(line: str) -> bool:
    return len(line) > _PROSE or line.endswith(_SENTENCE_ENDS)


def _without_head(lines: list[str], known: Iterable[str]) -> list[str]:
    """Without title, subtitle, byline and date where the text repeats them among its first lines."""
    repeated = {folded(each) for each in known}
    head = [line for line in lines[:_HEAD] if folded(line) not in repeated and not is_stamp(line)]
    return [*head, *lines[_HEAD:]]


def _without_tail(lines: list[str], authors: tuple[str, ...]) -> list[str]:
    """Without lines about the author and their address among the last ones."""
    half = len(lines) // 2
    lines = [*lines[:half], *(line for line in lines[half:] if not is_about(line, authors))]
    tail = (line for line in lines[-_TAIL:] if not (is_about_author(line) or is_tags(line)))
    return [*lines[:-_TAIL], *tail]
