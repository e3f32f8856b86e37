"""Neighbours, the partition into stories, and ids that lead on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.archive import Archive
from storage.errors import NotFound
from storage.model import Account, Placement, StoryPlan
from tests.factories import NOW, accepted, account, article, page


def keep(archive: Archive, about: Account, *plans: StoryPlan) -> int:
    """Record an account with the partition given; without one, as a story of its own."""
    wanted = plans or (StoryPlan(story=None, members=(about.article.key,)),)
    seen = archive.neighbours(about).seen
    verdict = accepted(about, placement=Placement(account=about, stories=wanted, seen=seen))
    number = archive.record(page(about.article.key), verdict)
    assert number is not None
    return archive.article(number).story


def told(key: str, days: float = 0, **changes: object) -> Account:
    """An account published so many days after NOW."""
    return account(article(key, published=NOW + timedelta(days=days)), **changes)


def keys(archive: Archive, about: Account) -> list[str]:
    return [each.article.key for each in archive.neighbours(about).accounts]


def test_neighbours_share_a_band_or_an_entity(archive: Archive) -> None:
    keep(archive, told("a", entities=("darmanin",)))
    keep(archive, told("b", bands=(-(2**63), 2**63 - 1)))
    keep(archive, told("c", entities=("dgsn",), bands=(5,)))
    assert keys(archive, told("new", entities=("darmanin", "laftit"), bands=(2**63 - 1, 6))) == ["a", "b"]
    assert keys(archive, told("new")) == []


@pytest.mark.parametrize(("days", "found"), [(21.9, ["a"]), (22.1, []), (-21.9, ["a"]), (-22.1, [])])
def test_who_shares_an_entity_is_a_neighbour_within_three_weeks(
    archive: Archive, days: float, found: list[str]
) -> None:
    keep(archive, told("a", entities=("darmanin",), bands=(1,)))
    assert keys(archive, told("new", days, entities=("darmanin",))) == found


def test_who_shares_a_band_is_a_neighbour_at_any_time(archive: Archive) -> None:
    keep(archive, told("a", bands=(1,)))
    assert keys(archive, told("new", 400, bands=(1,))) == ["a"]


def test_an_account_without_date_stands_where_it_was_first_seen(archive: Archive) -> None:
    keep(archive, told("then", -100, entities=("darmanin",)))
    keep(archive, told("now", entities=("darmanin",)))
    undated = account(article("x", published=None), entities=("darmanin",))
    assert keys(archive, replace(undated, moment=NOW - timedelta(days=98))) == ["then"]
    assert keys(archive, replace(undated, moment=NOW)) == ["now"]


def test_an_empty_archive_has_no_neighbours(archive: Archive) -> None:
    assert keys(archive, account(article(published=None), entities=("x",))) == []


def test_around_neighbours_is_every_account_of_their_component(archive: Archive) -> None:
    first = told("a", entities=("darmanin",), bands=(3, 1), reposts=True)
    story = keep(archive, first)
    plan = StoryPlan(story=story, members=("a", "b"), copies={"b": "a"})
    keep(archive, told("b", 1, entities=("dgsn",)), plan)
    keep(archive, told("c", 2, entities=("darmanin",)))
    near = archive.neighbours(told("new", entities=("darmanin",)))
    assert [each.article.key for each in near.accounts] == ["a", "c"]
    a, b, _ = archive.around(near, {story}).accounts
    assert (a.article, a.entities, a.bands, a.reposts) == (first.article, ("darmanin",), (1, 3), True)
    assert (a.story, a.copy_of) == (story, None)
    assert (b.story, b.copy_of, b.entities) == (story, "a", ("dgsn",))


def test_neighbours_are_bounded_and_share_most(archive: Archive) -> None:
    keep(archive, told("copy", bands=(1,)))
    keep(archive, told("near", entities=("x", "y")))
    for number in range(105):
        far = told(f"far/{number}", entities=("x",))
        archive.record(page(far.article.key), accepted(far, seen=number + 2))
    found = keys(archive, told("new", entities=("x", "y"), bands=(1,)))
    assert len(found) == 100
    assert {"copy", "near"} < set(found)


def test_merged_stories_lead_to_the_one_they_became(archive: Archive) -> None:
    one, two, three = (keep(archive, told(key)) for key in ("a", "b", "c"))
    keep(archive, told("d"), StoryPlan(story=two, members=("a", "b", "d")))
    assert archive.story(one).id == two
    keep(archive, told("e"), StoryPlan(story=three, members=("a", "b", "c", "d", "e")))
    assert {archive.story(each).id for each in (one, two, three)} == {three}
    assert len(archive.story(one).articles) == 5
    assert [each.id for each in archive.stories()] == [three]


def test_a_story_may_be_split(archive: Archive) -> None:
    story = keep(archive, told("a"))
    keep(archive, told("b"), StoryPlan(story=story, members=("a", "b"), copies={"b": "a"}))
    plans = (StoryPlan(story=story, members=("a",)), StoryPlan(story=None, members=("b", "c")))
    other = keep(archive, told("c"), *plans)
    assert members(archive) == {story: ["a"], other: ["b", "c"]}
    assert archive.story(other).articles[0].copy_of is None


def test_the_id_of_a_story_is_never_used_again(archive: Archive) -> None:
    story = keep(archive, told("a"))
    last = keep(archive, told("b"))
    keep(archive, told("c"), StoryPlan(story=story, members=("a", "b", "c")))
    assert keep(archive, told("d")) > last


def test_a_story_that_never_was_is_not_found(archive: Archive) -> None:
    with pytest.raises(NotFound):
        archive.story(1)


def members(archive: Archive) -> Mapping[int, list[str]]:
    return {story.id: sorted(each.article.key for each in story.articles) for story in archive.stories()}
