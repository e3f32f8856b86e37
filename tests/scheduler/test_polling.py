"""Each source is polled as often as it publishes, within its bounds, and never given up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.health import interval, next_turn
from storage.model import SourceHealth
from tests import factories as make
from tests.scheduler.histories import DAY, DOWN, HOUR, NOTHING, NOW, history, known, publishing, since

MINUTE = timedelta(minutes=1)
SOURCE = make.source(poll=60, poll_least=15, poll_most=1440)
NEW = SourceHealth(source="example")


def minutes(health: SourceHealth, at: timedelta = timedelta(0)) -> int:
    return round(interval(SOURCE, health, NOW + at) / MINUTE)


@pytest.mark.parametrize(
    ("health", "least", "most"),
    [
        pytest.param(NEW, 60, 60, id="unknown: as its file says"),
        pytest.param(
            history([publishing(24)], days=0), 60, 60, id="first contact: its old links do not count"
        ),
        pytest.param(history([publishing(24)]), 105, 125, id="24 a day: two hours"),
        pytest.param(history([publishing(240)]), 15, 15, id="240 a day: the least"),
        pytest.param(history([publishing(2)]), 700, 1440, id="two a day: once or twice a day"),
        pytest.param(history([since(99 * DAY, **NOTHING)]), 1440, 1440, id="nothing for weeks: the most"),
        pytest.param(history([publishing(24), since(6 * HOUR, new=20)]), 15, 15, id="a burst is followed"),
        pytest.param(history([publishing(24), since(10 * HOUR, **NOTHING)]), 105, 130, id="a quiet night"),
        pytest.param(history([publishing(24), since(3 * DAY, **NOTHING)]), 110, 150, id="a quiet weekend"),
        pytest.param(
            history([publishing(24), since(HOUR, gaps=("https://example.ma/feed",))]), 50, 65, id="a gap"
        ),
        pytest.param(history([publishing(24), since(HOUR, **DOWN)]), 210, 260, id="one failure"),
        pytest.param(history([publishing(24), since(5 * HOUR, **DOWN)]), 800, 1100, id="three failures"),
        pytest.param(history([publishing(24), since(20 * DAY, **DOWN)]), 1440, 1440, id="failing for weeks"),
    ],
)
def test_a_source_is_polled_as_often_as_it_publishes(health: SourceHealth, least: int, most: int) -> None:
    assert least <= minutes(health) <= most


def test_a_young_source_is_believed_little_by_little() -> None:
    spans = [minutes(history([publishing(6)], days=days)) for days in (0, 1, 4, 14)]
    assert spans == sorted(spans)
    assert spans[0] < spans[1] < spans[-1]


def test_what_came_while_nobody_looked_is_no_burst() -> None:
    before, back = NOW - 5 * DAY, NOW - HOUR
    crawls = [make.crawl_report(started=at, finished=at, new=new) for at, new in ((before, 1), (back, 60))]
    assert minutes(known(crawls)) >= 30


def test_a_source_that_recovers_is_polled_as_before() -> None:
    well = history([publishing(24), since(30 * HOUR, **DOWN), since(HOUR, new=6, entries={"read": 1})])
    assert minutes(well) <= 120


def test_the_next_turn_counts_from_the_beginning_of_the_last_crawl_and_respects_a_pause() -> None:
    crawl = make.crawl_report(started=NOW - 40 * MINUTE, finished=NOW - 10 * MINUTE)
    health = SourceHealth(source="example", crawls=(crawl,))
    assert next_turn(SOURCE, health, NOW) == NOW + 20 * MINUTE
    assert next_turn(SOURCE, replace(health, paused_until=NOW + DAY), NOW) == NOW + DAY
    assert next_turn(SOURCE, replace(health, crawls=(replace(crawl, outcome="stopped"),)), NOW) < NOW
    assert next_turn(SOURCE, NEW, NOW) == NOW


crawls = st.tuples(
    st.integers(0, 300),  # new links
    st.integers(1, 3000),  # minutes since the crawl before
    st.sampled_from([{"read": 1}, {"unchanged": 1}, {"down": 1}, {"refused": 1}, {"unreadable": 1}, {}]),
    st.sampled_from(["done", "paused", "stopped", "killed", "broken", "capped"]),
    st.booleans(),
)


@given(
    st.lists(crawls, max_size=40),
    st.integers(1, 3000),
    st.integers(1, 2000),
    st.integers(0, 3000),
    st.integers(0, 39),
    st.integers(1, 200),
)
def test_the_interval_stays_within_bounds_and_no_link_makes_it_longer(
    told: list[tuple[int, int, dict[str, int], str, bool]],
    poll: int,
    least: int,
    further: int,
    which: int,
    more: int,
) -> None:
    source = make.source(poll=poll, poll_least=least, poll_most=least + further)

    def after(extra: int) -> timedelta:
        at, reports = NOW - sum(between for _, between, *_ in told) * MINUTE, []
        for number, (new, between, entries, outcome, gap) in enumerate(told):
            at += between * MINUTE
            found = new + extra * (number == which)
            told_so: dict[str, Any] = {"entries": entries, "outcome": outcome, "new": found}
            gaps = ("feed",) if gap else ()
            reports.append(make.crawl_report(started=at, finished=at, gaps=gaps, **told_so))
        return interval(source, known(reports), NOW)

    assert timedelta(minutes=least) <= after(0) <= timedelta(minutes=least + further)
    assert after(more) <= after(0)
