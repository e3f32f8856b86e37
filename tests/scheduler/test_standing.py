"""How a source stands: judged by its own weeks, never by a quiet weekend."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from scheduler.health import judge
from scheduler.health.notices import due_notices
from storage.model import CrawlReport, SourceHealth, Standing, State
from tests import factories as make
from tests.scheduler.histories import (
    DAY,
    DOWN,
    HOUR,
    NOTHING,
    NOW,
    REFUSED,
    UNCHANGED,
    UNREADABLE,
    fields,
    history,
    known,
    publishing,
    since,
)

BUSY = publishing(24)
WEEKDAYS = publishing(24, weekend=0)
SLOW = publishing(1)
MINUTE = HOUR / 60
MONDAY = NOW - 2 * DAY - 23 * HOUR  # 01:30 after a weekend


def stand(health: SourceHealth, *, tier: int = 2, before: Standing | None = None, at: Any = NOW) -> Standing:
    return judge(make.source(tier=tier), health, at, before)


@pytest.mark.parametrize(
    ("health", "state"),
    [
        pytest.param(history([BUSY]), State.HEALTHY, id="as always"),
        pytest.param(history([publishing(24, night=True)]), State.HEALTHY, id="nothing at night"),
        pytest.param(history([BUSY, since(10 * HOUR, **NOTHING)]), State.HEALTHY, id="nothing since lunch"),
        pytest.param(history([BUSY, since(1.5 * DAY, **NOTHING)]), State.HEALTHY, id="nothing for a day"),
        pytest.param(
            history([BUSY, since(10 * DAY, new=1)]), State.HEALTHY, id="half as much, as in Ramadan"
        ),
        pytest.param(history([WEEKDAYS], until=MONDAY), State.HEALTHY, id="its usual weekend"),
        pytest.param(history([WEEKDAYS, since(3 * DAY, **NOTHING)]), State.BROKEN, id="no, three weekdays"),
        pytest.param(history([BUSY, since(3 * DAY, **NOTHING)]), State.BROKEN, id="old links alone for days"),
        pytest.param(history([BUSY, since(5 * DAY, **UNCHANGED)]), State.BROKEN, id="304 for days, busy"),
        pytest.param(history([SLOW, since(5 * DAY, **UNCHANGED)]), State.QUIET, id="304 for days, slow"),
        pytest.param(history([SLOW, since(DAY, **UNCHANGED)]), State.HEALTHY, id="304 for a day, slow"),
        pytest.param(
            history([SLOW, since(20 * DAY, **NOTHING)]), State.QUIET, id="slow and silent for weeks"
        ),
        pytest.param(history([since(99 * DAY, **NOTHING)]), State.HEALTHY, id="has never yielded"),
        pytest.param(history([BUSY, since(2 * DAY, **NOTHING)], days=6), State.HEALTHY, id="first week"),
        pytest.param(history([BUSY], days=0), State.HEALTHY, id="first crawl"),
        pytest.param(history([BUSY, since(HOUR, **DOWN)]), State.FAILING, id="timeout"),
        pytest.param(
            history([BUSY, since(HOUR, **REFUSED)]), State.BLOCKED, id="403 or challenge on the feed"
        ),
        pytest.param(history([BUSY, since(HOUR, **UNREADABLE)]), State.BROKEN, id="no link matches"),
        pytest.param(
            history([BUSY, since(HOUR, **UNREADABLE | {"errors": {"robots": 1}})]),
            State.BLOCKED,
            id="robots.txt",
        ),
        pytest.param(
            history([BUSY, since(HOUR, **NOTHING, outcome="paused", entries={}, problems=DOWN["problems"])]),
            State.FAILING,
            id="too many requests",
        ),
        pytest.param(
            history([BUSY, since(HOUR, **NOTHING, outcome="killed", entries={})]), State.FAILING, id="killed"
        ),
        pytest.param(
            history([BUSY, since(HOUR, **DOWN | {"outcome": "stopped"})]), State.HEALTHY, id="stopped"
        ),
        pytest.param(
            history([BUSY, since(HOUR, entries={"read": 1, "down": 1}, problems=DOWN["problems"])]),
            State.HEALTHY,
            id="one of two entries down",
        ),
        pytest.param(
            history([BUSY, since(DAY, fields=fields(2, authors=0))]),
            State.BROKEN,
            id="authors lost in a redesign",
        ),
        pytest.param(
            history([BUSY, since(DAY, fields=fields(2, section=0))]), State.HEALTHY, id="a field it never had"
        ),
        pytest.param(
            history([BUSY, since(6 * HOUR, fields=fields(2, authors=0))]),
            State.HEALTHY,
            id="too few pages to say",
        ),
        pytest.param(
            history([BUSY, since(DAY, extracted=0, fields={}, unavailable={"no article text": 2})]),
            State.BROKEN,
            id="bodies lost in a redesign",
        ),
        pytest.param(
            history([SLOW, since(9 * DAY, fields=fields(1, published=0))]),
            State.BROKEN,
            id="dates lost, a slow site",
        ),
    ],
)
def test_a_source_is_measured_against_itself(health: SourceHealth, state: State) -> None:
    standing = stand(health)
    assert standing.state is state, standing
    assert "\n" not in standing.why
    assert bool(standing.why) or state is State.HEALTHY


@pytest.mark.parametrize("weekday", range(7))
def test_no_day_of_the_week_is_an_alarm_for_a_source_that_rests_at_weekends(weekday: int) -> None:
    at = NOW + weekday * DAY
    assert stand(history([WEEKDAYS], until=at), at=at).state is State.HEALTHY


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_no_hour_of_the_day_is_an_alarm_for_a_source_that_sleeps(hour: int) -> None:
    at = NOW + hour * HOUR
    assert stand(history([publishing(60, night=True)], until=at), at=at).state is State.HEALTHY


@pytest.mark.parametrize(
    ("tier", "state", "why"),
    [
        (1, State.BLOCKED, "the entries answer, but the last 4 article pages were refused"),
        (2, State.HEALTHY, "article pages are refused: headlines and summaries alone"),
    ],
)
def test_refused_articles_block_a_source_that_is_open_otherwise(tier: int, state: State, why: str) -> None:
    refused = {"extracted": 0, "fields": {}, "unavailable": {"HTTP 403": 2}}
    standing = stand(history([BUSY, since(3 * HOUR, **refused)]), tier=tier)
    assert (standing.state, standing.why) == (state, why)


def test_refused_articles_say_since_when() -> None:
    refused = {"extracted": 0, "fields": {}, "unavailable": {"HTTP 403": 2}}
    night = since(11 * HOUR, **NOTHING)
    standing = stand(history([BUSY, night, since(3 * HOUR, **refused)]), tier=1)
    assert (standing.state, standing.since, standing.crawls) == (State.BLOCKED, NOW - 2 * HOUR, 2)


def test_an_entry_that_is_refused_says_nothing_of_the_articles() -> None:
    one_refused = NOTHING | {"entries": {"read": 1, "refused": 1}, "errors": {"blocked": 1}}
    standing = stand(history([BUSY, since(9 * HOUR, **one_refused, problems=REFUSED["problems"])]), tier=1)
    assert standing.state is State.HEALTHY
    assert (
        standing.why
        == "1 of 2 entries cannot be read: https://example.ma/feed: HTTP 403; the site refuses us"
    )


def test_a_challenge_page_counts_as_a_refusal() -> None:
    challenged = {
        "extracted": 0,
        "fields": {},
        "errors": {"challenge": 2},
        "unavailable": {"challenge page": 2},
    }
    assert stand(history([BUSY, since(3 * HOUR, **challenged)]), tier=1).state is State.BLOCKED


def test_trouble_says_since_when_why_and_how_many_crawls() -> None:
    standing = stand(history([BUSY, since(7 * HOUR, **DOWN)]))
    assert standing.since == NOW - 6 * HOUR
    assert standing.crawls == 4
    assert standing.why == "https://example.ma/feed: timeout; no answer within 30 s"


def test_a_field_lost_says_which_and_how_much_of_it() -> None:
    standing = stand(history([BUSY, since(DAY, fields=fields(2, authors=0))]))
    assert standing.why == "authors on 0% of the last 8 pages, on 100% before"


@pytest.mark.parametrize("ago", [2, 4, 9, 14])
@pytest.mark.parametrize(
    ("lost", "name"),
    [
        ({"fields": fields(2, published=0)}, "published"),
        ({"extracted": 0, "fields": {}, "unavailable": {"no article text": 2}}, "body"),
    ],
)
def test_a_loss_is_dated_to_its_first_page_and_measured_by_those_before(
    lost: dict[str, Any], name: str, ago: int
) -> None:
    standing = stand(history([BUSY, since(ago * DAY - 90 * MINUTE, **lost)]))
    assert standing.why.startswith(f"{name} on 0% of the last ")
    assert standing.why.endswith(" on 100% before")
    assert standing.since
    assert NOW - ago * DAY <= standing.since <= NOW - ago * DAY + 2 * HOUR


def test_silence_says_since_when_and_what_is_usual() -> None:
    standing = stand(history([BUSY, since(3 * DAY + HOUR, **NOTHING)]))
    assert standing.why == "no new links in 3 days, usually 24 a day"
    assert standing.since == NOW - 3 * DAY - 2 * HOUR


def test_trouble_older_than_the_known_crawls_keeps_its_beginning() -> None:
    down = history([since(99 * DAY, **DOWN)])
    noted = Standing(source="example", state=State.FAILING, since=NOW - 40 * DAY)
    assert stand(down, before=noted).since == NOW - 40 * DAY
    again = history([BUSY, since(HOUR, **DOWN)])
    assert stand(again, before=noted).since == NOW


def test_a_loss_stays_a_loss_while_the_weeks_go_by() -> None:
    noted = Standing(source="example", state=State.BROKEN, since=NOW - 20 * DAY)
    lost = history([BUSY, since(20 * DAY, fields=fields(2, authors=0))], days=48)
    assert stand(lost, before=noted).state is State.BROKEN
    dry = history([BUSY, since(20 * DAY, **NOTHING)], days=48)
    assert stand(dry).state is State.BROKEN


@pytest.mark.parametrize("days", [45, 48, 60, 90])
@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(NOTHING, id="no links"),
        pytest.param({"fields": fields(2, authors=0)}, id="no authors"),
    ],
)
def test_trouble_outlasts_the_weeks_that_are_known(trouble: dict[str, Any], days: int) -> None:
    first = stand(history([BUSY, since(12 * DAY, **trouble)]))
    noted = replace(first, since=NOW - days * DAY, told=State.BROKEN)
    later = stand(history([BUSY, since(days * DAY, **trouble)], days=days + 28), before=noted)
    assert (later.state, later.since) == (State.BROKEN, NOW - days * DAY), later
    assert not due_notices([later], {"example": noted}, 3)


@pytest.mark.parametrize(("authors", "state"), [(1, State.HEALTHY), (0, State.BROKEN)])
def test_only_what_was_lost_and_is_seen_again_ends_old_trouble(authors: int, state: State) -> None:
    lost = since(90 * DAY, fields=fields(2, authors=0))
    sign = since(2 * DAY, new=1, extracted=1, fields=fields(1, authors=authors))
    noted = Standing(source="example", state=State.BROKEN, since=NOW - 90 * DAY, lacks="authors", usual=1.0)
    assert stand(history([BUSY, lost, sign], days=99), before=noted).state is state


def test_a_stray_link_is_no_sign_that_links_come_again() -> None:
    noted = Standing(source="example", state=State.BROKEN, since=NOW - 60 * DAY, lacks="links", usual=24.0)
    still = stand(history([since(99 * DAY, **NOTHING), since(5 * HOUR, new=0)], days=60), before=noted)
    assert (still.state, still.lacks, still.usual) == (State.BROKEN, "links", 24.0)
    assert still.why == "still no new links to speak of, once 24 a day"
    stray = history([since(99 * DAY, **NOTHING), lambda at: {"new": int(at.hour == 12)}], days=60)
    assert stand(stray, before=noted).state is State.BROKEN
    again = stand(history([since(99 * DAY, **NOTHING), since(DAY, new=2)], days=60), before=noted)
    assert (again.state, again.lacks) == (State.HEALTHY, "")


def test_a_source_that_fails_meanwhile_has_not_found_what_it_lost() -> None:
    noted = Standing(source="example", state=State.BROKEN, since=NOW - 60 * DAY, lacks="links", usual=24.0)
    silent = since(99 * DAY, **NOTHING)
    down = stand(history([silent, since(5 * HOUR, **DOWN)], days=60), before=noted)
    assert (down.state, down.lacks) == (State.FAILING, "links")
    assert stand(history([silent], days=60), before=down).state is State.BROKEN


@pytest.mark.parametrize(("a_day", "days"), [(1, 15), (2, 8), (3, 6), (8, 4), (1000, 4)])
def test_a_small_source_that_dies_is_broken_within_days_of_its_own_measure(a_day: int, days: int) -> None:
    lived = publishing(a_day)
    assert stand(history([lived, since(days * DAY, **NOTHING)], days=50)).state is State.BROKEN
    early = stand(history([lived, since(days // 2 * DAY, **NOTHING)], days=50))
    assert early.state is not State.BROKEN or a_day > 3


def test_links_that_come_in_bursts_may_be_long_in_coming() -> None:
    def bursts(at: datetime) -> dict[str, Any]:
        return {"new": 10 if at.toordinal() % 5 == 0 and at.hour == 10 else 0, "extracted": 0, "fields": {}}

    for days in (8, 12):
        assert not stand(history([bursts, since(days * DAY, **NOTHING)], days=50)).state.is_bad


def test_a_field_found_again_ends_it() -> None:
    noted = Standing(source="example", state=State.BROKEN, since=NOW - 3 * DAY)
    lost = since(3 * DAY, fields=fields(2, authors=0))
    mended = history([BUSY, lost, since(DAY, fields=fields(2))])
    standing = stand(mended, before=noted)
    assert (standing.state, standing.since) == (State.HEALTHY, NOW)


def test_days_without_crawls_say_nothing() -> None:
    away = [report for report in _reports() if not NOW - 6 * DAY < report.finished < NOW - HOUR]
    assert stand(known(away)).state is State.HEALTHY


def test_days_on_which_it_was_down_are_not_silence() -> None:
    assert stand(history([BUSY, since(6 * DAY, **DOWN), since(HOUR, **UNCHANGED)])).state is State.QUIET


def test_a_source_never_crawled_is_not_in_trouble() -> None:
    assert stand(SourceHealth(source="example")) == Standing(
        source="example", state=State.HEALTHY, why="not crawled yet"
    )


def _reports() -> list[CrawlReport]:
    moments = (NOW - number * 2 * HOUR for number in range(28 * 12, -1, -1))
    return [make.crawl_report(started=at, finished=at, new=2) for at in moments]
