"""What many terms cost a text: python -m benchmarks.matching [ROUNDS]

A lexicon of 500 terms and one of 50,000 find the same words in the same invented Arabic and French articles,
by turns, warm; printed are the medians of the processor time of a round and their ratio. Terms have one to
four words; a third begin with one of twenty words, a tenth end in `*`; fifty are words of the articles.
"""

import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence

from benchmarks.pages import invented
from crawler.judging.matching import Lexicon
from storage.text import Word, words

_SIZES = (500, 50_000)
_ARTICLES = 200  # a language
_LENGTH = 400  # words of an article
_LETTERS = {"fr": "abcdefghilmnoprstuvé", "ar": "ابتجحدرزسشصطعفقكلمنهوي"}
_SHARED = 20  # words that begin a third of the terms


def main(rounds: str = "7") -> None:
    """Print both times and the ratio, by language."""
    chance = random.Random(1)
    for language in ("fr", "ar"):
        articles = [words(invented(chance, language, _LENGTH)) for _ in range(_ARTICLES)]
        terms = tuple(_terms(chance, language, max(_SIZES)))
        few, many = (Lexicon((term, term) for term in terms[:size]) for size in _SIZES)
        _timed(few, articles)
        _timed(many, articles)
        turns = [(_timed(few, articles), _timed(many, articles)) for _ in range(int(rounds))]
        less, more = (1000 * statistics.median(side) / _ARTICLES for side in zip(*turns, strict=True))
        ratio = statistics.median(more / less for less, more in turns)
        found = [sum(len(lexicon.find(text)) for text in articles) / _ARTICLES for lexicon in (few, many)]
        sys.stdout.write(
            f"{language}: {_SIZES[0]} terms {less:.2f} ms an article ({found[0]:.0f} found), "
            f"{_SIZES[1]} terms {more:.2f} ms ({found[1]:.0f} found), ratio {ratio:.2f}\n"
        )


def _terms(chance: random.Random, language: str, count: int) -> Iterator[str]:
    shared = [_word(chance, language) for _ in range(_SHARED)]
    for number in range(count):
        if number < min(_SIZES) and number % 10 == 0:
            yield " ".join(invented(chance, language, chance.randint(1, 2)).strip(".").split())
            continue
        term = [_word(chance, language) for _ in range(chance.randint(1, 4))]
        term[0] = chance.choice(shared) if number % 3 == 0 and len(term) > 1 else term[0]
        yield " ".join(term) + ("*" if number % 10 == 1 else "")


def _word(chance: random.Random, language: str) -> str:
    return "".join(chance.choices(_LETTERS[language], k=chance.randint(4, 9)))


def _timed(lexicon: Lexicon[str], articles: Sequence[Sequence[Word]]) -> float:
    began = time.process_time()
    for text in articles:
        lexicon.find(text)
    return time.process_time() - began


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
