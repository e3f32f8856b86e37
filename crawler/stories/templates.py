"""Whether two texts that read alike are of two events: one template, filled in twice. Pure.

A communique is printed again with another name, number, place or day. So it is not how much two near-copies
share that tells, but what stands in one in place of what stands in the other. What was added or left out says
nothing, nor do typos and other spellings.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from crawler.stories.named import skeleton
from crawler.stories.wording import Piece, pieces

_LONGEST = 6  # pieces in place of others; more is rewritten
_BESIDE = 2  # pieces that are the same on either side of them
_AROUND = 6  # on both sides together; the start or end of a text counts as three
_EDGE = 3
_ALIKE = 0.72  # of two spellings of one name
_NAMED = ("person", "place", "name")
_KINDS = ("edition", "year", "age", "number", "day", "country")
_AND = frozenset(("et", "and", "y", "e", "و"))
_ROUND = 100  # from here on outlets round numbers
_NEAR = 0.1


class Substitution(NamedTuple):
    """What stands in two texts in place of each other."""

    kind: str  # of a piece
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.kind} {self.one} / {self.other}"


@lru_cache(maxsize=20_000)
def substituted(one: tuple[str, str], other: tuple[str, str]) -> tuple[Substitution, ...]:
    """What is another in two near-copies, given by title and text (`told_in`); the same for either order.

    What only the titles differ in counts where neither account names what the other's title does.
    """
    mine, theirs = sorted((one, other))
    texts = _between(pieces(mine[1]), pieces(theirs[1]))
    found = dict.fromkeys(each for each in texts if each.kind == "way" or not _exchanged(each, mine, theirs))
    titles = _between(pieces(mine[0]), pieces(theirs[0]))
    found |= dict.fromkeys(each for each in titles if _apart(each, mine, theirs))
    return tuple(sorted(found))


def _between(mine: Sequence[Piece], theirs: Sequence[Piece]) -> Iterator[Substitution]:
    for block, opposite in _replaced(mine, theirs):
        yield from _differing(block, opposite)


def _apart(found: Substitution, mine: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """Whether neither account names anywhere what stands in the title of the other."""
    return not _names(theirs, found.one) and not _names(mine, found.other)


def _exchanged(found: Substitution, mine: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """Whether both accounts name both, so that only the order is another."""
    return _names(theirs, found.one) and _names(mine, found.other)


def _names(account: tuple[str, str], said: str) -> bool:
    told = {each.value or each.text for part in account for each in pieces(part)}
    return told.issuperset(said.split())


def _replaced(
    mine: Sequence[Piece], theirs: Sequence[Piece]
) -> Iterator[tuple[Sequence[Piece], Sequence[Piece]]]:
    """The few pieces that stand in place of each other, where what is around them is the same."""
    matcher = SequenceMatcher(
        None, [each.text for each in mine], [each.text for each in theirs], autojunk=False
    )
    left, at, opposite = _EDGE, 0, 0
    for first, second, same in matcher.get_matching_blocks():
        if 0 < same < _BESIDE:
            continue
        around = left + (same or _EDGE)
        block, other = mine[at:first], theirs[opposite:second]
        if around >= _AROUND and 0 < len(block) <= _LONGEST and 0 < len(other) <= _LONGEST:
            yield block, other
        left, at, opposite = same, first + same, second + same


def _differing(block: Sequence[Piece], other: Sequence[Piece]) -> Iterator[Substitution]:
    """In what particular thing two short passages differ."""
    for kind in _KINDS:
        one, two = ({each.value for each in side if each.kind == kind} for side in (block, other))
        if one and two and one.isdisjoint(two) and not (kind == "number" and _rounded(one, two)):
            yield Substitution(kind, " ".join(sorted(one)), " ".join(sorted(two)))
    ways = [_listed([each for each in side if each.kind in ("place", "name")]) for side in (block, other)]
    linked = any(each.text in _AND for each in (*block, *other))
    if ways[0] != ways[1] and set(ways[0].split()) == set(ways[1].split()) and not linked:
        yield Substitution("way", *ways)
    yield from _other_names(block, other)


def _other_names(block: Sequence[Piece], other: Sequence[Piece]) -> Iterator[Substitution]:
    one, two = ([each for each in side if each.kind in _NAMED] for side in (block, other))
    if len(block) == len(other):  # one of them looks like a name, the other has its place
        one = one or (_perhaps(block) if two else [])
        two = two or (_perhaps(other) if one else [])
    shared = {_value(each) for each in one} & {_value(each) for each in two}
    one, two = ([each for each in side if _value(each) not in shared] for side in (one, two))
    if one and two and not any(_alike(mine, theirs) for mine in one for theirs in two):
        yield Substitution("name", _listed(one), _listed(two))


def _perhaps(block: Sequence[Piece]) -> list[Piece]:
    return [each for each in block if each.kind == "perhaps"]


def _value(piece: Piece) -> str:
    return piece.value or piece.text


def _listed(names: Sequence[Piece]) -> str:
    return " ".join(dict.fromkeys(map(_value, names)))


def _alike(one: Piece, other: Piece) -> bool:
    """Whether two names may be one: spelled nearly alike, shortened, or of two sorts."""
    if {one.kind, other.kind} == {"person", "place"}:
        return True
    if one.value and other.value:
        return one.value == other.value
    mine, theirs = sorted((one.text, other.text))
    if theirs.startswith(mine) or (skeleton(mine) and skeleton(mine) == skeleton(theirs)):
        return True
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio() >= _ALIKE


def _rounded(one: set[str], other: set[str]) -> bool:
    """Whether two large figures may be one that outlets round."""
    pairs = [sorted((float(mine), float(theirs))) for mine in one for theirs in other]
    return any(less >= _ROUND and more - less <= _NEAR * more for less, more in pairs)
