"""A digest looks back: developments, and numbers beside those of the periods before."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reports.contents import Compared, Period
from scheduler import issues
from scheduler.alerts import publish_alerts
from scheduler.comparing import periods_before
from scheduler.periods import FRESH
from scheduler.settings import Database, Digest, Settings, Web
from storage.archive import Archive
from storage.model import Figures, Placement, Schedule, Series, StoryPlan
from tests import factories as make

ZONE = ZoneInfo("Africa/Casablanca")
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+01:00")  # the end of 2026-W47
PERIOD = Period(name="2026-W47", since=MONDAY - WEEK, until=MONDAY)
SERIES = Series(topic=make.TOPIC)
ONE = Figures(stories=1, accounts=1)


@pytest.fixture
def settings(archive_url: str) -> Settings:
    web = Web(base_url="https://rasid.example.org")
    return Settings(database=Database(url=archive_url), digest=Digest(), web=web)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """An article a week for four weeks, the last one in the week of PERIOD; the first two are one story."""
    archive.load_catalogue([make.source()], [make.topic()], [])
    for back in (4, 3, 2, 0):
        members = ("a.example/4", "a.example/3") if back == 3 else (f"a.example/{back}",)
        record(archive, f"a.example/{back}", MONDAY - back * WEEK - 48 * HOUR, *members)
    return archive


def record(archive: Archive, key: str, when: datetime, *members: str, **about: Any) -> None:
    """An article recorded as it was published, in a story with those that are there."""
    told = make.account(make.article(key, published=when, **about))
    near = archive.neighbours(told)
    story = 1 if len(members) > 1 else None
    placed = Placement(
        account=told, stories=(StoryPlan(story=story, members=members or (key,)),), seen=near.seen
    )
    archive.record(make.page(key, fetched=when), make.accepted(told, placement=placed))


def compared(
    archive: Archive, settings: Settings, period: Period, series: Series = SERIES
) -> Compared | None:
    return issues.build(archive, settings, period, series).compared


def test_a_week_stands_beside_those_before_as_far_as_the_archive_reaches(
    filled: Archive, settings: Settings
) -> None:
    found = compared(filled, settings, PERIOD)
    assert found is not None
    assert found.now == ONE
    assert [(str(day), each) for day, each in found.before] == [
        ("2026-11-01", ONE),
        ("2026-11-08", ONE),
        ("2026-11-15", Figures()),
    ]


def test_a_day_stands_beside_the_days_before(filled: Archive, settings: Settings) -> None:
    daily = Series(topic=make.TOPIC, schedule=Schedule.DAILY)
    period = Period(name="2026-11-21", since=MONDAY - 72 * HOUR, until=MONDAY - 48 * HOUR)
    found = compared(filled, settings, period, daily)
    assert found is not None
    assert [each for _, each in found.before] == [Figures()] * 11
    days = [day.isoformat() for day, _ in found.before]
    assert (days[0], days[-1]) == ("2026-11-09", "2026-11-19")


@pytest.mark.parametrize(
    ("period", "series"),
    [
        pytest.param(PERIOD, Series(topic=make.TOPIC, query="lang:ar"), id="of a search"),
        pytest.param(PERIOD, Series(topic=make.TOPIC, minimum=1), id="of the important ones"),
        pytest.param(
            Period(name="2026-W47", since=MONDAY - 2 * WEEK, until=MONDAY), SERIES, id="of two weeks"
        ),
        pytest.param(
            Period(name="2026-W47", since=MONDAY - WEEK, until=MONDAY - 72 * HOUR), SERIES, id="of days"
        ),
        pytest.param(PERIOD, Series(topic=make.TOPIC, schedule=Schedule.INSTANT), id="of an alert"),
    ],
)
def test_figures_that_would_mislead_are_left_out(
    filled: Archive, settings: Settings, period: Period, series: Series
) -> None:
    assert compared(filled, settings, period, series) is None


def test_the_weeks_before_begin_at_the_same_hour_whatever_the_clocks_did(filled: Archive) -> None:
    paris = ZoneInfo("Europe/Paris")  # set back on 25 October
    until = datetime(2026, 11, 2, 7, tzinfo=paris)
    period = Period(name="2026-W44", since=until - WEEK, until=until)
    record(filled, "b.example/1", datetime(2026, 10, 19, 7, 30, tzinfo=paris))
    record(filled, "b.example/2", datetime(2026, 10, 12, 6, tzinfo=paris))
    found = dict(periods_before(filled, period, SERIES, paris, FRESH))
    assert {str(day): each.accounts for day, each in found.items()} == {"2026-10-18": 0, "2026-10-25": 2}


def test_a_story_with_earlier_accounts_is_a_development_and_says_of_what(
    filled: Archive, settings: Settings
) -> None:
    record(
        filled, "a.example/new", MONDAY - HOUR, "a.example/4", "a.example/3", "a.example/new", title="جديد"
    )
    digest = issues.build(filled, settings, PERIOD, SERIES)
    (item,) = (each for each in digest.items() if each.origins)
    (origin,) = item.origins
    assert (item.story, origin.story, str(origin.day)) == (1, 1, "2026-10-24")
    html = issues.edition(settings, digest, "ar").html
    assert "https://rasid.example.org/stories/1" in html
    assert "تتمة للخبر" in html
    assert f"https://rasid.example.org/issues/{make.TOPIC}/2026-W47" in html


def test_an_alert_is_told_as_one_and_again_as_a_development(filled: Archive, settings: Settings) -> None:
    alerts = Series(topic=make.TOPIC, schedule=Schedule.INSTANT, minimum=1)
    filled.subscribing.add("amal@example.org", alerts, "en", MONDAY)
    record(filled, "b.example/1", MONDAY, source="one")
    (name,) = publish_alerts(filled, settings, MONDAY)
    for number in range(3):
        grow(filled, f"b.example/{number + 2}", f"more{number}")
    again = publish_alerts(filled, settings, MONDAY + HOUR)
    assert again == (f"{name}-2",)
    second, first = filled.posting.issues(alerts.id)
    texts = {
        each.name: [one.text for one in each.editions if one.language == "en"] for each in (first, second)
    }
    assert ["Developed further" in text for (text,) in texts.values()] == [False, True]
    assert all("Alert\n" in text or "Developed further\n" in text for (text,) in texts.values())
    assert not any("In numbers" in text or "watched" in text for (text,) in texts.values())
    assert {each.subject.partition(":")[0] for each in second.editions} == {
        "تنبيه راصد",
        "Alerte Rasid\u202f",
        "Rasid alert",
    }


def grow(archive: Archive, key: str, source: str) -> None:
    """One more account of the newest story."""
    (newest,) = archive.stories(limit=1)
    told = make.account(make.article(key, published=MONDAY, source=source))
    members = (*(each.article.key for each in newest.articles), key)
    plan = StoryPlan(story=newest.id, members=members)
    placed = Placement(account=told, stories=(plan,), seen=archive.neighbours(told).seen)
    archive.record(make.page(key, fetched=MONDAY), make.accepted(told, placement=placed))
