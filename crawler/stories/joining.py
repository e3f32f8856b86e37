"""Which accounts come together in one story: which pairs are worth comparing, and what links join. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
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
    average, or hold copies: what hangs together by one account only stays apart.
    """
    story = {key: {key} for key in told}
    refused: set[tuple[str, int, str, int]] = set()  # stories only grow: one account and the size name one
    joining = (pair for pair, found in links.items() if found.joins)
    for one, other in sorted(joining, key=lambda pair: (-links[pair].strength, pair)):
        mine, theirs = story[one], story[other]
        asked = (min(mine), len(mine), min(theirs), len(theirs))
        if mine is theirs or asked in refused:
            continue
        if _agree(mine, theirs, told, links, copies=links[one, other].copy):
            mine |= theirs
            story.update(dict.fromkeys(theirs, mine))
        else:
            refused.add(asked)
    return sorted({min(members): sorted(members) for members in story.values()}.values())


def _agree(
    mine: Set[str], theirs: Set[str], told: Mapping[str, Telling], links: dict[Pair, Link], *, copies: bool
) -> bool:
    strengths = []
    for pair in (_ordered(*each) for each in product(mine, theirs)):
        if pair not in links:
            links[pair] = link(told[pair[0]], told[pair[1]])
        if links[pair].veto:
            return False
        strengths.append(min(links[pair].strength, MOST))
    said = [each for each in strengths if each]  # accounts that name nobody in common say nothing
    return copies or fsum(said) >= AGREED * len(said)


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
