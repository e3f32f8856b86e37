"""Which accounts are of one event, and which of them are copies. Pure.

`group` divides a set of accounts into stories, whatever their order. `place` does the same for a newcomer and
the stories it links to, and keeps the ids of stories that exist.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import UTC, datetime

from crawler.entities import Names, find_entities
from crawler.judging.passages import passages
from crawler.stories.commonplace import agencies
from crawler.stories.copies import bands
from crawler.stories.joining import Pair, candidates, compared, join
from crawler.stories.links import Link, tied
from crawler.stories.looking import look
from crawler.stories.reasons import reasons, veto
from crawler.stories.tellings import read
from storage.columns import short_key
from storage.model import Account, Article, Neighbours, Placement, Reason, StoryPlan, Tie
from storage.model.reasons import OTHER_EVENT, mirrored, summed

_LATEST = datetime.max.replace(tzinfo=UTC)


def account(
    article: Article, names: Names, *, seen: datetime | None = None, reposts: bool = False
) -> Account:
    """An article as grouping sees it, not yet in a story.

    seen: when it was first seen, which counts where no date is known. reposts: its source is a re-poster.
    """
    told = [each for each in passages(article) if not each.dropped and each.field == "text"]
    text = "\n".join(article.text[each.start : each.end] for each in told)
    found = find_entities(f"{article.title}\n{text}", names)
    mentioned = dict.fromkeys(each.entity for each in found)
    entities = tuple(each for each in mentioned if names.entities[each].kind != "country")
    article = replace(article, key=short_key(article.key))
    made = Account(
        article=article,
        moment=article.published or seen,
        entities=entities,
        bands=_bands(article),
        reposts=reposts,
    )
    return replace(made, cases=tuple(sorted(read(made).cases)))


def _bands(article: Article) -> tuple[int, ...]:
    return bands(article.text or article.title)


def group(accounts: Iterable[Account], ties: Iterable[Tie] = ()) -> tuple[StoryPlan, ...]:
    """The stories of a set of accounts, the same whatever their order; sorted by their first key.

    What an analyst has tied together or apart is so.

    An existing story goes on where most of its accounts are, or the first of them. Of several in one place
    the lowest id goes on and the others lead to it; what splits off a story is a new one.
    """
    known = {each.article.key: each for each in accounts}
    told = {key: read(known[key]) for key in sorted(known)}
    links = {(one, other): look(told[one], told[other]) for one, other in candidates(known, told)}
    for tie in ties:
        if tie.one in told and tie.other in told:
            links[tie.one, tie.other] = tied(look(told[tie.one], told[tie.other]), tie)
    joined = join(told, links)
    copied = _beside(pair for pair, found in joined.links.items() if found.copy)
    plans = [_plan([known[key] for key in story], copied) for story in joined.stories]
    why = reasons(plans, links, joined)
    plans = [replace(plan, why={key: why[key] for key in plan.members}) for plan in plans]
    return _with_ids(plans, known)


def place(newcomer: Account, neighbours: Neighbours) -> Placement:
    """Where a newcomer belongs: the new partition of the components it touches, with the reasons.

    A link depends on its two accounts alone, and joins within a component only: so the partition is the one
    that `group` makes of all accounts there are, whatever the order in which they came, as long as all that
    the newcomer links to are among the neighbours: the archive offers 100 (docs/adr/0024).
    """
    key = newcomer.article.key
    before = next((each.story for each in neighbours.accounts if each.article.key == key), newcomer.story)
    links = _links(newcomer, neighbours)
    whole = touched(newcomer, neighbours, links)
    near = [each for each in neighbours.accounts if each.article.key != key and _component(each) in whole]
    plans = group((replace(newcomer, story=before), *near), neighbours.ties)
    apart = dict(_apart(newcomer, neighbours, {each.article.key for each in near}, links))
    own = next(plan for plan in plans if key in plan.members)
    placed = replace(newcomer, story=own.story, copy_of=own.copies.get(key))
    why = summed((*own.why[key], *(mirrored(said, other) for other, said in apart.items())))
    plans = tuple(replace(plan, why={**plan.why, key: why}) if plan is own else plan for plan in plans)
    return Placement(account=placed, stories=plans, why=why, apart=apart, seen=neighbours.seen)


def touched(
    newcomer: Account, neighbours: Neighbours, links: Mapping[str, Link] | None = None
) -> frozenset[int]:
    """The components of the accounts that a newcomer links to, and its own where it is known already."""
    links = _links(newcomer, neighbours) if links is None else links
    own = newcomer.article.key
    joined = (
        each for each in neighbours.accounts if each.article.key == own or links[each.article.key].joins
    )
    return frozenset(number for each in joined if (number := _component(each)) is not None)


def _links(newcomer: Account, neighbours: Neighbours) -> dict[str, Link]:
    """What each neighbour is to a newcomer."""
    key, told = newcomer.article.key, read(newcomer)
    others = {each.article.key: read(each) for each in neighbours.accounts if each.article.key != key}
    links = {
        other: look(*(pair[1] for pair in sorted(((key, told), (other, each)))))
        for other, each in others.items()
    }
    for tie in neighbours.ties:
        if key in (tie.one, tie.other):
            other = tie.other if key == tie.one else tie.one
            links[other] = tied(links[other], tie)
    return links


def _apart(
    newcomer: Account, neighbours: Neighbours, near: Set[str], links: Mapping[str, Link]
) -> Iterator[tuple[str, Reason]]:
    """What those of other components that read like a newcomer say of it."""
    own = newcomer.article.key
    for each in neighbours.accounts:
        key = each.article.key
        if key == own or key in near or not (why := veto(links[key])):
            continue
        if links[key].by_hand or compared(newcomer, replace(each, bands=each.bands or _bands(each.article))):
            yield key, Reason(kind=OTHER_EVENT, other=own, why=why)


def _component(each: Account) -> int | None:
    return each.story if each.component is None else each.component


def _beside(pairs: Iterable[Pair]) -> Mapping[str, set[str]]:
    """The other halves of each key's pairs."""
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        beside[one].add(other)
        beside[other].add(one)
    return beside


