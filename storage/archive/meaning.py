"""Did you mean: a query in near spellings that the archive does hold."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from sqlalchemy import Connection, select

from storage.archive.vocabulary import spelt
from storage.model import Either, Every, Part, Query, Term
from storage.query import parse_query
from storage.search.near import distance, most_mistakes, neighbours
from storage.search.stems import sequences
from storage.tables import entities, entity_names
from storage.text import words

FEW = 3  # articles: an answer of fewer may be due to a mistake
_MOST = 3  # queries that are suggested
_DOUBTED = 4  # words that are looked at
_WEIGHED = 8  # near spellings of a word whose articles are counted, the nearest
_COUNTED = 100  # articles: more is as good
_COMMON = 10  # times as many articles has a word that a rare one is taken for
_TRIED = 9  # queries that are asked

Count = Callable[[Query, int], int]
"""How many articles answer a query, counted up to so many."""


@dataclass(frozen=True, slots=True, order=True)
class _Choice:
    """What may stand in place of a word, from the likeliest on."""

    mistakes: float
    rarer: int  # less than nothing: the articles that hold it
    spelling: str


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A word at [start, end) of the text of a query, and what may be meant by it."""

    start: int
    end: int
    choices: tuple[_Choice, ...]


def meant(connection: Connection, query: Query, total: int, count: Count) -> tuple[str, ...]:
    """The query in near spellings that find more than its `total`, the nearest and most frequent first."""
    if total >= FEW:
        return ()
    doubts = tuple(_doubts(connection, query, count))
    found: dict[str, None] = {}
    for choices in _together(doubts):
        text = _replaced(query.text, doubts, choices)
        if text != query.text and count(parse_query(text, now=query.now), FEW) > total:
            found[text] = None
        if len(found) == _MOST:
            break
    return tuple(found)


def _together(doubts: tuple[_Doubt, ...]) -> list[tuple[_Choice, ...]]:
    """One choice for each doubted word, the likeliest first."""
    every = product(*(each.choices for each in doubts)) if doubts else ()
    return sorted(every, key=lambda made: (sum(each.mistakes for each in made), made))[:_TRIED]


def _replaced(text: str, doubts: tuple[_Doubt, ...], choices: tuple[_Choice, ...]) -> str:
    for doubt, choice in sorted(zip(doubts, choices, strict=True), key=lambda pair: -pair[0].start):
        text = text[: doubt.start] + choice.spelling + text[doubt.end :]
    return text


def _doubts(connection: Connection, query: Query, count: Count) -> Iterator[_Doubt]:
    """The words of a query that next to nothing in the archive holds, where near ones are held."""
    names: dict[str, str] | None = None
    for start, end, word in tuple(_typed(query))[:_DOUBTED]:
        typed = query.text[start:end]
        held = count(_asking(query, typed), FEW)
        if held >= FEW:
            continue
        names = _names(connection) if names is None else names
        if held and word in names:
            continue
        near = _near(connection, word, names)
        choices = sorted(_choices(query, near, names, max(1, _COMMON * held), count))[:_MOST]
        kept = [_Choice(0, 0, typed)] * bool(held)
        if choices:
            yield _Doubt(start, end, (*choices, *kept))


def _typed(query: Query) -> Iterator[tuple[int, int, str]]:
    """Where the longer words of what is wanted stand in the text of a query, and what they are, folded."""
    for term in _terms(query.asked):
        for word in words(query.text[term.start : term.end]):
            if most_mistakes(word.text) and word.text.isalpha():
                yield term.start + word.start, term.start + word.end, word.text


def _terms(part: Part) -> Iterator[Term]:
    match part:
        case Term():
            yield part
        case Every(parts) | Either(parts):
            for each in parts:
                yield from _terms(each)


def _choices(
    query: Query, near: dict[str, tuple[float, str]], names: Mapping[str, str], least: int, count: Count
) -> Iterator[_Choice]:
    """What may be meant, if so many articles hold it; of one name's or stem's spellings the nearest."""
    told: set[object] = set()
    for word, (mistakes, spelling) in sorted(near.items(), key=lambda each: (each[1][0], each[0]))[:_WEIGHED]:
        same = {names.get(word, word), *sequences((word,))}
        if told & same:
            continue
        told |= same
        articles = count(_asking(query, spelling), _COUNTED)
        if articles >= least:
            yield _Choice(mistakes, -articles, spelling)


def _asking(query: Query, word: str) -> Query:
    """A query for one word."""
    return Query(asked=Every((Term(words=(word,)),)), now=query.now)


def _near(connection: Connection, word: str, names: Mapping[str, str]) -> dict[str, tuple[float, str]]:
    """Folded words near to one: how many mistakes away, and as people write them."""
    most = most_mistakes(word)
    alike = (each for each in names if abs(len(each) - len(word)) <= most)
    of_names = {each for each in alike if distance(word, each, most) is not None}
    written = spelt(connection, set(neighbours(word)))
    written |= _as_labelled(connection, of_names, {names[each] for each in of_names})
    near = ((each, distance(word, each, most)) for each in written)
    return {each: (mistakes, written[each]) for each, mistakes in near if mistakes}


def _names(connection: Connection) -> dict[str, str]:
    """The words of names that are long enough to be meant, each with the id of one who bears it."""
    told = connection.execute(
        select(entity_names.c.name, entity_names.c.entity).order_by(entity_names.c.entity)
    )
    found: dict[str, str] = {}
    for name, entity in told:
        for word in name.split():
            if most_mistakes(word):
                found.setdefault(word, entity)
    return found


def _as_labelled(connection: Connection, sought: set[str], bearers: set[str]) -> dict[str, str]:
    """Words of names as the names files write them, labels first."""
    found: dict[str, str] = {}
    known = select(entities.c.definition).where(entities.c.id.in_(sorted(bearers)))
    for entity in connection.scalars(known.order_by(entities.c.position)) if bearers else ():
        for name in (*entity.labels.values(), *entity.names):
            for word in words(name):
                if word.text in sought:
                    found.setdefault(word.text, name[word.start : word.end])
    return found
