"""Whether a page read again says something else. Pure.

What counts are folded words, so that spelling, whitespace and markup do not; of the text only lines that are
prose, so that counters, stamps and labels which cleaning has let through do not. Every word of prose counts:
a name, an age or a number of arrests put right is one word, and what a reader of the digest must learn.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import time

from crawler.cleaning.repeats import without_repeated
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
    said, says = _prose(before, repeated), _prose(after, repeated)
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
    is_dated_by_day = told.published is not None and told.published.time() == time()

    def kept(before: Article) -> float:
        if before.text == told.text != "":
            return 1.0
        return 0.0 if is_dated_by_day or is_another(before, told) else _kept(before, told, repeated)

    shares = [(kept(each.article), each) for each in recorded]
    share, found = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return found if 2 * share > 1 else None


def _kept(before: Article, after: Article, repeated: frozenset[int]) -> float:
    """How much of the prose of an article stands in another word for word, of 1."""
    said = _prose(before, repeated)
    kept = _counted(said & _prose(after, repeated)).total()
    return kept / _counted(said).total() if said else 0.0


def _title(article: Article) -> Line:
    return tuple(word.text for word in words(article.title))


def _prose(article: Article, repeated: frozenset[int]) -> frozenset[Line]:
    """The lines that tell something; a set, for paragraphs may change places and repeat the subtitle."""
    lines = without_repeated([article.subtitle, *article.text.splitlines()], repeated)
    folded = ((line, tuple(word.text for word in words(line))) for line in lines)
    return frozenset(
        said
        for line, said in folded
        if len(said) >= _PROSE_WORDS or (said and line.rstrip().endswith(_SENTENCE_ENDS))
    )


def _says_otherwise(before: frozenset[Line], after: frozenset[Line]) -> bool:
    """Whether words have come or gone, however the lines are broken."""
    return _counted(before - after) != _counted(after - before)


def _is_cut(before: frozenset[Line], after: frozenset[Line]) -> bool:
    return after < before and 2 * _counted(after).total() < _counted(before).total()


def _counted(lines: Iterable[Line]) -> Counter[str]:
    return Counter(word for line in lines for word in line)
