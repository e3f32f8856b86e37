"""Publishing aside: what is due is stored by another process, and none is begun where nothing is."""

import logging
from datetime import datetime, timedelta

import pytest

from scheduler import aside
from scheduler.publishing import publish_aside
from scheduler.settings import Database, Digest, Settings
from storage.archive import Archive
from storage.model import Schedule, Series
from tests import factories as make

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+01:00")  # in Casablanca, the end of 2026-W47
INSTANT = Series(topic=make.TOPIC, schedule=Schedule.INSTANT)


@pytest.fixture
def settings(archive: Archive, archive_url: str) -> Settings:
    """Those of an archive with one relevant article, recorded at NOW."""
    archive.load_catalogue([make.source()], [make.topic()], [])
    archive.record(make.page(), make.accepted())
    return Settings(database=Database(url=archive_url), digest=Digest(alert_minimum=0))


def never() -> bool:
    return False


def test_an_issue_that_is_due_is_stored_once(archive: Archive, settings: Settings) -> None:
    assert publish_aside(archive, settings, MONDAY, never) == (f"{make.TOPIC} 2026-W47",)
    assert archive.posting.issue(make.TOPIC, "2026-W47").stories == 1
    assert publish_aside(archive, settings, MONDAY + timedelta(minutes=5), never) == ()


def test_an_alert_is_stored_though_no_issue_is_due(archive: Archive, settings: Settings) -> None:
    publish_aside(archive, settings, MONDAY, never)
    archive.subscribing.add("amal@example.org", INSTANT, "ar", make.NOW - timedelta(days=2))
    (told,) = publish_aside(archive, settings, make.NOW + timedelta(minutes=5), never)
    assert told.startswith(f"{INSTANT.id} story-")
    assert publish_aside(archive, settings, make.NOW + timedelta(minutes=10), never) == ()


def test_no_process_is_begun_where_nothing_is_due(
    archive: Archive, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publish_aside(archive, settings, MONDAY, never)
    monkeypatch.setattr(aside, "Child", None)  # none could be
    with caplog.at_level(logging.WARNING):
        assert publish_aside(archive, settings, MONDAY + timedelta(hours=1), never) == ()
    assert not caplog.messages
