"""How sources stand, and what the operator knows of it."""

from datetime import timedelta

from storage.archive import Archive
from storage.model import Standing, State
from tests.factories import NOW, accepted, article, page

HOUR, LEASE = timedelta(hours=1), timedelta(minutes=10)
FAILING = Standing(source="example", state=State.FAILING, since=NOW, why="timeout", lacks="links", usual=2.5)
WELL = Standing(source="example", state=State.HEALTHY, since=NOW + HOUR)


def test_a_standing_is_noted_in_place_of_the_one_before_and_what_was_told_stays(archive: Archive) -> None:
    never = Standing(source="never", state=State.HEALTHY)
    archive.watching.note([FAILING, never])
    assert archive.watching.standings() == (FAILING,)
    archive.watching.end_notice([FAILING])
    archive.watching.note([WELL])
    (noted,) = archive.watching.standings()
    assert noted.lacks == ""
    assert (noted.state, noted.since, noted.told) == (State.HEALTHY, NOW + HOUR, State.FAILING)


def test_a_notice_is_begun_by_one_at_a_time_and_counted(archive: Archive) -> None:
    archive.watching.note([FAILING])
    (claimed,) = archive.watching.begin_notice(["example", "unknown"], NOW, LEASE)
    assert (claimed.source, claimed.begun) == ("example", 1)
    assert archive.watching.begin_notice(["example"], NOW + LEASE / 2, LEASE) == ()
    (again,) = archive.watching.begin_notice(["example"], NOW + LEASE, LEASE)
    assert again.begun == 2
    archive.watching.end_notice([FAILING])
    (free,) = archive.watching.begin_notice(["example"], NOW + LEASE, LEASE)
    assert (free.begun, free.told) == (1, State.FAILING)


def test_a_notice_that_was_put_off_is_due_then(archive: Archive) -> None:
    archive.watching.note([FAILING])
    archive.watching.begin_notice(["example"], NOW, LEASE)
    archive.watching.put_off_notice([FAILING], NOW + HOUR)
    assert archive.watching.begin_notice(["example"], NOW + HOUR / 2, LEASE) == ()
    (due,) = archive.watching.begin_notice(["example"], NOW + HOUR, LEASE)
    assert due.begun == 1


def test_latency_is_the_median_of_what_was_published_while_it_was_watched(archive: Archive) -> None:
    since = NOW - timedelta(days=2)
    assert archive.watching.latency("example", since) is None
    published = (since - HOUR, NOW - 3 * HOUR, NOW - 2 * HOUR, NOW + HOUR, None)
    for number, moment in enumerate(published):
        key = f"example.ma/news/{number}"
        of = article(key, published=moment, title=f"خبر {number}", text=f"نص {number}")
        archive.record(page(key), accepted(of, seen=number))
    assert archive.watching.latency("example", since) == 2 * HOUR
    assert archive.watching.latency("other", since) is None
