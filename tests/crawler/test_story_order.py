"""Articles that come late, out of order and from several crawls at once: the stories are the same."""

import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.stories import account, group, neighbourhood, place
from storage.archive import Archive
from storage.errors import Outdated
from storage.model import Accepted, Account, Neighbours, Reason, Revisit, StoryPlan, Tie
from storage.model.reasons import ALONE, elsewhere, summed
from tests.crawler.test_stories import ARREST, DAY, JUDGED, NAMES, VISIT, partition
from tests.factories import article, judgement, link, page

DENSE = tuple(each for each in JUDGED if each.article.published and each.article.published.year == 2027)
"""Weeks in which the same people, services and cities are in most of the articles."""


@pytest.mark.parametrize("seed", [1, 2])
def test_an_archive_tells_the_same_stories_whatever_came_first(archive: Archive, seed: int) -> None:
    accounts = list(DENSE)
    random.Random(seed).shuffle(accounts)
    for each in accounts:
        record(archive, each)
    assert stories(archive) == wanted(DENSE)
    assert reasons(archive) == said_of(group(DENSE))
    assert archive.keeping.findings() == ()


def test_an_archive_tells_the_same_stories_to_several_crawls_at_once(archive: Archive) -> None:
    accounts = DENSE[:40]
    with ThreadPoolExecutor(3) as crawls:
        list(crawls.map(lambda each: record(archive, each), accounts))
    assert stories(archive) == wanted(accounts)


@settings(max_examples=15, deadline=None)
@given(st.permutations(JUDGED))
def test_stories_are_the_same_whatever_the_order(accounts: list[Account]) -> None:
    assert group(accounts) == group(JUDGED)


@settings(max_examples=15, deadline=None)
@given(st.permutations(JUDGED))
def test_placing_one_by_one_in_any_order_gives_the_stories_of_all(accounts: list[Account]) -> None:
    archive = Remembered()
    for newcomer in accounts:
        archive.place(newcomer)
    plans = group(JUDGED)
    assert partition(archive.stories()) == partition(plans)
    assert archive.why == said_of(plans)


