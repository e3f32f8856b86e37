"""Whether a page read again says something else. Pure.

What counts are folded words in their order, so that spelling, whitespace and markup do not; of the text only
lines that are prose, so that counters, stamps and labels which cleaning has let through do not. Every word
of prose counts: a name, an age or a number of arrests put right is one word, who extradites whom is only the
order of words, and either is what a reader of the digest must learn.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import time
from itertools import chain

from crawler.cleaning.repeats import line_marks, without_repeated
from storage.model import ArchivedArticle, Article
from storage.text import vocabulary, words

_PROSE_WORDS = 6  # a line with fewer is prose only if it ends as a sentence does
_SENTENCE_ENDS = (".", "!", "?", "؟", "…", "»", "”", '"')

Line = tuple[str, ...]  # folded words


def revised(before: Article, after: Article, repeated: frozenset[int] = frozenset()) -> Article | None:
    """`before` with what `after`, read from its page later, says otherwise; None if it says the same.

    Lines whose marks are `repeated` tell nothing: they may have been learned since. A text that is only cut
    to less than half (a paywall has gone up) is no revision. An article keeps its key, URL, time of
    publication and language.
    """
    said, says = (_prose(without_repeated(_lines(each), repeated)) for each in (before, after))
    if _title(before) == _title(after) and not _says_otherwise(said, says):
        return None
    if _is_cut(said, says):
        return None
    known = (*before.aliases, after.key, *after.aliases)
    return replace(
        before,
        title=after.title,
        subtitle=after.subtitle,
        text=after.text,
        authors=after.authors or before.authors,
        modified=after.modified,
        origin=after.origin,
        place=after.place,
        genre=after.genre,
        rights=after.rights,
        found_by=after.found_by,
        aliases=tuple(each for each in dict.fromkeys(known) if each != before.key),
    )


def is_another(before: Article, after: Article) -> bool:
    """Whether a page that was of `before` is now of another article: other keys, and few of its words."""
    if after.key in (before.key, *before.aliases):
        return False
    said = vocabulary(f"{before.title}\n{before.text}")
    return 2 * len(said & vocabulary(f"{after.title}\n{after.text}")) < len(said)


def known_as(
    told: Article, recorded: Iterable[ArchivedArticle], repeated: frozenset[int] = frozenset()
) -> ArchivedArticle | None:
    """Which of those its source `recorded` of the same minute an article under another address is; or None.

    It is the one of which it has kept most of the prose word for word, line by line: an edited article keeps
    most of its paragraphs, while two alike, of two arrests or two matches, differ in each by a name or a
    number. Where the page tells the day alone, many are of one minute: then it is the very text.
    """
    shares = [(_kept(each.article, told, repeated), each) for each in recorded]
    share, found = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return found if 2 * share > 1 else None


def _kept(before: Article, after: Article, repeated: frozenset[int]) -> float:
    """How much of an article is in another of its minute word for word, of 1."""
    if before.text == after.text != "":
        return 1.0
    if _is_dated_by_day(after) or is_another(before, after):
        return 0.0
    said, says = (_prose(_own_lines(each, repeated)) for each in (before, after))
    return _size(set(said) & set(says)) / _size(said) if said else 0.0


def _is_dated_by_day(article: Article) -> bool:
    return article.published is not None and article.published.time() == time()


def _title(article: Article) -> Line:
    return tuple(word.text for word in words(article.title))


def _lines(article: Article) -> list[str]:
    """The subtitle as a sentence, however short it is, and the lines of the text."""
    return [f"{article.subtitle}.", *article.text.splitlines()]


def _own_lines(article: Article, repeated: frozenset[int]) -> list[str]:
    """Those that no other page of the source has, however little of the text they are."""
    return [line for line in _lines(article) if repeated.isdisjoint(line_marks([line]))]


def _prose(lines: Iterable[str]) -> tuple[Line, ...]:
    """The lines that tell something, each once: a text may repeat its subtitle."""
    folded = ((line, tuple(word.text for word in words(line))) for line in lines)
    told = (
        said
        for line, said in folded
        if len(said) >= _PROSE_WORDS or (said and line.rstrip().endswith(_SENTENCE_ENDS))
    )
    return tuple(dict.fromkeys(told))


def _says_otherwise(before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether words have come, gone or changed places, however the lines are broken; whole lines may move."""
    return _words_beyond(before, set(after)) != _words_beyond(after, set(before))


def _words_beyond(lines: Iterable[Line], known: Set[Line]) -> Line:
    return tuple(chain.from_iterable(line for line in lines if line not in known))


def _is_cut(before: Sequence[Line], after: Sequence[Line]) -> bool:
    return set(after) < set(before) and 2 * _size(after) < _size(before)


def _size(lines: Iterable[Line]) -> int:
    return sum(map(len, lines))
