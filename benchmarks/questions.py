"""What is asked in the benchmark of the archive: twelve shapes of query, as people type them.

Words are taken from the articles themselves, by how many of them hold the word: the share is estimated on a
sample and then counted by the bare engine. Names that the archive knows are asked for only where a shape says
so.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from benchmarks.bare import Engine, Terms, Wanted
from benchmarks.corpus import Row, known_entities
from storage.model import Entity
from storage.search.stems import folded, sequences
from storage.text import terms, words

SINCE = datetime(2025, 1, 1, tzinfo=UTC)
PAGES = 9  # that are turned before the tenth
_TRIES = 40  # for each question
_TYPED = 300  # articles of the sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query as typed, and what the bare engine is asked."""

    text: str
    wanted: Wanted
    pages: int = 0  # turned before it is timed


@dataclass(frozen=True, slots=True)
class Sample:
    """Some of the articles, and what is known of their words."""

    rows: tuple[Row, ...]
    shares: Mapping[str, float]  # term -> share of the articles that hold it
    names: Mapping[str, Entity]  # folded
    typed: dict[tuple[float, float], list[str]] = field(default_factory=dict)  # words of a share


def sampled(rows: Iterable[Row]) -> Sample:
    """Count the words of articles."""
    rows = tuple(rows)
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(set(terms(f"{row['title']}\n{row['text']}", row["language"])))
    names = {folded(name): entity for entity in known_entities() for name in entity.names}
    return Sample(rows, {term: count / len(rows) for term, count in counts.items()}, names)


def ask_for(
    sample: Sample, engine: Engine, articles: int, count: int, seed: int
) -> dict[str, list[Question]]:
    """As many questions of each shape as there are, at most `count`; the same for the same seed."""
    chance = random.Random(seed)
    rare, common, most = _bands(articles)
    word = partial(_word, sample, engine, articles, chance)
    shapes: dict[str, Callable[[], Question | None]] = {
        "rare word": lambda: _of(word(rare)),
        "common word": lambda: _of(word(common)),
        "very common word": lambda: _of(word(most)),
        "two words": lambda: _of(word(common), word(most)),
        "phrase": lambda: _phrase(sample, engine, chance),
        "one of three": lambda: _of(word(common), word(common), word(common), either=True),
        "a word without": lambda: _of(word(common), without=word(most)),
        "title:word": lambda: _in_title(sample, engine, chance),
        "name, any script": lambda: _name(sample, chance),
        "word, source, lang, since": lambda: _filtered(sample, chance, word(most)),
        "word by date": lambda: _of(word(most), by_date=True),
        "page 10 of a word": lambda: _of(word(common), pages=PAGES),
    }
    return {name: list(_some(make, engine, count)) for name, make in shapes.items()}


def _bands(articles: int) -> tuple[tuple[int, int], ...]:
    """From how many to how many matches words are rare, common, very common; of a million: 20 to 100, 10,000
    to 20,000, more than 200,000."""
    return (
        (max(1, articles // 50_000), max(5, articles // 10_000)),
        (articles // 100, max(2, articles // 50)),
        (articles // 5, articles),
    )


def _some(make: Callable[[], Question | None], engine: Engine, count: int) -> Iterator[Question]:
    """Different questions that have an answer."""
    made: set[str] = set()
    for _ in range(_TRIES * count):
        question = make()
        if question is None or question.text in made or not engine.count(question.wanted):
            continue
        made.add(question.text)
        yield question
        if len(made) == count:
            return


def _word(
    sample: Sample, engine: Engine, articles: int, chance: random.Random, band: tuple[int, int]
) -> str | None:
    """A word that stands in so many articles."""
    least, most = (each / articles for each in band)
    known = sample.typed.setdefault((least, most), [])
    known += () if known else _typed(sample, least / 2, max(2 * most, 1.5 / len(sample.rows)))
    for typed in chance.sample(known, min(_TRIES, len(known))):
        if band[0] <= engine.count(Wanted(every=(sequences((typed,)),))) <= band[1]:
            return typed
    return None


def _typed(sample: Sample, least: float, most: float) -> Iterator[str]:
    """Words with a term of about this share, as typed in a few hundred articles of the sample."""
    texts = [row["text"] for row in sample.rows[:: max(1, len(sample.rows) // _TYPED)]]
    for typed in dict.fromkeys(text[each.start : each.end] for text in texts for each in words(text)):
        likely = max(sample.shares.get(each, 0.0) for (each,) in sequences((typed,)))
        if least <= likely <= most and len(typed) > 1 and folded(typed) not in sample.names:
            yield typed


def _of(
    *chosen: str | None, either: bool = False, without: str | None = "", by_date: bool = False, pages: int = 0
) -> Question | None:
    typed = [each for each in chosen if each]
    if len(typed) < len(chosen) or without is None:
        return None
    asked = [sequences((each,)) for each in typed]
    every = (tuple(dict.fromkeys(one for each in asked for one in each)),) if either else tuple(asked)
    text = (" OR " if either else " ").join(typed)
    text += f" -{without}" if without else " sort:date" if by_date else ""
    unwanted = sequences((without,)) if without else ()
    wanted = Wanted(every=every, without=unwanted, by_date=by_date, offset=20 * pages)
    return Question(text=text, wanted=wanted, pages=pages)


def _phrase(sample: Sample, engine: Engine, chance: random.Random) -> Question | None:
    """Two words that follow each other in several articles of the sample."""
    text = chance.choice(sample.rows)["text"]
    found = words(text)
    at = chance.randrange(max(1, len(found) - 1))
    pair = [text[each.start : each.end] for each in found[at : at + 2]]
    if len(pair) < 2 or " ".join(each.text for each in found[at : at + 2]) in sample.names:
        return None
    wanted = Wanted(every=(sequences(pair),))
    often = engine.count(wanted) >= max(2, len(sample.rows) // 100)
    return Question(text=f'"{" ".join(pair)}"', wanted=wanted) if often else None


def _in_title(sample: Sample, engine: Engine, chance: random.Random) -> Question | None:
    title = chance.choice(sample.rows)["title"]
    found = chance.choice(words(title))
    if len(found.text) < 2 or found.text in sample.names:
        return None
    typed = title[found.start : found.end]
    wanted = Wanted(every=(sequences((typed,)),), title=True)
    often = engine.count(wanted) >= max(2, len(sample.rows) // 100)
    return Question(text=f"title:{typed}", wanted=wanted) if often else None


def _name(sample: Sample, chance: random.Random) -> Question | None:
    """A person by the name in Latin letters; the bare engine is asked for every spelling of it."""
    people = sorted(
        {entity.id: entity for entity in sample.names.values() if entity.kind == "person"}.items()
    )
    _, entity = chance.choice(people)
    spelled: dict[Terms, None] = {}
    for name in entity.names:
        spelled |= dict.fromkeys(sequences(folded(name).split()))
    return Question(text=entity.labels["fr"], wanted=Wanted(every=(tuple(spelled),)))


def _filtered(sample: Sample, chance: random.Random, typed: str | None) -> Question | None:
    """A very common word in one source since 2025."""
    if typed is None:
        return None
    row = chance.choice(sample.rows)
    known = (("source", row["source"]), ("language", row["language"]), ("moment", SINCE))
    text = f"{typed} source:{row['source']} lang:{row['language']} since:{SINCE:%Y-%m-%d}"
    return Question(text=text, wanted=Wanted(every=(sequences((typed,)),), known=known))
