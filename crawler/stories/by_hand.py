"""What an analyst says of stories: these are one, these articles are another. Pure.

It is said of pairs of articles, so that it holds whatever comes later and wherever the articles go: what is
joined is one story, what is split is never one. Of two things said of a pair the later holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations, product

from crawler.stories.partition import group
from storage.errors import InputError
from storage.model import Account, Neighbours, StoryPlan, Tie

Pair = tuple[str, str]  # keys in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is kept and forgotten of pairs, and the stories that come of it."""

    made: tuple[Tie, ...] = ()
    forgotten: tuple[Pair, ...] = ()
    plans: tuple[StoryPlan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """When and why an analyst says it."""

    now: datetime
    why: str = ""


def join(held: Neighbours, stories: Sequence[int], said: Said) -> Ruling:
    """Make one story of several; `held` are all accounts of their components.

    Raises InputError if there is but one.
    """
    if len(set(stories)) < 2:
        raise InputError("name two stories or more to join them, that are not one; see rasid stories list")
    together = [each.article.key for each in _members(held, set(stories))]
    return _ruled(held, tuple(_every_two(together, said)))


def split(held: Neighbours, story: int, keys: Sequence[str], said: Said) -> Ruling:
    """Make another story of some articles of one. Raises InputError if none or all are named, or others."""
    members = [each.article.key for each in _members(held, {story})]
    foreign = sorted(set(keys).difference(members))
    if foreign:
        raise InputError(f"{foreign[0]}: is not of story {story}; see rasid stories show {story}")
    leaving = [key for key in members if key in keys]
    staying = [key for key in members if key not in keys]
    if not leaving or not staying:
        raise InputError(f"story {story}: name some of its articles, not all, to make another story of them")
    apart = [_tie(one, other, said, together=False) for one, other in product(leaving, staying)]
    moving = [replace(each, story=None) if each.article.key in leaving else each for each in held.accounts]
    return _ruled(replace(held, accounts=tuple(moving)), [*_every_two(leaving, said), *apart])


def release(held: Neighbours, stories: Iterable[int]) -> Ruling:
    """Forget what was said of the articles of stories: they belong where the rules have them."""
    keys = {each.article.key for each in _members(held, set(stories))}
    forgotten = [(each.one, each.other) for each in held.ties if keys & {each.one, each.other}]
    return _ruled(held, forgotten=forgotten)


def _ruled(held: Neighbours, made: Sequence[Tie] = (), forgotten: Sequence[Pair] = ()) -> Ruling:
    holding = {(each.one, each.other): each for each in held.ties}
    holding |= {(each.one, each.other): each for each in made}
    for pair in forgotten:
        holding.pop(pair, None)
    return Ruling(made=tuple(made), forgotten=tuple(forgotten), plans=group(held.accounts, holding.values()))


def _members(held: Neighbours, stories: set[int]) -> list[Account]:
    return sorted(
        (each for each in held.accounts if each.story in stories), key=lambda each: each.article.key
    )


def _every_two(keys: Sequence[str], said: Said) -> Iterator[Tie]:
    """Every two of them: what is said later of one of them parts none of the rest."""
    for one, other in combinations(keys, 2):
        yield _tie(one, other, said, together=True)


def _tie(one: str, other: str, said: Said, *, together: bool) -> Tie:
    return Tie(one=min(one, other), other=max(one, other), together=together, made=said.now, why=said.why)
