"""What the words of a query look like in the index. Pure."""

from collections.abc import Iterable, Iterator

from storage.text import fold, is_arabic, stem, words

LONGEST = 64  # characters of a term
_ELIDED = {"l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu"}  # l’extradition
_PREFIXES = {"ب": 3, "ل": 3, "ك": 4, "ف": 4}  # in, for, as, and so -> letters a stem needs to take it
_LEAST = 4  # letters that must remain where one is cut off: كتاب is a book and not "as he repented"
LANGUAGES = ("", "en", "es", "fr")  # "": of a language we do not stem; Arabic goes by its letters

Sequence = tuple[str, ...]


def sequences(typed: Iterable[str]) -> tuple[Sequence, ...]:
    """Words as they follow each other in the index, once for each language they may be of.

    What is elided before the first word, l’extradition, does not count, nor whether an Arabic word stands
    with or without ب ل ك ف.
    """
    folded = [fold(word) for word in typed]
    if len(folded) > 1 and folded[0] in _ELIDED:
        folded = folded[1:]
    stemmed = (tuple(stem(word, language)[:LONGEST] for word in folded) for language in LANGUAGES)
    return tuple(dict.fromkeys(each for one in stemmed for each in _with_prefixes(one)))


def folded(text: str) -> str:
    """A name as names are compared: its folded words, one space between."""
    return " ".join(word.text for word in words(text))


def _with_prefixes(stemmed: Sequence) -> Iterator[Sequence]:
    """Stems in a row, and what else the first one may be written as in Arabic."""
    yield stemmed
    first, *rest = stemmed or ("",)
    if is_arabic(first):
        yield from ((each + first, *rest) for each, least in _PREFIXES.items() if len(first) >= least)
        if first[0] in _PREFIXES and len(first) > _LEAST:
            yield (first[1:], *rest)
