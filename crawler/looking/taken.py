"""What the words of a page can be where cleaning takes elements out of them. Pure.

Which elements go is for cleaning to know: here each may go with all that is in it, and each may stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, count
from typing import NamedTuple

BLOCKS = (
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr"),
    *("td", "th", "br", "hr", "section", "article", "main", "header", "footer", "nav", "aside", "figure"),
    *("figcaption", "blockquote", "pre", "form"),
)  # their beginning parts two words; any other tag, the end of a block too, may stand within one
_PARTING = frozenset((*BLOCKS, *map(str.upper, BLOCKS), "option"))
_LONGEST = 32  # letters of a word around an element
_WIDEST = 8 * _LONGEST  # with harakat or entities
_MOST = 800  # ways to read a page


class _Way(NamedTuple):
    """A word, read from its end as far as a tag, and whether it has left out an element."""

    tag: int
    word: str
    around: bool


@dataclass(frozen=True, slots=True)
class _Source:
    """The tags of a page, None for other markup, and the texts before, between and after them."""

    tags: Sequence[str | None]
    between: Sequence[str]
    backward: list[str | None]  # the tags in lower case, the last first
    starts: dict[int, int] = field(default_factory=dict)  # of elements, by their ends; -1: none

    def heads(self) -> Iterator[_Way]:
        """The beginnings of words that follow a tag."""
        for place in compress(count(1), self.between[1:]):
            if self.tags[place - 1] not in _PARTING and not self.between[place][0].isspace():
                yield _Way(place - 1, self.between[place][:_WIDEST].split(None, 1)[0], around=False)

    def further(self, way: _Way) -> Iterator[tuple[_Way, bool]]:
        """The ways to go on to the left; whether they may go on from there."""
        for place, around in self._lefts(way):
            text = self.between[place]
            piece = text[-_WIDEST:].rsplit(None, 1)[-1] if text and not text[-1].isspace() else ""
            if piece or not text:
                yield _Way(place - 1, piece + way.word, around), len(piece) == len(text)

    def _lefts(self, way: _Way) -> Iterator[tuple[int, bool]]:
        """The texts that may stand before a word."""
        for place in range(way.tag, -1, -1):
            tag = self.tags[place]
            if tag in _PARTING:
                return
            if tag and tag[0] == "/" and (start := self._start(place)) >= 0:
                yield start, True
            if self.between[place]:
                yield place, way.around
                return

    def _start(self, end: int) -> int:
        if end not in self.starts:
            self.starts[end] = self._found(end)
        return self.starts[end]

    def _found(self, end: int) -> int:
        """Where the element begins that ends at a tag."""
        last = len(self.backward) - 1
        closing = self.backward[last - end] or ""
        place, ended = last - end, 1
        while ended:
            try:
                start = self.backward.index(closing[1:], place + 1)
            except ValueError:
                return -1
            ended += self.backward[place + 1 : start].count(closing) - 1
            place = start
        return last - place


def around(tags: Sequence[str | None], between: Sequence[str]) -> tuple[str, ...] | None:
    """The words there can be around elements; None if there are too many ways to read the page.

    `tags`: names as written, with `/` if they end an element, None for other markup; `between`: the texts
    before, between and after them.
    """
    lower = {tag: tag and tag.lower() for tag in set(tags)}
    source = _Source(tags, between, [lower[tag] for tag in reversed(tags)])
    ways = list(source.heads())
    known: set[_Way] = set()
    while ways and len(known) + len(source.starts) <= _MOST:
        for way, whole in source.further(ways.pop()):
            if way not in known:
                known.add(way)
                if whole and _may_be_longer(way.word):
                    ways.append(way)
    return tuple({way.word for way in known if way.around}) if not ways else None


def _may_be_longer(word: str) -> bool:
    return len(word) <= (_LONGEST if word.isalnum() else _WIDEST)
