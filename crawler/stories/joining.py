"""Which accounts come together in one story: which pairs are worth comparing, and what links join. Pure."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from math import fsum
from typing import NamedTuple, TypeVar

from crawler.stories.links import WINDOW, Link
from crawler.stories.looking import look
from crawler.stories.tellings import Telling, read
from storage.model import Account

Sign = TypeVar("Sign", int, str)
Pair = tuple[str, str]  # keys in order

AGREED = 0.7  # evidence that the accounts of two stories need on average to be one
_WINDOW = timedelta(WINDOW)
STRONGEST = 3.0  # what a link counts in an average at most


class Refusal(NamedTuple):
    """Why two stories are not one, though accounts of them are linked."""

    why: str
    between: tuple[str, ...] = ()  # the two accounts of which a veto is; empty: it is of all


class Joined(NamedTuple):
    """What links make of accounts."""

    stories: list[list[str]]  # keys, both sorted
    joints: list[Pair]  # the links across which stories became one, the strongest first
    refused: dict[Pair, Refusal]  # the links that would join accounts of two stories
    links: Mapping[Pair, Link]  # all that were looked at: among them those of any two of one story


def candidates(accounts: Mapping[str, Account], told: Mapping[str, Telling]) -> Iterator[Pair]:
    """Each such pair once; a pair that shares a sign lies within 21 days."""
    beside: dict[str, set[str]] = {key: set() for key in accounts}
    for keys in _distinct(_holders((key, each.bands) for key, each in accounts.items())):
        for key in keys:
            beside[key].update(keys)
    for keys in _distinct(_holders((key, each.signs) for key, each in told.items())):
        for key, near in _near(keys, told):
            beside[key].update(near)
    for arabic, latin in _across_scripts(told):
        for key in arabic:
            beside[key].update(latin)
        for key in latin:
            beside[key].update(arabic)
    return ((one, other) for one, others in beside.items() for other in others if one < other)


def compared(mine: Account, theirs: Account) -> bool:
    """Whether two accounts are candidates for a link."""
    both = {each.article.key: each for each in (mine, theirs)}
    return any(candidates(both, {key: read(each) for key, each in both.items()}))


def join(told: Mapping[str, Telling], candidates: Mapping[Pair, Link]) -> Joined:
    """The stories that the links of candidates make.

    The strongest link joins first. Two stories become one where no pair is vetoed and their accounts agree on
    average, or hold copies: what hangs together by one account only stays apart. What an analyst has joined
    counts as one account, which says what the nearest of them says.
    """
    links = dict(candidates)
    between = _Between(told, links, _bound(told, links))
    story = {key: {key} for key in told}
    joints: list[Pair] = []
    refused: dict[Pair, Refusal] = {}
    answers: dict[tuple[int, ...], Refusal] = {}  # stories only grow: their sizes tell whether they have
    for _, pair in sorted((-found.strength, pair) for pair, found in candidates.items() if found.joins):
        mine, theirs = story[pair[0]], story[pair[1]]
        if mine is theirs:
            continue
        asked = (id(mine), len(mine), id(theirs), len(theirs))
        if refusal := answers.get(asked) or _refusal(mine, theirs, between, links[pair]):
            refused[pair] = answers[asked] = refusal
            continue
        joints.append(pair)
        mine |= theirs
        story.update(dict.fromkeys(theirs, mine))
    stories = sorted({id(members): sorted(members) for members in story.values()}.values())
    apart = {pair: why for pair, why in refused.items() if story[pair[0]] is not story[pair[1]]}
    return Joined(stories, joints, apart, links)


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
            self.links[pair] = look(self.told[pair[0]], self.told[pair[1]])
        return self.links[pair]


def _refusal(mine: Set[str], theirs: Set[str], between: _Between, joining: Link) -> Refusal | None:
    """Why two stories do not become one by a link; None: they do."""
    if joining.by_hand:
        return None
    strengths = []
    for one, other in product(sorted(mine), sorted(theirs)):
        found = between(one, other)
        if found.veto:
            return Refusal(found.veto, _ordered(one, other))
        strengths.append(min(found.strength, STRONGEST))
    said = [each for each in strengths if each]  # accounts that name nobody in common say nothing
    if joining.copy or fsum(said) >= AGREED * len(said):
        return None
    return Refusal(
        f"the accounts of the two have too little in common, {fsum(said) / len(said):.2f} of {AGREED}"
    )


def _bound(told: Mapping[str, Telling], links: Mapping[Pair, Link]) -> Mapping[str, frozenset[str]]:
    """Key -> those that an analyst has joined with it, itself included."""
    groups: dict[str, frozenset[str]] = {}
    for one, other in sorted(pair for pair, found in links.items() if found.by_hand and found.joins):
        whole = groups.get(one, frozenset((one,))) | groups.get(other, frozenset((other,)))
        groups |= dict.fromkeys(whole, whole)
    return {key: whole for key, whole in groups.items() if key in told}


def _near(keys: Sequence[str], told: Mapping[str, Telling]) -> Iterator[tuple[str, Sequence[str]]]:
    """Each of these accounts with those told within 21 days of it; without a date with all."""
    undated = [key for key in keys if not told[key].day]
    yield from ((key, keys) for key in undated)
    dated = sorted((day, key) for key in keys if (day := told[key].day))
    days, named = [day for day, _ in dated], [key for _, key in dated]
    for day, key in dated:
        near = slice(bisect_left(days, day - _WINDOW), bisect_right(days, day + _WINDOW))
        yield key, (*undated, *named[near])


def _across_scripts(told: Mapping[str, Telling]) -> Iterator[tuple[list[str], list[str]]]:
    """Those of two scripts whose names have the same consonants."""
    arabic = _holders((key, each.skeletons) for key, each in told.items() if each.is_arabic)
    latin = _holders((key, each.skeletons) for key, each in told.items() if not each.is_arabic)
    yield from ((arabic[shared], latin[shared]) for shared in arabic.keys() & latin.keys())


def _distinct(holders: Mapping[Sign, list[str]]) -> Iterable[tuple[str, ...]]:
    """Who holds a sign with others, each such company once."""
    return {tuple(keys) for keys in holders.values() if len(keys) > 1}


def _holders(signed: Iterable[tuple[str, Iterable[Sign]]]) -> dict[Sign, list[str]]:
    """Sign -> the keys of the accounts that hold it."""
    holders: dict[Sign, list[str]] = defaultdict(list)
    for key, signs in signed:
        for sign in set(signs):
            holders[sign].append(key)
    return holders


def _ordered(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