LIKE = tuple(
    account(
        article(
            f"{key}{age}", text=ARREST.replace("38 ans", f"{age} ans"), published=DAY + timedelta(days=day)
        ),
        NAMES,
    )
    for age in (38, 41, 52)
    for key, day in (("a", 0), ("b", 1), ("c", 30))
)
"""Arrests that read alike, each told three times, once much later."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_archive_says_the_same_reasons_whatever_came_first(archive: Archive, seed: int) -> None:
    accounts = list(LIKE)
    random.Random(seed).shuffle(accounts)
    for each in accounts:
        record(archive, each)
    assert reasons(archive) == said_of(group(LIKE))
    assert {why.kind for said in reasons(archive).values() for why in said} == {"head", "copy", "other event"}


def test_who_is_revised_is_of_another_event_to_nobody_any_more(archive: Archive) -> None:
    first, second = LIKE[0], replace(LIKE[3], article=replace(LIKE[3].article, published=DAY))
    for each in (first, second):
        record(archive, each)
    assert reasons(archive)[first.article.key][0].other == second.article.key
    about = archive.article(2)
    visit = account(replace(about.article, title="Nuñez à Rabat", text=VISIT), NAMES)
    placed = place(visit, neighbourhood(archive)(visit))
    verdict = Accepted(article=visit.article, judgements=(judgement(),), placement=placed)
    archive.revisions.revise(
        Revisit(article=2, link=link(visit.article.key)), page(visit.article.key), verdict
    )
    assert set(reasons(archive).values()) == {(ALONE,)}


TEXTS = (VISIT, VISIT.replace("jeudi", "le 4 juin"), ARREST, ARREST.replace("38 ans", "41 ans"), VISIT[:120])
DAYS = (0, 20, 21, 22, 42)


@st.composite
def tellings(draw: st.DrawFn) -> tuple[Account, ...]:
    """Accounts told three weeks apart or nearly so, some without a date; two of one key: it was revised."""
    made = []
    for key in draw(st.lists(st.sampled_from("abcdefg"), min_size=2, max_size=9)):
        day, text = DAY + timedelta(days=draw(st.sampled_from(DAYS))), draw(st.sampled_from(TEXTS))
        published = draw(st.sampled_from((day, None)))
        made.append(account(article(key, text=text, published=published), NAMES, seen=day))
    return tuple(made)


@settings(max_examples=150, deadline=None)
@given(
    tellings(), st.dictionaries(st.sampled_from(list(combinations("abcdefg", 2))), st.booleans(), max_size=3)
)
def test_neither_late_dates_nor_revisions_nor_an_analysts_word_let_the_order_matter(
    told: tuple[Account, ...], said: dict[tuple[str, str], bool]
) -> None:
    ties = [Tie(one=one, other=other, together=same, made=DAY) for (one, other), same in said.items()]
    archive = Remembered(ties)
    for each in told:
        archive.place(each)
    last = {each.article.key: each for each in told}.values()
    assert partition(archive.stories()) == partition(group(last, ties))


def record(archive: Archive, newcomer: Account) -> None:
    """Record an account as a crawl does: place it again as long as another was faster."""
    while True:
        placed = place(newcomer, neighbourhood(archive)(newcomer))
        verdict = Accepted(article=newcomer.article, judgements=(judgement(),), placement=placed)
        try:
            archive.record(page(newcomer.article.key), verdict)
        except Outdated:
            continue
        return


def stories(archive: Archive) -> set[tuple[str, ...]]:
    """The keys of each story."""
    found = archive.stories(limit=1000)
    return {tuple(sorted(each.article.key for each in story.articles)) for story in found}


def reasons(archive: Archive) -> dict[str, tuple[Reason, ...]]:
    """What each account of an archive says of its place."""
    return {each.article.key: each.placed for story in archive.stories(limit=1000) for each in story.articles}


def said_of(plans: Iterable[StoryPlan]) -> dict[str, tuple[Reason, ...]]:
    """What it says where all are there at once."""
    return {key: why for plan in plans for key, why in plan.why.items()}


def wanted(accounts: Sequence[Account]) -> set[tuple[str, ...]]:
    """What they are when all are there at once."""
    return {members for members, _ in partition(group(accounts))}


class Remembered:
    """Accounts as an archive that offers everybody who shares a band or an entity."""

    def __init__(self, ties: Iterable[Tie] = ()) -> None:
        self.accounts: dict[str, Account] = {}
        self.why: dict[str, tuple[Reason, ...]] = {}
        self._ties = tuple(ties)
        self._ids = count(1)

    def place(self, newcomer: Account) -> None:
        """Take in an account where it belongs; one that is there is revised."""
        if before := self.accounts.get(newcomer.article.key):
            newcomer = replace(newcomer, story=before.story)
        placed = place(newcomer, neighbourhood(self)(newcomer))
        plans, planned = placed.stories, said_of(placed.stories)
        for key, why in planned.items():
            self.why[key] = summed((*why, *elsewhere(self.why.get(key, ()), planned)))
        for key, reason in placed.apart.items():
            self.why[key] = summed((*self.why[key], reason))
        self.accounts[newcomer.article.key] = newcomer
        homes = [plan.story or next(self._ids) for plan in plans]
        for plan, story in zip(plans, homes, strict=True):
            self.accounts |= {
                key: replace(
                    self.accounts[key], story=story, component=min(homes), copy_of=plan.copies.get(key)
                )
                for key in plan.members
            }

    def neighbours(self, account: Account) -> Neighbours:
        """The accounts that share a band or an entity, those an analyst has named with it, and its own."""
        signs, own = {*account.bands, *account.entities}, account.article.key
        pairs = [{each.one, each.other} for each in self._ties]
        named = {own}.union(*(pair for pair in pairs if own in pair))
        near = (
            each
            for key, each in self.accounts.items()
            if key in named or signs & {*each.bands, *each.entities}
        )
        return self._with_ties(near, own)

    def around(self, near: Neighbours, components: Iterable[int]) -> Neighbours:
        """And those of their components."""
        wanted = set(components)
        whole = [each for each in self.accounts.values() if each.component in wanted]
        near = replace(near, accounts=(*whole, *(each for each in near.accounts if each not in whole)))
        return replace(near, ties=(*near.ties, *self._with_ties(whole).ties))

    def stories(self) -> Iterable[StoryPlan]:
        """The partition."""
        for story in {each.story for each in self.accounts.values()}:
            members = sorted(key for key, each in self.accounts.items() if each.story == story)
            heads = {key: head for key in members if (head := self.accounts[key].copy_of)}
            yield StoryPlan(story=story, members=tuple(members), copies=heads)

    def _with_ties(self, accounts: Iterable[Account], newcomer: str = "") -> Neighbours:
        near = tuple(accounts)
        keys = {newcomer, *(each.article.key for each in near)}
        return Neighbours(
            accounts=near, ties=tuple(each for each in self._ties if {each.one, each.other} <= keys)
        )
