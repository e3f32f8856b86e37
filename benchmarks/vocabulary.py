"""The invented words of four languages, and how often each is said. Pure.

A language has its own function words on top, then word forms made of its syllables or roots and its endings,
expressions of two to five of them, and numbers. The word of rank r is said in proportion to 1 / (r + 2.7):
Zipf's law with exponent 1, as the words of any long text follow it, flattened at the top as Mandelbrot found
it, so that the most frequent word makes up about a fortieth of a text and not a twelfth. Frequent words tend
to be short (Zipf's law of abbreviation).
"""

import random
from array import array
from collections.abc import Iterator
from itertools import islice

FLATTENED = 2.7  # added to every rank
SIZE = 150_000  # words and expressions of a language
_URN = 13  # times as many places as words in an urn, so that the rarest word is in it once
_SHORTER = 8.0  # letters by which chance outweighs length
_FORMS = 4  # of a stem, on average
_FINAL = 13  # so many of the onsets may end a stem
_EXPRESSIONS = 20  # every so manieth entry is an expression
_FUNCTION = {
    "ar": "في من على أن إلى التي الذي عن مع هذا هذه ما لا كان كما بعد قبل خلال بين وقد ذلك أو ثم حيث كل غير "
    "عند لم لن قد هو هي منذ حول ضد أكد أضاف أعلن قال يوم سنة",
    "fr": "de la le les et des en du une un à dans que pour par sur au est qui a plus avec ce pas il ne sont "
    "se aux cette son ont été ou mais selon après entre leur fait comme sa dont contre depuis ses deux ces",
    "en": "the of to and a in for that is on was with said by at as from it be has an his are have its not "
    "he were will who which their but been after this they had two also would more about police against",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha "
    "este sí porque esta entre cuando muy sin sobre también fue según hasta hay donde tras contra",
}
_ROOTS = "بتثجحخدذرزسشصضطظعغفقكلمنه"
_PATTERNS = ("{}{}{}", "{}ا{}{}", "م{}{}و{}", "{}{}ا{}", "ت{}{}ي{}", "م{}{}{}", "است{}{}{}", "{}{}ي{}")
_BEFORE = ("", "", "", "ال", "ال", "ال", "و", "ب", "وال", "بال", "لل")
_ONSETS = {
    "fr": "b c d f g l m n p r s t v j br cr dr pl pr tr ch gr bl qu",
    "en": "b c d f g h l m n p r s t w k br cl dr fl pr st th sh gr str wh",
    "es": "b c d f g l m n p r s t v j br cr dr pl pr tr ch ll gu qu",
}
_VOWELS = {
    "fr": "a e i o u é è ai ou oi an on in eu eau",
    "en": "a e i o u ea oo ai ou an en or ar er",
    "es": "a e i o u á é í ó ú ie ue an en or ar",
}
_ENDINGS = {
    "ar": "- - - ة ات ون ين ي ها ية",
    "fr": "- s e es er ent é ée és ation ations ement ait eur eurs ique iques",
    "en": "- s ed ing er ers ly ness tion tions al able",
    "es": "o a os as ar ado ada ados ción ciones mente aba ió aron idad ista",
}


class Urn:
    """What a text of a language is drawn from: each word as often as it is said."""

    def __init__(self, language: str, size: int, chance: random.Random) -> None:
        ranked = vocabulary(language, size, chance)
        whole = sum(1 / (rank + FLATTENED) for rank in range(1, size + 1))
        shares = (max(1, round(_URN * size / whole / (rank + FLATTENED))) for rank in range(1, size + 1))
        self._words = [word for word, share in zip(ranked, shares, strict=True) for _ in range(share)]
        self._chance = chance

    def draw(self, count: int) -> list[str]:
        """As many words, drawn in one go: one by one took half of the time of the whole generator."""
        words, size = self._words, len(self._words)
        return [words[at * size >> 32] for at in array("I", self._chance.randbytes(4 * count))]


def vocabulary(language: str, size: int, chance: random.Random) -> list[str]:
    """As many words and expressions, the most frequent first."""
    forms = sorted(_forms(language, size, chance), key=lambda form: len(form) + _SHORTER * chance.random())
    known = (*_FUNCTION[language].split(), *forms)
    words = list(islice(dict.fromkeys(known), size))
    for rank in range(200, len(words), _EXPRESSIONS):
        parts = chance.choices((2, 3, 5), (6, 3, 1))[0]
        words[rank] = " ".join(words[int(rank**0.9 * chance.random())] for _ in range(parts))
    for rank in range(150, min(len(words), 6000), 40):
        words[rank] = str(chance.choice((chance.randint(2, 31), chance.randint(32, 999), 1990 + rank % 37)))
    return words


def _forms(language: str, size: int, chance: random.Random) -> Iterator[str]:
    """More forms than asked for, in random order, some twice."""
    stems = (
        _roots(size // _FORMS, chance) if language == "ar" else _syllables(language, size // _FORMS, chance)
    )
    count = 2 * size
    before = chance.choices(_BEFORE if language == "ar" else ("",), k=count)
    endings = [each.strip("-") for each in _ENDINGS[language].split()]
    parts = zip(before, chance.choices(stems, k=count), chance.choices(endings, k=count), strict=True)
    return map("".join, parts)


def _roots(count: int, chance: random.Random) -> list[str]:
    patterns, letters = (
        chance.choices(_PATTERNS, k=count),
        (chance.choices(_ROOTS, k=count) for _ in range(3)),
    )
    return [pattern.format(*root) for pattern, *root in zip(patterns, *letters, strict=True)]


def _syllables(language: str, count: int, chance: random.Random) -> list[str]:
    onsets = _ONSETS[language].split()
    known = [onset + vowel for onset in onsets for vowel in _VOWELS[language].split()]
    lengths, last = chance.choices((1, 1, 2, 2, 3), k=count), chance.choices(onsets[:_FINAL], k=count)
    return ["".join(chance.choices(known, k=each)) + end for each, end in zip(lengths, last, strict=True)]
