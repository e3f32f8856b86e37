"""The catalogue is in step with the archive, and whose turn it is."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler import jobs
from scheduler.settings import Database, Digest, Settings
from storage.archive import Archive
from storage.errors import ConfigError, InputError
from storage.model import SourceHealth
from tests import factories as make


def crawled(ago: timedelta, **changes: Any) -> SourceHealth:
    crawl = make.crawl_report(started=make.NOW - ago, finished=make.NOW - ago)
    return SourceHealth(source="example", crawls=(replace(crawl, **changes),))


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (None, True),
        (SourceHealth(source="example"), True),
        (crawled(timedelta(0)), False),
        (crawled(timedelta(minutes=60)), True),
        (crawled(timedelta(0), outcome="stopped"), True),
        (replace(crawled(timedelta(days=2)), paused_until=make.NOW + timedelta(hours=1)), False),
        (replace(crawled(timedelta(days=2)), paused_until=make.NOW - timedelta(hours=1)), True),
    ],
    ids=["unknown", "never crawled", "just crawled", "an hour ago", "stopped", "paused", "was paused"],
)
def test_a_source_is_due_when_its_minutes_have_passed(health: SourceHealth | None, expected: bool) -> None:
    found = jobs.due([make.source(poll=60)], [health] if health else [], make.NOW)
    assert bool(found) is expected


def test_a_disabled_source_is_crawled_only_by_name() -> None:
    sources = [make.source("one"), make.source("two", enabled=False)]
    assert [each.id for each in jobs.choose(sources, [])] == ["one"]
    assert [each.id for each in jobs.choose(sources, ["two"])] == ["two"]
    assert not jobs.due(sources[1:], [], make.NOW)


def test_a_digest_of_a_topic_that_is_not_in_use_is_told_before_anything_is_crawled(tmp_path: Path) -> None:
    settings = Settings(
        database=Database(url=f"sqlite:///{tmp_path / 'rasid.db'}"), digest=Digest(topic="gas")
    )
    with Archive(settings.database.url) as archive:
        archive.create()
        with pytest.raises(
            ConfigError, match=r"\[digest\] topic: gas is not in use; there are morocco-france"
        ):
            jobs.load_catalogue(settings, archive)


def test_an_unknown_source_is_named() -> None:
    with pytest.raises(InputError, match=r"^nobody: no such source"):
        jobs.choose([make.source()], ["nobody"])
