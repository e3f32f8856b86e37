"""Which accounts come together in one story: which pairs are worth comparing, and what links join. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations, product
from math import fsum
from typing import TypeVar

from crawler.stories.links import WINDOW, Link, link
from crawler.stories.tellings import Telling
from storage.model import Account

Sign = TypeVar("Sign", int, str)
Pair = tuple[str, str]  # keys in order

AGREED = 0.7  # evidence that the accounts of two stories need on average to be one
MOST = 3.0  # of a link in an average


def candidates(accounts: Mapping[str, Account], told: Mapping[str, Telling]) -> set[Pair]:
    """Each such pair once; a pair that shares a sign lies within 21 days."""
    banded = _holders((key, each.bands) for key, each in accounts.items())
    pairs = {_ordered(*pair) for keys in banded.values() for pair in combinations(keys, 2)}
    signed = _holders((key, each.signs) for key, each in told.items())
    for keys in signed.values():
        pairs.update(_near(keys, told))
    pairs.update(_across_scripts(told))
    return pairs


def join(told: Mapping[str, Telling], links: dict[Pair, Link]) -> list[list[str]]:
    """The keys of each story, both sorted; `links` holds the candidates, and then what else was looked at.

    The strongest link joins first. Two stories become one where no pair is vetoed and their accounts agree on
    average, or hold copies: what hangs together by one account only stays apart. What an analyst has joined
    counts as one account, which says what the nearest of them says.
    """
    bound = _bound(told, links)
    story = {key: {key} for key in told}
    refused: set[tuple[str, int, str, int]] = set()  # stories only grow: one account and the size name one
    joining = (pair for pair, found in links.items() if found.joins)
    for one, other in sorted(joining, key=lambda pair: (-links[pair].strength, pair)):
        mine, theirs = story[one], story[other]
        asked = (min(mine), len(mine), min(theirs), len(theirs))
        if mine is theirs or asked in refused:
            continue
        found = links[one, other]
        if found.by_hand or _agree(mine, theirs, _Between(told, links, bound), copies=found.copy):
            mine |= theirs
            story.update(dict.fromkeys(theirs, mine))
        else:
            refused.add(asked)
    return sorted({min(members): sorted(members) for members in story.values()}.values())


@dataclass(frozen=True, slots=True)
class _Between:
    """What any two accounts are to each other; what is not among `links` is looked at, and kept there."""

    told: Mapping[str, Telling]
    links: dict[Pair, Link]
    bound: Mapping[str, frozenset[str]]

    def __call__(self, one: str, other: str) -> Link:
        found = self._link(one, other)
        if found.by_hand or not (one in self.bound or other in self.bound):
            return found
        alone = frozenset((one,)), frozenset((other,))
        pairs = product(self.bound.get(one, alone[0]), self.bound.get(other, alone[1]))
        every = [self._link(*each) for each in pairs]
        parted = next((each for each in every if each.by_hand and each.veto), None)
        joining = (each for each in every if each.joins)
        return parted or max(joining, key=lambda each: each.strength, default=found)

    def _link(self, one: str, other: str) -> Link:
        pair = _ordered(one, other)
        if pair not in self.links:
            self.links[pair] = link(self.told[pair[0]], self.told[pair[1]])
        return self.links[pair]


def _agree(mine: Set[str], theirs: Set[str], between: _Between, *, copies: bool) -> bool:
    strengths = []
    for one, other in product(mine, theirs):
        found = between(one, other)
        if found.veto:
            return False
        strengths.append(min(found.strength, MOST))
    said = [each for each in strengths if each]  # accounts that name nobody in common say nothing
    return copies or fsum(said) >= AGREED * len(said)


def _bound(told: Mapping[str, Telling], links: Mapping[Pair, Link]) -> Mapping[str, frozenset[str]]:
    """Key -> those that an analyst has joined with it, itself included."""
    groups: dict[str, frozenset[str]] = {}
    for (one, other), found in sorted(links.items()):
        if found.by_hand and found.joins:
            whole = groups.get(one, frozenset((one,))) | groups.get(other, frozenset((other,)))
            groups |= dict.fromkeys(whole, whole)
    return {key: whole for key, whole in groups.items() if key in told}


def _near(keys: Sequence[str], told: Mapping[str, Telling]) -> Iterator[Pair]:
    dated = sorted((day, key) for key in keys if (day := told[key].day))
    for at, (day, one) in enumerate(dated):
        for other_day, other in dated[at + 1 :]:
            if (other_day - day).days > WINDOW:
                break
            yield _ordered(one, other)
    undated = [key for key in keys if not told[key].day]
    yield from (_ordered(one, other) for one, other in product(undated, keys) if one != other)


def _across_scripts(told: Mapping[str, Telling]) -> Iterator[Pair]:
    """Those of two scripts whose names have the same consonants."""
    arabic = _holders((key, each.skeletons) for key, each in told.items() if each.is_arabic)
    latin = _holders((key, each.skeletons) for key, each in told.items() if not each.is_arabic)
    for shared in arabic.keys() & latin.keys():
        yield from (_ordered(*pair) for pair in product(arabic[shared], latin[shared]))


def _holders(signed: Iterable[tuple[str, Iterable[Sign]]]) -> dict[Sign, list[str]]:
    """Sign -> the keys of the accounts that hold it."""
    holders: dict[Sign, list[str]] = defaultdict(list)
    for key, signs in signed:
        for sign in set(signs):
            holders[sign].append(key)
    return holders


def _ordered(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
