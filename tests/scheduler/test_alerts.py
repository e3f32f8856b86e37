"""Alerts: what is important enough is told at once, once, and not too much of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from scheduler.alerts import publish_alerts
from scheduler.settings import Database, Digest, Settings
from storage.archive import Archive
from storage.model import DeliveryState, Reason, Schedule, Series, StoryPlan
from tests import factories as make

NOW = make.NOW
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INSTANT = Series(topic=make.TOPIC, schedule=Schedule.INSTANT)
AMAL = "amal@example.org"


@pytest.fixture
def settings() -> Settings:
    return Settings(database=Database(url="x"), digest=Digest(alert_minimum=15, alerts_a_day=2))


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """An archive with sources of weight 1 to 40, and somebody who gets alerts."""
    sources = [make.source(f"weight{number}", weight=float(number)) for number in range(1, 41)]
    archive.load_catalogue(sources, [make.topic()], [])
    archive.subscribing.add(AMAL, INSTANT, "ar", NOW - 2 * DAY)
    return archive


def tell(archive: Archive, number: int, weight: int, at: datetime = NOW, **changes: Any) -> int:
    """Record an account by an outlet of this weight, of a story of its own; the number of the story."""
    key = f"example.ma/news/{number}"
    story, plan = changes.pop("story", None), changes.pop("members", ())
    article = make.article(key, published=at, source=f"weight{weight}", **changes)
    account = make.account(article)
    seen = archive.neighbours(account).seen
    placed = make.placement(
        account,
        seen=seen,
        stories=(StoryPlan(story=story, members=(*plan, key)),),
        why=(Reason(kind="alone"),),
    )
    stored = archive.record(make.page(key, fetched=at), make.accepted(account, placement=placed))
    assert stored is not None
    return archive.article(stored).story


def names(published: tuple[str, ...]) -> list[str]:
    return [each.split()[1] for each in published]


def test_what_is_important_enough_is_told_once_to_active_subscribers(
    filled: Archive, settings: Settings
) -> None:
    filled.subscribing.ask("pending@example.org", INSTANT, "fr", NOW)
    tell(filled, 1, 1)
    loud = tell(filled, 2, 10)
    assert names(publish_alerts(filled, settings, NOW)) == [f"story-{loud}"]
    waiting = filled.posting.deliveries(INSTANT.id, f"story-{loud}")
    assert [(each.address, each.state) for each in waiting] == [(AMAL, DeliveryState.WAITING)]
    assert filled.posting.issue(INSTANT.id, f"story-{loud}").stories == 1
    assert publish_alerts(filled, settings, NOW + HOUR) == ()
    assert publish_alerts(filled, settings, NOW + DAY) == ()


def test_the_most_important_are_told_first_and_no_more_than_so_many_a_day(
    filled: Archive, settings: Settings
) -> None:
    late = NOW.replace(hour=20)
    stories = [tell(filled, number, weight, late) for number, weight in ((1, 10), (2, 20), (3, 15))]
    assert names(publish_alerts(filled, settings, late)) == [f"story-{stories[1]}", f"story-{stories[2]}"]
    assert publish_alerts(filled, settings, late.replace(hour=22, minute=59)) == ()
    midnight = late.replace(hour=23)  # in Casablanca
    assert names(publish_alerts(filled, settings, midnight)) == [f"story-{stories[0]}"]


def test_each_series_has_its_own_minimum_and_limit(filled: Archive, settings: Settings) -> None:
    more = Series(topic=make.TOPIC, schedule=Schedule.INSTANT, minimum=4)
    filled.subscribing.add("bruno@example.org", more, "fr", NOW - DAY)
    quiet, loud = tell(filled, 1, 1), tell(filled, 2, 10)
    published = publish_alerts(filled, settings, NOW)
    assert sorted(published) == sorted(
        (f"{INSTANT.id} story-{loud}", f"{more.id} story-{loud}", f"{more.id} story-{quiet}")
    )


def test_a_story_is_told_again_when_it_has_become_half_as_important_again(
    filled: Archive, settings: Settings
) -> None:
    first = tell(filled, 1, 10)
    publish_alerts(filled, settings, NOW)
    assert tell(filled, 2, 2, NOW + HOUR, story=first, members=("example.ma/news/1",)) == first
    assert publish_alerts(filled, settings, NOW + HOUR) == (), "four points more"
    tell(filled, 3, 8, NOW + HOUR, story=first, members=("example.ma/news/1", "example.ma/news/2"))
    assert names(publish_alerts(filled, settings, NOW + HOUR)) == [f"story-{first}-2"]
    assert publish_alerts(filled, settings, NOW + 2 * HOUR) == ()


def test_a_story_that_merged_into_another_counts_as_told(filled: Archive, settings: Settings) -> None:
    told, newer = tell(filled, 1, 10), tell(filled, 2, 1)
    assert names(publish_alerts(filled, settings, NOW)) == [f"story-{told}"]
    both = ("example.ma/news/1", "example.ma/news/2")
    assert tell(filled, 3, 1, NOW + HOUR, story=newer, members=both) == newer
    assert filled.story(told).id == newer
    assert publish_alerts(filled, settings, NOW + HOUR) == ()
    tell(filled, 4, 20, NOW + HOUR, story=newer, members=(*both, "example.ma/news/3"))
    assert names(publish_alerts(filled, settings, NOW + HOUR)) == [f"story-{newer}-2"]


def test_a_new_series_begins_with_what_comes(filled: Archive, settings: Settings) -> None:
    """Whoever subscribes is not told the day before."""
    new = Series(topic=make.TOPIC, schedule=Schedule.INSTANT, query="lang:fr")
    for number in range(5):
        tell(filled, number, 10, NOW - HOUR, language="fr")
    filled.subscribing.add(AMAL, new, "fr", NOW)
    publish_alerts(filled, settings, NOW + HOUR)
    assert filled.posting.issues(new.id) == ()
    story = tell(filled, 10, 10, NOW + HOUR, language="fr")
    publish_alerts(filled, settings, NOW + HOUR)
    assert [each.name for each in filled.posting.issues(new.id)] == [f"story-{story}"]


def test_whose_query_is_answered_by_an_account_is_told(filled: Archive, settings: Settings) -> None:
    saved = Series(topic=make.TOPIC, schedule=Schedule.INSTANT, query="Darmanin")
    filled.subscribing.add(AMAL, saved, "fr", NOW - DAY)
    tell(filled, 1, 10)
    story = tell(filled, 2, 1, title="Darmanin à Rabat", language="fr")
    tell(filled, 3, 10, NOW + HOUR, story=story, members=("example.ma/news/2",))
    publish_alerts(filled, settings, NOW + HOUR)
    assert [each.name for each in filled.posting.issues(saved.id)] == [f"story-{story}"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (Series(topic="gone", schedule=Schedule.INSTANT), "gone: no such topic"),
        (Series(topic=make.TOPIC, schedule=Schedule.INSTANT, query='lang:xx "'), "not understood"),
    ],
)
def test_a_series_that_cannot_be_told_is_one_line_and_stops_no_other(
    filled: Archive, settings: Settings, caplog: pytest.LogCaptureFixture, broken: Series, said: str
) -> None:
    filled.subscribing.add(AMAL, broken, "fr", NOW - DAY)
    story = tell(filled, 1, 10)
    assert publish_alerts(filled, settings, NOW) == (f"{INSTANT.id} story-{story}",)
    (line,) = [each.getMessage() for each in caplog.records]
    assert line.startswith(f"alert not stored series={broken.id} error=")
    assert said in line


def test_two_services_at_once_tell_once_and_keep_the_limit(archive_url: str, settings: Settings) -> None:
    with Archive(archive_url) as archive:
        archive.load_catalogue(
            [make.source(f"weight{n}", weight=float(n)) for n in (10, 20)], [make.topic()], []
        )
        archive.subscribing.add(AMAL, INSTANT, "ar", NOW - DAY)
        for number in range(4):
            tell(archive, number, 10)
    start = Barrier(2)

    def run() -> tuple[str, ...]:
        with Archive(archive_url) as mine:
            start.wait()
            return publish_alerts(mine, settings, NOW)

    with ThreadPoolExecutor(2) as pool:
        told = [name for each in [pool.submit(run) for _ in range(2)] for name in each.result()]
    with Archive(archive_url) as archive:
        stored = [f"{INSTANT.id} {each.name}" for each in archive.posting.issues(INSTANT.id)]
    assert len(told) == len(set(told)) == 2
    assert sorted(told) == sorted(stored)


def test_who_is_told_daily_or_weekly_gets_no_alert(filled: Archive, settings: Settings) -> None:
    filled.subscribing.remove(AMAL)
    filled.subscribing.add(AMAL, Series(topic=make.TOPIC, schedule=Schedule.DAILY), "ar", NOW - DAY)
    tell(filled, 1, 30)
    assert publish_alerts(filled, settings, NOW) == ()
