"""What a word in a text may be: itself, or a plainer word that it is a form of. Pure.

Arabic is read without و ف, then ب ك ل س, then ال; French, English and Spanish without a final e, s, es, x.
"""

from collections.abc import Iterator
from functools import lru_cache

from storage.text import is_arabic

_LEAST = 3  # letters that must remain of a word without its prefix or ending


@lru_cache(maxsize=200_000)
def readings(word: str) -> tuple[str, ...]:
    """What a folded word may be, itself first, then with less and less around it."""
    if word.isascii() and word[-1:] not in "esx":
        return (word,)
    plainer = _arabic_readings(word) if is_arabic(word) else _latin_readings(word)
    return tuple(dict.fromkeys((word, *plainer)))


def _arabic_readings(word: str) -> Iterator[str]:
    for bare in _without(word, ("و", "ف")):
        for plain in _without(bare, ("ب", "ك", "ل", "س")):
            yield plain
            if plain.startswith("ال") and len(plain) - 2 >= _LEAST:
                yield plain[2:]


def _without(word: str, prefixes: tuple[str, ...]) -> Iterator[str]:
    """The word, then without one of the prefixes; لل stands for ل and ال, س comes before verbs only."""
    yield word
    if not word.startswith(prefixes) or len(word) - 1 < _LEAST:
        return
    if word.startswith("لل"):
        yield "ا" + word[1:]
    elif not word.startswith("س") or word[1] in "يتنا":
        yield word[1:]


def _latin_readings(word: str) -> Iterator[str]:
    for ending in ("s", "x", "e", "es", "ees"):
        if word.endswith(ending) and len(word) - len(ending) > _LEAST:
            yield word.removesuffix(ending)
