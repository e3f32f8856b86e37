"""A query as an expression of the index. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from storage.model import Either, Every, Filter, Not, Part, Term
from storage.search.expression import AllOf, Expression, OneOf, Tag, Without, Words
from storage.search.names import Bearer, Names, name_of, runs
from storage.search.stems import Sequence, folded, sequences
from storage.search.tags import EVERYTHING, tag, verdict_tag


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive knows that a query does not say."""

    names: Names = field(default_factory=dict)
    countries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # country -> ids of its sources


def compiled(asked: Every, known: Known) -> Expression | None:
    """All that an article must answer; None: nothing."""
    return _all_of(_every(asked, known)) if asked.parts else None


def subjects(asked: Every, known: Known) -> Iterator[tuple[Expression, Expression]]:
    """What is asked for in words, part by part: as it stands in a title, as in a lead, beside the others.

    Some of it may not answer the query: of verdict and topic each is asked for by itself.
    """
    runs = tuple(_runs(asked.parts, known))
    for run in runs:
        if len(run) > 1 or _speaks(run[0]):
            rest = tuple(_run(each, known, "") for each in runs if each is not run)
            yield _all_of((_run(run, known, "title"), *rest)), _all_of((_run(run, known, "lead"), *rest))


def spelled(part: Part, known: Known) -> Iterator[tuple[Sequence, ...]]:
    """What is asked for in words of a text, part by part: the terms in a row that answer it."""
    match part:
        case Every(parts):
            for run in _runs(parts, known):
                yield from _spelled(run, known)
        case Either(parts):
            for each in parts:
                yield from _spelled((each,), known)


def _spelled(run: tuple[Part, ...], known: Known) -> Iterator[tuple[Sequence, ...]]:
    names = _other_names(_bearers(run, known))
    if len(run) > 1:
        yield names
        names = ()
    for each in run:
        match each:
            case Term(words=words, field=""):
                yield (*sequences(words), *names)
            case Every() | Either():
                yield from spelled(each, known)


def leaves(part: Part) -> Iterator[Term | Filter]:
    """The words and filters of a query, in order."""
    match part:
        case Term() | Filter():
            yield part
        case Not(inner):
            yield from leaves(inner)
        case Every(parts) | Either(parts):
            yield from (leaf for each in parts for leaf in leaves(each))


def _every(asked: Every, known: Known, field: str = "") -> Iterator[Expression]:
    judged = [each for each in asked.parts if isinstance(each, Filter) and each.field in ("topic", "verdict")]
    if len(judged) == 2:
        yield _judged({each.field: each.values for each in judged})
    else:
        judged = []
    for run in _runs(tuple(each for each in asked.parts if each not in judged), known):
        yield _run(run, known, field)


def _runs(parts: tuple[Part, ...], known: Known) -> Iterator[tuple[Part, ...]]:
    """The parts one by one, those together that make up the longest name."""
    at = 0
    while at < len(parts):
        names = (len(run) for run in runs(parts[at:]) if name_of(run) in known.names)
        size = max(names, default=1)
        yield parts[at : at + size]
        at += size


def _run(run: tuple[Part, ...], known: Known, field: str) -> Expression:
    found = _all_of(_part(each, known, field) for each in run)
    own = next((each.field for each in run if isinstance(each, Term)), "")
    return _one_of((found, *_bearing(_bearers(run, known), own or field)))


def _bearers(run: tuple[Part, ...], known: Known) -> tuple[Bearer, ...]:
    """Who is named by a run, if it is a name."""
    terms = [each for each in run if isinstance(each, Term)]
    return known.names.get(name_of(terms), ()) if len(terms) == len(run) else ()


def _part(part: Part, known: Known, field: str) -> Expression:
    match part:
        case Term(words=words, field=own):
            return _one_of(Words(each, own or field) for each in sequences(words))
        case Filter():
            return _filter(part, known)
        case Not(inner):
            return Without(_run((inner,), known, ""))
        case Every():
            return _all_of(_every(part, known, field))
        case Either(parts):
            return _one_of(_run((each,), known, field) for each in parts)


def _bearing(bearers: Iterable[Bearer], field: str) -> Iterator[Expression]:
    bearers = tuple(bearers)
    for bearer in bearers:
        if bearer.whole and not field:
            yield Tag(tag("entity", bearer.id))
    yield from (Words(each, field) for each in _other_names(bearers))


def _other_names(bearers: Iterable[Bearer]) -> tuple[Sequence, ...]:
    return tuple(dict.fromkeys(each for bearer in bearers for each in bearer.spellings))


def _filter(asked: Filter, known: Known) -> Expression:
    match asked.field:
        case "country":
            values = [each for value in asked.values for each in known.countries.get(value.upper(), ())]
            return _one_of(Tag(tag("source", each)) for each in values)
        case "entity":
            return _one_of(Tag(tag("entity", each)) for value in asked.values for each in _ids(value, known))
        case name:
            return _one_of(Tag(tag(name, each)) for each in asked.values)


def _ids(value: str, known: Known) -> Iterator[str]:
    yield value
    yield from (bearer.id for bearer in known.names.get(folded(value), ()))


def _judged(asked: Mapping[str, tuple[str, ...]]) -> Expression:
    both = product(asked["verdict"], asked["topic"])
    return _one_of(Tag(verdict_tag(verdict, topic)) for verdict, topic in both)


def _speaks(part: Part) -> bool:
    """Whether it asks for words."""
    match part:
        case Term():
            return True
        case Every(parts) | Either(parts):
            return any(map(_speaks, parts))
        case _:
            return False


def _all_of(parts: Iterable[Expression]) -> Expression:
    found = tuple(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else AllOf(found)


def _one_of(parts: Iterable[Expression]) -> Expression:
    """Of no parts: nothing at all."""
    found = tuple(dict.fromkeys(parts))
    if not found:
        return Without(Tag(EVERYTHING))
    return found[0] if len(found) == 1 else OneOf(found)
