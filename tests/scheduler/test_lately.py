"""What is remembered of sources between two minutes is what the archive says, whoever crawled them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from scheduler.health.lately import Lately
from storage.archive import Archive
from storage.model import SourceHealth
from tests import factories as make
from tests.factories import NOW

MINUTE = timedelta(minutes=1)


class Asked:
    """An archive that notes of which sources all is read."""

    def __init__(self, archive: Archive) -> None:
        self.running, self.access, self._archive = archive.running, archive.access, archive
        self.read: list[Collection[str] | None] = []

    def health(self, sources: Collection[str] | None = None) -> tuple[SourceHealth, ...]:
        self.read.append(sources)
        return self._archive.health(sources)


@pytest.fixture
def asked(archive: Archive) -> Asked:
    archive.load_catalogue([make.source(each) for each in ("one", "two", "three")], [], [])
    for source in ("one", "two"):
        crawl(archive, source, 0)
    return Asked(archive)


@pytest.fixture
def lately(asked: Asked) -> Lately:
    return Lately(cast(Archive, asked))


def crawl(archive: Archive, source: str, minute: int) -> None:
    at = NOW + minute * MINUTE
    archive.record_crawl(make.crawl_report(source, started=at, finished=at, new=minute))


def said(archive: Archive) -> dict[str, SourceHealth]:
    return {each.source: replace(each, last_article=None) for each in archive.health()}


def remembered(lately: Lately) -> dict[str, SourceHealth]:
    return {each.source: replace(each, last_article=None) for each in lately.health()}


def test_it_is_what_the_archive_says_after_crawls_of_any_process(
    archive: Archive, archive_url: str, lately: Lately
) -> None:
    assert remembered(lately) == said(archive)
    with Archive(archive_url) as another:
        crawl(another, "two", 5)
        crawl(another, "three", 6)
    assert remembered(lately) == said(archive)


def test_a_pause_is_heard_of_at_once_and_so_is_its_end(archive: Archive, lately: Lately) -> None:
    lately.health()
    archive.access.pause("one", NOW + MINUTE)
    assert remembered(lately)["one"].paused_until == NOW + MINUTE
    archive.access.pause("one", None)
    assert remembered(lately) == said(archive)


def test_only_those_that_were_crawled_since_are_read_again(
    archive: Archive, asked: Asked, lately: Lately
) -> None:
    lately.health()
    lately.health()
    crawl(archive, "two", 5)
    lately.health()
    lately.health()
    assert asked.read == [None, {"two"}]
