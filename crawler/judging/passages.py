"""Which sentences of a page's text are the article, and where in it they stand. Pure.

Some sites put the day's headlines before or after the article: a run of lines that are no sentences. They
are the site's, not the article's, and name everything the site writes about.
"""

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from crawler.judging.sentences import Sentence, sentences
from storage.model import Article
from storage.text import words

_LINE = re.compile(r"\n|[ \t\u00a0]{4,}|\s[|•]\s|\s-\s(?=\d{1,2}[:h]\d\d\b)")
_SENTENCE_END = (".", "!", "?", "؟", "…", "»", "”", '"', ":", "،", ",", ";", "؛")
_ITEM = 110  # characters a headline seldom exceeds
_RUN = 3  # headlines in a row that are a list
_LEAD = 3  # sentences
_DATELINE = re.compile(r"\s*[^\n.!?؟:،]{2,40}?(?:\([^)\n]{2,30}\)\s*)?(?:\s[-–—]\s|\s?[-–—]\s|:\s)")


class Passage(NamedTuple):
    """A sentence of a field of the article; `dropped` says why it is not article text."""

    field: str  # title | subtitle | text
    where: str  # title | subtitle | lead | body
    start: int
    end: int
    dropped: str = ""


def passages(article: Article, asides: Sequence[str] = ()) -> tuple[Passage, ...]:
    """Title, subtitle and the sentences of the text, in this order.

    `asides` are the words with which a line begins that leads elsewhere, such as "À lire aussi".
    """
    head = [Passage(name, name, 0, len(text)) for name, text in _head(article) if text]
    return (*head, *_body(article, tuple(tuple(w.text for w in words(aside)) for aside in asides)))


def dateline(text: str) -> int:
    """Where the dateline ends with which a text may begin, such as "Rabat (MAP) –"; 0 without one."""
    found = _DATELINE.match(text)
    return found.end() if found and len(words(found[0])) <= 5 else 0


def _head(article: Article) -> tuple[tuple[str, str], ...]:
    return (("title", article.title), ("subtitle", article.subtitle))


def _body(article: Article, asides: Sequence[tuple[str, ...]]) -> Iterator[Passage]:
    lead = 0
    for line, why in _lines(article, asides):
        for start, end in sentences(article.text[line.start : line.end]):
            where = "lead" if lead < _LEAD else "body"
            lead += not why
            yield Passage("text", where, line.start + start, line.start + end, why)


def _lines(article: Article, asides: Sequence[tuple[str, ...]]) -> Iterator[tuple[Sentence, str]]:
    """The lines of the text and why each is not article text."""
    lines = _split(article.text)
    items = _items([article.text[line.start : line.end].strip() for line in lines], article.title)
    for number, line in enumerate(lines):
        if _begins(article.text[line.start : line.end], asides):
            yield line, "leads elsewhere"
        else:
            yield line, "list of headlines" if _run(items, number) >= _RUN else ""


def _split(text: str) -> list[Sentence]:
    gaps = [0, *(place for gap in _LINE.finditer(text) for place in gap.span()), len(text)]
    lines = (Sentence(*pair) for pair in zip(gaps[::2], gaps[1::2], strict=True))
    return [line for line in lines if text[line.start : line.end].strip()]


def _items(lines: Sequence[str], title: str) -> list[bool]:
    """Which lines are headlines of other articles: short, no sentences, not the page's own title.

    Headlines ask and exclaim too: a short line between two of them is one whatever it ends with.
    """
    own = {word.text for word in words(title)}
    short = [len(line) <= _ITEM and not _is_title(line, own) for line in lines]
    items = [each and not line.endswith(_SENTENCE_END) for each, line in zip(short, lines, strict=True)]
    amid = [before and after for before, after in zip([False, *items], [*items[1:], False], strict=False)]
    return [item or (each and there) for item, each, there in zip(items, short, amid, strict=False)]


def _is_title(line: str, title: Set[str]) -> bool:
    """Whether most words of a line are of the page's own title."""
    own = {word.text for word in words(line)}
    return len(own & title) * 2 > len(own)


def _run(items: Sequence[bool], place: int) -> int:
    """How many items stand in a row around this one."""
    if not items[place]:
        return 0
    first, last = place, place
    while first > 0 and items[first - 1] and place - first < _RUN:
        first -= 1
    while last + 1 < len(items) and items[last + 1] and last - place < _RUN:
        last += 1
    return last - first + 1


def _begins(line: str, asides: Sequence[tuple[str, ...]]) -> bool:
    longest = max(map(len, asides), default=0)
    start = tuple(word.text for word in words(line[:60]))[:longest]
    return any(start[: len(aside)] == aside for aside in asides)
