"""What is wrong with the words of a topic. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from crawler.checking.mistakes import Mistake, Place
from crawler.countries import is_country
from crawler.judging.matching import GAP, phrase_words
from storage.model import ROLES, Phrases, Topic
from storage.model.phrases import alternatives
from storage.text import is_arabic, words

KINDS = ("person", "office", "service", "operation", "place", "country", "case")
LANGUAGES = ("ar", "fr", "en", "es")
_OPEN = 4  # letters before a final * that stand for few enough words
_SHORT = 3  # letters of a word that is seldom another
_GAPS, _LONG = 3, 20
_MOST = 2000  # phrases that one with braces may stand for
_BRACES = 100  # that may be unfolded at all
_INNER = re.compile(r"\*\w")


class Phrase(NamedTuple):
    """A phrase of a group, at `place` in the file; `words` as they are compared."""

    place: Place
    written: str
    words: tuple[str, ...]
    group: Phrases

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same phrase as another: its language and words; itself where the case counts."""
        return self.language, *((self.written,) if self.group.exact else self.words)

    @property
    def language(self) -> str:
        """The key it stands under: a word of one language is another in the next."""
        return str(self.place[-1])


def phrase_mistakes(topic: Topic) -> Iterator[Mistake]:
    """Words and groups that can never do what they are there for."""
    for place, group in groups(topic):
        yield from _of_group(place, group)
    for phrase in phrases(topic):
        yield from _of_phrase(phrase)
    for number, aside in enumerate(topic.asides):
        if not words(aside):
            yield Mistake(("asides", number), f"no letters in {aside!r}; write a word or take it out")


def phrase_warnings(topic: Topic) -> Iterator[Mistake]:
    """Words that are legal and may yet match too much, or nothing."""
    for place, group in groups(topic):
        if not has_words(group):
            yield Mistake(place, f"no words in {', '.join(LANGUAGES)}: it does nothing")
    for phrase in phrases(topic):
        (first, *more) = phrase.words or ("",)
        letters = len(first.strip("*"))
        if "*" in phrase.written and phrase.written.count("*") != "".join(phrase.words).count("*"):
            yield Mistake(phrase.place, f"{phrase.written!r}: a * counts at the end of a word only")
        elif not more and first.endswith("*") and letters < _OPEN:
            yield Mistake(
                phrase.place, f"{phrase.written!r} stands for very many words; write {_OPEN} letters"
            )
        elif not more and 0 < letters < _SHORT and not phrase.group.exact and not is_arabic(first):
            yield Mistake(phrase.place, f"{phrase.written!r} may be many things; set exact = true")
        elif not more and 0 < letters < _SHORT and is_arabic(first):
            yield Mistake(phrase.place, f"{phrase.written!r} may be many things; write a longer phrase")


def has_words(group: Phrases) -> bool:
    """Whether a group has a phrase in any language."""
    return any(getattr(group, language) for language in LANGUAGES)


def groups(topic: Topic) -> Iterator[tuple[Place, Phrases]]:
    """Every group of words, with its place."""
    for number, side in enumerate(topic.sides):
        yield from ((("sides", number, "words", n), group) for n, group in enumerate(side.words))
    yield from ((("contexts", number), group) for number, group in enumerate(topic.contexts))
    yield from ((("others", number), group) for number, group in enumerate(topic.others))


def phrases(topic: Topic) -> Iterator[Phrase]:
    """Every phrase of every group."""
    for place, group in groups(topic):
        yield from phrases_of(place, group)


def phrases_of(place: Place, group: Phrases) -> Iterator[Phrase]:
    """Every phrase of one group, its braces unfolded."""
    for language in LANGUAGES:
        for given in getattr(group, language):
            for written in islice(alternatives(given), _MOST if given.count("{") <= _BRACES else 0):
                yield Phrase((*place, language), written, phrase_words(written), group)


def _of_phrase(phrase: Phrase) -> Iterator[Mistake]:
    """What no text can hold, or what nobody can have meant."""
    steps = [word for word in phrase.words if word == GAP or word.startswith("<")]
    if not any(word.strip("*") for word in phrase.words if word != GAP):
        yield Mistake(phrase.place, f"no letters in {phrase.written!r}; write a word or take it out")
    elif GAP in (phrase.words[0], phrase.words[-1]):
        yield Mistake(phrase.place, f"... stands between words; take it off the end (got {phrase.written!r})")
    if phrase.words.count(GAP) > _GAPS or len(phrase.words) > _LONG:
        remedy = f"a phrase has at most {_GAPS} times ... and {_LONG} words"
        yield Mistake(phrase.place, f"{remedy} (got {phrase.written[:80]!r})")
    if _INNER.search(phrase.written):
        remedy = "a * stands at the end of a word; write its beginning and *, or {one|other}"
        yield Mistake(phrase.place, f"{remedy} (got {phrase.written!r})")
    if any(each in phrase.written for each in "{}|"):
        remedy = "write {one|other} with both braces"
        yield Mistake(phrase.place, f"{remedy} (got {phrase.written!r})")
    if phrase.written.count("<") != len(steps) - phrase.words.count(GAP):
        remedy = "write a country and a kind such as <ES place>"
        yield Mistake(phrase.place, f"{remedy} (got {phrase.written!r})")
    for step in steps:
        country, _, kind = step.strip("<>").partition(" ")
        if step != GAP and not (is_country(country) and kind in ("", *KINDS)):
            remedy = f"write a country and one of {', '.join(KINDS)}, such as <ES place>"
            yield Mistake(phrase.place, f"{remedy} (got {phrase.written!r})")


def _of_group(place: Place, group: Phrases) -> Iterator[Mistake]:
    if not group.why.strip():
        yield Mistake((*place, "why"), "say why the rule is there: it is told as evidence (got '')")
    yield from _too_many(place, group)
    if group.role and group.role not in ROLES:
        yield Mistake((*place, "role"), f"must be one of {', '.join(ROLES)} (got {group.role!r})")
    if group.role and place[0] == "others":
        yield Mistake((*place, "role"), f"words of other subjects have no role (got {group.role!r})")
    if place[0] == "contexts" and group.weight == 1 and not group.role:
        remedy = "give weight (what is left of the words in it, 0 for nothing) or role"
        yield Mistake((*place, "weight"), f"a context that takes nothing does nothing; {remedy} (got 1.0)")
    if place[0] == "others" and group.weight == 1:
        remedy = "give weight (what is left of the score), such as 0.6"
        yield Mistake((*place, "weight"), f"words that take nothing do nothing; {remedy} (got 1.0)")


def _too_many(place: Place, group: Phrases) -> Iterator[Mistake]:
    """Phrases whose braces stand for more than anybody could have meant."""
    for language in LANGUAGES:
        for given in getattr(group, language):
            if given.count("{") > _BRACES or len(tuple(islice(alternatives(given), _MOST + 1))) > _MOST:
                wrong = f"its braces stand for more than {_MOST} phrases; write several with fewer"
                yield Mistake((*place, language), f"{wrong} (got {given!r})")


def count(groups: Sequence[Phrases]) -> str:
    """How many phrases there are in each language, such as `ar 12, fr 9`."""
    counted = ((language, sum(len(getattr(each, language)) for each in groups)) for language in LANGUAGES)
    return ", ".join(f"{language} {number}" for language, number in counted if number)
