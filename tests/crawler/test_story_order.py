"""Articles that come late, out of order and from several crawls at once: the stories are the same."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from crawler.stories import group, neighbourhood, place
from storage.archive import Archive
from storage.errors import Outdated
from storage.model import Accepted, Account
from tests.crawler.test_stories import JUDGED, partition
from tests.factories import judgement, page

DENSE = tuple(each for each in JUDGED if each.article.published and each.article.published.year == 2027)
"""Weeks in which the same people, services and cities are in most of the articles."""


@pytest.mark.parametrize("seed", [1, 2])
def test_an_archive_tells_the_same_stories_whatever_came_first(archive: Archive, seed: int) -> None:
    accounts = list(DENSE)
    random.Random(seed).shuffle(accounts)
    for each in accounts:
        record(archive, each)
    assert stories(archive) == wanted(DENSE)
    assert archive.keeping.findings() == ()


def test_an_archive_tells_the_same_stories_to_several_crawls_at_once(archive: Archive) -> None:
    accounts = DENSE[:40]
    with ThreadPoolExecutor(3) as crawls:
        list(crawls.map(lambda each: record(archive, each), accounts))
    assert stories(archive) == wanted(accounts)


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


def wanted(accounts: Sequence[Account]) -> set[tuple[str, ...]]:
    """What they are when all are there at once."""
    return {members for members, _ in partition(group(accounts))}
