"""Why each account is in its story, and kept out of what reads like it. Pure.

Nothing that is said here depends on the order in which accounts came.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from crawler.stories.joining import Joined, Pair
from crawler.stories.links import ENOUGH, Link
from storage.model import Reason, StoryPlan
from storage.model.reasons import OTHER_EVENT, summed

Said = Iterator[tuple[str, Reason]]  # whose reason it is


def reasons(
    plans: Sequence[StoryPlan], candidates: Mapping[Pair, Link], joined: Joined
) -> dict[str, tuple[Reason, ...]]:
    """Key -> the reasons of its account.

    A copy tells what it shares with its head; both ends of each link across which stories became one, that
    link; who would be of one event with another story, what keeps the two apart; and everybody, what vetoes
    that it is of the event of what reads alike.
    """
    homes = {key: number for number, plan in enumerate(plans) for key in plan.members}
    heads = {key: head for plan in plans for key, head in plan.copies.items()}
    told: dict[str, list[Reason]] = {key: [] for key in homes}
    for said in (
        _copies(heads, joined.links),
        _joints(joined.joints, joined.links),
        _kept_apart(homes, joined),
        _vetoed(homes, candidates),
    ):
        for key, reason in said:
            told[key].append(reason)
    return {key: summed(each) for key, each in told.items()}


def veto(found: Link) -> str:
    """What keeps two accounts apart that read alike, or of which an analyst says so."""
    return found.veto if found.by_hand or found.strength >= ENOUGH else ""


def _copies(heads: Mapping[str, str], links: Mapping[Pair, Link]) -> Said:
    """Of a head how many copies it has; of a copy what it shares with it, or else with the nearest copy."""
    for head, count in sorted(Counter(heads.values()).items()):
        yield head, Reason(kind="head", why="a copy" if count == 1 else f"{count} copies")
    for key, head in sorted(heads.items()):
        near = head if _is_copy(key, head, links) else _nearest(key, heads, links)
        yield key, Reason(kind="copy", other=near, why=links[_pair(key, near)].why)


def _nearest(key: str, heads: Mapping[str, str], links: Mapping[Pair, Link]) -> str:
    """The strongest of the copies under the same head."""
    beside = (each for each in heads if heads[each] == heads[key] and _is_copy(key, each, links))
    return min(beside, key=lambda each: (-links[_pair(key, each)].strength, each))


def _is_copy(key: str, other: str, links: Mapping[Pair, Link]) -> bool:
    found = links.get(_pair(key, other))
    return found is not None and found.copy


def _joints(joints: Iterable[Pair], links: Mapping[Pair, Link]) -> Said:
    for one, other in joints:
        if not links[one, other].copy:
            why = links[one, other].why
            yield one, Reason(kind="same event", other=other, why=why)
            yield other, Reason(kind="same event", other=one, why=why)


def _kept_apart(homes: Mapping[str, int], joined: Joined) -> Said:
    """Of each account the strongest link to each other story, and what refused that."""
    strongest: dict[str, dict[int, tuple[float, str]]] = defaultdict(dict)
    for one, other in joined.refused:
        for key, near in ((one, other), (other, one)):
            rank = (-joined.links[one, other].strength, near)
            strongest[key][homes[near]] = min(strongest[key].get(homes[near], rank), rank)
    for key, others in strongest.items():
        for _, near in sorted(others.values()):
            refusal = joined.refused[_pair(key, near)]
            yield key, Reason(kind="kept apart", other=near, why=refusal.why, between=refusal.between)


def _vetoed(homes: Mapping[str, int], links: Mapping[Pair, Link]) -> Said:
    for (one, other), found in links.items():
        if (why := veto(found)) and homes[one] != homes[other]:
            yield one, Reason(kind=OTHER_EVENT, other=other, why=why)
            yield other, Reason(kind=OTHER_EVENT, other=one, why=why)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
