"""Which period an issue covers."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.periods import WEEKDAYS, last_bounds, latest_cut_off, week_bounds, week_of
from storage.errors import ConfigError

CASABLANCA = ZoneInfo("Africa/Casablanca")
PARIS = ZoneInfo("Europe/Paris")


def test_the_issue_of_monday_morning_carries_the_week_that_has_ended() -> None:
    assert week_of(datetime(2026, 11, 23, 6, tzinfo=UTC), CASABLANCA) == "2026-W47"


def test_an_issue_in_mid_week_carries_that_week() -> None:
    assert week_of(datetime(2026, 11, 21, 12, tzinfo=UTC), CASABLANCA) == "2026-W47"


def test_the_first_week_of_a_year_is_the_iso_one() -> None:
    assert week_of(datetime(2027, 1, 4, 6, tzinfo=UTC), CASABLANCA) == "2026-W53"


def test_a_week_runs_from_monday_to_monday_in_its_zone() -> None:
    since, until = week_bounds("2026-W13", PARIS)
    assert since.isoformat() == "2026-03-23T00:00:00+01:00"
    assert until.isoformat() == "2026-03-30T00:00:00+02:00"  # summer time began in between


@pytest.mark.parametrize("name", ["2026-W54", "2026-47", "W47", "2026-W00", "soon", ""])
def test_what_is_no_week_is_one_line(name: str) -> None:
    with pytest.raises(ConfigError, match="no ISO week"):
        week_bounds(name, PARIS)


@pytest.mark.parametrize(
    ("text", "length"), [("7d", timedelta(7)), ("36h", timedelta(1.5)), ("2w", timedelta(14))]
)
def test_the_last_time_ends_now(text: str, length: timedelta) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert last_bounds(text, now) == (now - length, now)


@pytest.mark.parametrize("text", ["7", "0d", "d", "-1d", "7 days", "99999d"])
def test_what_is_no_length_is_one_line(text: str) -> None:
    with pytest.raises(ConfigError, match="not a period"):
        last_bounds(text, datetime(2026, 11, 21, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "cut_off"),
    [
        ("2026-11-23T05:59:59+00:00", "2026-11-16T07:00:00+01:00"),
        ("2026-11-23T06:00:00+00:00", "2026-11-23T07:00:00+01:00"),
        ("2026-11-29T23:00:00+00:00", "2026-11-23T07:00:00+01:00"),
    ],
)
def test_the_cut_off_is_the_last_monday_morning(now: str, cut_off: str) -> None:
    found = latest_cut_off(datetime.fromisoformat(now), day="monday", at=time(7), zone=CASABLANCA)
    assert found == datetime.fromisoformat(cut_off)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(WEEKDAYS),
    st.times(),
    st.sampled_from([CASABLANCA, PARIS, ZoneInfo("America/New_York")]),
)
def test_cut_offs_follow_each_other_a_week_apart_through_clock_changes(
    now: datetime, day: str, at: time, zone: ZoneInfo
) -> None:
    found = latest_cut_off(now, day=day, at=at, zone=zone)
    assert found <= now
    assert found.weekday() == WEEKDAYS.index(day)
    later = latest_cut_off(now + timedelta(days=7, hours=2), day=day, at=at, zone=zone)
    assert later > found
