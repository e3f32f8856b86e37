"""A few words of an article around what was asked for. Pure."""

from collections.abc import Iterable

from storage.search.stems import Sequence
from storage.text import Word, stem, words

LENGTH = 200  # characters
_BEFORE = 70


def snippet(text: str, wanted: Iterable[Sequence], language: str) -> str:
    """About 200 characters of a text in its own spelling, around the first match, else from its beginning.

    `wanted` holds sequences of stems or folded words. Whole words, one line, an ellipsis where text is left
    out.
    """
    found = words(text)
    at = _first(found, tuple(wanted), language)
    start = _word_start(found, max(0, at - _BEFORE), at)
    shown = (word.end for word in found if start <= word.start and word.end <= start + LENGTH)
    end = max(shown, default=len(text))
    rest = any(word.start >= end for word in found)
    line = " ".join(text[start : end if rest else start + LENGTH].split())
    return f"{'… ' if start else ''}{line}{' …' if rest else ''}"


def _first(found: tuple[Word, ...], wanted: tuple[Sequence, ...], language: str) -> int:
    """Where the first match begins, in characters; 0 if there is none."""
    forms = [{word.text, stem(word.text, language)} for word in found]
    for at in range(len(found)):
        if any(_holds(forms[at : at + len(each)], each) for each in wanted):
            return found[at].start
    return 0


def _holds(forms: list[set[str]], sequence: Sequence) -> bool:
    return len(forms) == len(sequence) and all(
        term in form for form, term in zip(forms, sequence, strict=True)
    )


def _word_start(found: tuple[Word, ...], least: int, most: int) -> int:
    return next((word.start for word in found if least <= word.start <= most), most) if least else 0
