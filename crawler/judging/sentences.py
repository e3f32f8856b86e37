"""Split a text into sentences, with offsets. Pure."""

import re
from typing import NamedTuple

_END = re.compile(r"\n+|(?<=[.!?؟…])[»\"”’)\]]*\s+(?=[^\s\d.,;:])")
_LONGEST = 6  # characters of an abbreviation, with what stands before it
_ABBREVIATION = re.compile(r"\b(?:M|Mme|Mlle|MM|Dr|Pr|Me|St|Mr|Mrs|Ms|Gen|Col|Lt|Sr|No|av|al|[A-Z])\.$")


class Sentence(NamedTuple):
    """Where a sentence stands in its text: `text[start:end]`."""

    start: int
    end: int


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order; a line break always ends one, an abbreviation or initial never."""
    found = []
    start = 0
    for gap in _END.finditer(text):
        if "\n" not in gap[0] and _ABBREVIATION.search(text, max(start, gap.start() - _LONGEST), gap.start()):
            continue
        found.append(Sentence(start, gap.start()))
        start = gap.end()
    found.append(Sentence(start, len(text)))
    return tuple(each for each in found if text[each.start : each.end].strip())
