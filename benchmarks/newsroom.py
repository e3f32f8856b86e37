"""Invented texts of one language: drawn by Zipf's law, naming whom we know. Pure."""

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from benchmarks.vocabulary import FLATTENED, Urn
from storage.model import Entity
from storage.text import is_arabic

_MEDIAN, _SPREAD = 280, 0.55  # words of a text, and of the logarithm of their number
_LEAST, _MOST = 40, 3000
_NEW = 0.75  # share of the words of a text that are drawn; the others repeat one of them
_SENTENCE = range(12, 31)  # words
_SENTENCES = 3  # of a paragraph
_LIVE = 6  # times as long
_ROWS = 25  # of a template
_FIRST = ("morocco", "france")  # named most, as the archive keeps news about both


@dataclass(frozen=True, slots=True)
class Text:
    """What was written, and the ids of those it names."""

    title: str
    text: str
    language: str
    entities: tuple[str, ...] = ()


class Newsroom:
    """Those who write in one language, with words and names to choose from."""

    def __init__(self, language: str, entities: Iterable[Entity], size: int, chance: random.Random) -> None:
        self._language, self._chance = language, chance
        self._urn = Urn(language, size, chance)
        self._names = tuple(_known(language, entities, chance))
        self._said = tuple(accumulate(1 / (rank + FLATTENED) for rank in range(len(self._names))))
        self._forms = [self._sentence(30) for _ in range(3)]
        self._places = [spelled[0] for _, spelled in self._names if len(spelled[0].split()) == 1][:_ROWS]

    def own(self, longer: int = 1) -> Text:
        """A text of its own; a title that shares words with its beginning."""
        words = self._words(longer)
        named = self._name(words)
        title = self._capital(
            " ".join(words[at] for at in sorted(self._chance.sample(range(min(40, len(words))), 9)))
        )
        return Text(title, "\n".join(self._paragraphs(words)), self._language, named)

    def live(self) -> Text:
        """A live page: long, each paragraph begins with the hour."""
        told = self.own(_LIVE)
        clock = (
            f"{self._chance.randrange(24):02}:{self._chance.randrange(60):02} {each}"
            for each in told.text.split("\n")
        )
        return Text(told.title, "\n".join(clock), self._language, told.entities)

    def headline(self) -> Text:
        """Title and summary of a text we could not have."""
        told = self.own()
        return Text(told.title, " ".join(told.text.split()[:25]), self._language, ())

    def template(self) -> Text:
        """Weather, prayer times or rates: only the numbers change."""
        form = self._chance.choice(self._forms)
        numbers = iter(self._chance.choices(range(100), k=3 * _ROWS))
        rows = (f"{place} {next(numbers)} {next(numbers)} {next(numbers)}" for place in self._places)
        title = f"{' '.join(form.split()[:6])} {self._chance.randrange(1, 31)}"
        return Text(title, "\n".join((form, *rows)), self._language, ())

    def title(self) -> str:
        """Another title for a text."""
        return self._capital(" ".join(self._urn.draw(9)))

    def _words(self, longer: int) -> list[str]:
        wanted = int(self._chance.lognormvariate(math.log(_MEDIAN), _SPREAD))
        count = min(max(wanted, _LEAST), _MOST) * longer
        drawn = self._urn.draw(int(count * _NEW))
        return drawn + self._chance.choices(drawn, k=count - len(drawn))

    def _name(self, words: list[str]) -> tuple[str, ...]:
        """Put names between the words of a text: one to six, each once to four times."""
        named = self._chance.choices(self._names, cum_weights=self._said, k=self._chance.randint(1, 6))
        for _, spelled in named:
            for _ in range(self._chance.choice((1, 1, 2, 4))):
                at = int(len(words) * self._chance.random() ** 2)  # rather near the beginning
                words[at] = f"{words[at]} {spelled[int(len(spelled) * self._chance.random() ** 3)]}"
        return tuple(dict.fromkeys(entity for entity, _ in named))

    def _paragraphs(self, words: Sequence[str]) -> Iterator[str]:
        sentences, at = [], 0
        lengths = iter(self._chance.choices(_SENTENCE, k=len(words) // _SENTENCE[0] + 1))
        while at < len(words):
            length = next(lengths)
            sentences.append(f"{self._capital(' '.join(words[at : at + length]))}.")
            at += length
        for at in range(0, len(sentences), _SENTENCES):
            yield " ".join(sentences[at : at + _SENTENCES])

    def _sentence(self, length: int) -> str:
        return f"{self._capital(' '.join(self._urn.draw(length)))}."

    @staticmethod
    def _capital(sentence: str) -> str:
        return sentence[0].upper() + sentence[1:]


def _known(
    language: str, entities: Iterable[Entity], chance: random.Random
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every entity that has a name in the language's script, with its spellings; those named most first."""
    others = sorted(entities, key=lambda entity: (entity.id not in _FIRST, chance.random()))
    for entity in others:
        label = entity.labels.get(language, "")
        names = (name for name in entity.names if is_arabic(name) == (language == "ar"))
        spelled = tuple(dict.fromkeys(filter(None, (label, *names))))
        if spelled:
            yield entity.id, spelled