def _plan(members: Sequence[Account], copied: Mapping[str, set[str]]) -> StoryPlan:
    """A story, yet without id, each copy under the head of the texts it is linked to."""
    by_key = {each.article.key: each for each in members}
    heads: dict[str, str] = {}
    for key in by_key:
        if key not in heads:
            same = _reached(key, copied, within=by_key)
            heads |= dict.fromkeys(same, min((by_key[each] for each in same), key=_precedence).article.key)
    copies = {key: head for key, head in sorted(heads.items()) if head != key}
    return StoryPlan(story=None, members=tuple(sorted(by_key)), copies=copies)


def _reached(key: str, copied: Mapping[str, set[str]], within: Mapping[str, Account]) -> set[str]:
    """The texts that copies lead to from one, itself included."""
    found, ahead = {key}, [key]
    while ahead:
        further = {each for each in copied.get(ahead.pop(), ()) if each in within} - found
        found |= further
        ahead.extend(further)
    return found


def _precedence(each: Account) -> tuple[bool, bool, datetime, int, str]:
    """An agency's own text first, then no re-poster, then the earliest, then the longest."""
    article = each.article
    foreign = article.source not in agencies()
    return (foreign, each.reposts, article.published or _LATEST, -len(article.text), article.key)


def _age(each: Account) -> tuple[datetime, str]:
    return each.article.published or _LATEST, each.article.key


def _with_ids(plans: Sequence[StoryPlan], known: Mapping[str, Account]) -> tuple[StoryPlan, ...]:
    votes: dict[int, Counter[int]] = defaultdict(Counter)  # story -> plan -> accounts of the story there
    for number, plan in enumerate(plans):
        for story in (known[key].story for key in plan.members):
            if story is not None:
                votes[story][number] += 1
    kept: dict[int, int] = {}
    for story, homes in sorted(votes.items()):
        first = min((each for each in known.values() if each.story == story), key=_age).article.key
        most = max(homes, key=lambda number: (homes[number], first in plans[number].members, -number))
        kept.setdefault(most, story)
    return tuple(replace(plan, story=kept.get(number)) for number, plan in enumerate(plans))
