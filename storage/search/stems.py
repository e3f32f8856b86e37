"""What the words of a query look like in the index. Pure."""

from collections.abc import Iterable

from storage.text import fold, stem, words

LONGEST = 64  # characters of a term
LANGUAGES = ("", "en", "es", "fr")  # "": of a language we do not stem; Arabic goes by its letters

Sequence = tuple[str, ...]


def sequences(typed: Iterable[str]) -> tuple[Sequence, ...]:
    """Words as they follow each other in the index, once for each language they may be of."""
    folded = [fold(word) for word in typed]
    stemmed = (tuple(stem(word, language)[:LONGEST] for word in folded) for language in LANGUAGES)
    return tuple(dict.fromkeys(stemmed))


def folded(text: str) -> str:
    """A name as names are compared: its folded words, one space between."""
    return " ".join(word.text for word in words(text))
