"""Folding and stemming of Arabic, French, English and Spanish. Pure.

Everything that compares text compares it folded: search, rules, names, copies. Offsets always refer to the
original, so that evidence can be shown in the spelling of the page.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

# Marks inside an Arabic word that carry no letter: harakat, Koranic signs, superscript alef, tatweel, and
# the zero-width and bidirectional controls that content systems leave behind.
_SILENT = (
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
)
_CENSOR = r"[.*·•]{1,3}\u0640+(?=[\u0600-\u06ff])"  # dots meant to fool filters: الإرهـ..ـابية
_WORD = re.compile(rf"[^\W_][\w{_SILENT}]*+(?:{_CENSOR}[\w{_SILENT}]*+)*+")
_MARK = re.compile(rf"[{_SILENT}]")
_DROP = re.compile(rf"[{_SILENT}.*·•_]")
_LETTERS = str.maketrans(dict(zip("ىیېةۀەکگڤڨپچژٱœæ", (*"يييهههككفقبجزا", "oe", "ae"), strict=True)))
_ARABIC = re.compile(r"[\u0621-\u064a]")
_SNOWBALL = {"fr": "french", "en": "english", "es": "spanish"}
_PREFIXES = ("وال", "بال", "كال", "فال", "ال", "لل")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


class Word(NamedTuple):
    """A folded word and where it stands in the original: `original[start:end]`."""

    text: str
    start: int
    end: int


def words(text: str) -> tuple[Word, ...]:
    """The words of a text, folded; apostrophes and hyphens separate (l'Intérieur gives l, interieur)."""
    found = (Word(fold(match[0]), *match.span()) for match in _WORD.finditer(text))
    return tuple(word for word in found if word.text)


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """One word without harakat, tatweel, accents, case, hamza seats, bidi marks and censor dots.

    Alef, ya, ta marbuta and the Persian and Maghrebi letters become their plain Arabic form, œ and æ two
    letters, every digit an ASCII digit (Unicode NFKD, then our table). `fold` of a folded word is the word.
    """
    if word.isascii() and word.isalnum():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", _DROP.sub("", word)).casefold()
    letters = "".join(each for each in decomposed if each.isalnum())
    folded = letters.translate(_LETTERS)
    if folded.isascii():
        return folded
    return "".join(str(unicodedata.decimal(each, each)) for each in folded)


def each_word(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
    """The words between two places as written, each with its place: cheaper than `words`."""
    return _WORD.finditer(text, start, end)


def spellings(text: str) -> frozenset[str]:
    """The distinct words of a text as written: cheaper than its words in order."""
    return frozenset(_WORD.findall(text))


def vocabulary(text: str) -> frozenset[str]:
    """The distinct folded words of a text."""
    return frozenset(map(fold, spellings(text))) - {""}


def without_marks(text: str) -> str:
    """A text without the marks that carry no letter, its case and accents kept."""
    return _MARK.sub("", text)


def is_arabic(word: str) -> bool:
    """Whether a word is written in Arabic letters."""
    return _ARABIC.search(word) is not None


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word: light10 (Larkey, Ballesteros and Connell 2007) for Arabic letters,
    Snowball for French, English and Spanish, the word itself for any other language."""
    if is_arabic(word):
        return _light10(word)
    algorithm = _SNOWBALL.get(language)
    return fold(_stemmer(algorithm).stemWord(word)) if algorithm else word


def terms(text: str, language: str) -> tuple[str, ...]:
    """What search indexes of a text: the stems of its words, in order."""
    return tuple(filter(None, map(term_in(language), _WORD.findall(text))))


@lru_cache(maxsize=8)
def term_in(language: str) -> Callable[[str], str]:
    """What gives the term of a word as written, "" where it has no letter to search by. It is the dearest
    of all that search does with a text, so it remembers."""

    @lru_cache(maxsize=100_000)
    def term(written: str) -> str:
        folded = fold(written)
        return stem(folded, language) if folded else ""

    return term


@lru_cache(maxsize=8)
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)


def _light10(word: str) -> str:
    if word.startswith("و") and len(word) > 3:
        word = word[1:]
    prefix = next((each for each in _PREFIXES if word.startswith(each) and len(word) - len(each) >= 2), "")
    word = word[len(prefix) :]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            word = word[: -len(suffix)]
    return word
