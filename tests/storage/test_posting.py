"""Every subscriber gets every issue once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from storage.archive import Archive
from storage.errors import NotFound
from storage.model import Delivery, DeliveryState, Issue, Schedule, Series
from tests.factories import NOW, TOPIC, accepted, account, article, edition, issue, page, placement

LEASE = timedelta(minutes=10)
WEEK = "2026-W47"
SERIES = Series(topic=TOPIC)


def claim(archive: Archive, minutes: float = 0) -> Delivery | None:
    return archive.posting.claim_delivery(NOW + timedelta(minutes=minutes), LEASE, (TOPIC, WEEK))


def test_an_address_is_one_subscriber(archive: Archive) -> None:
    first = archive.subscribing.add("Leila@example.org", SERIES, "ar", NOW)
    again = archive.subscribing.add("leila@EXAMPLE.org", SERIES, "fr", NOW + LEASE)
    assert (again.id, again.address, again.language, again.added) == (
        first.id,
        "Leila@example.org",
        "fr",
        NOW,
    )
    assert archive.subscribing.all() == (again,)


def test_a_subscriber_may_leave(archive: Archive) -> None:
    archive.subscribing.add("a@example.org", SERIES, "ar", NOW)
    archive.posting.store_issue(issue())
    archive.subscribing.remove("A@example.org")
    assert archive.subscribing.all() == ()
    assert claim(archive) is None
    assert [each.error for each in archive.posting.deliveries(TOPIC, WEEK)] == ["unsubscribed"]
    with pytest.raises(NotFound, match="is not subscribed"):
        archive.subscribing.remove("a@example.org")


def test_an_issue_is_stored_once_with_a_delivery_for_each_subscriber(archive: Archive) -> None:
    archive.subscribing.add("a@example.org", SERIES, "ar", NOW)
    archive.subscribing.add("b@example.org", SERIES, "fr", NOW)
    assert archive.posting.store_issue(issue())
    archive.subscribing.add("late@example.org", SERIES, "en", NOW)
    assert not archive.posting.store_issue(issue(editions=(edition("en"),)))
    assert archive.posting.issue(TOPIC, WEEK) == issue()
    waiting = [(each.address, each.language, each.state) for each in archive.posting.deliveries(TOPIC, WEEK)]
    assert waiting == [
        ("a@example.org", "ar", DeliveryState.WAITING),
        ("b@example.org", "fr", DeliveryState.WAITING),
    ]


def test_the_next_issue_begins_where_the_last_one_ended(archive: Archive) -> None:
    assert archive.posting.last_cut_off(TOPIC) is None
    archive.posting.store_issue(issue())
    archive.posting.store_issue(issue("2026-W46", until=NOW - timedelta(days=7)))
    archive.posting.store_issue(issue(series=Series(topic="other"), until=NOW + LEASE))
    assert archive.posting.last_cut_off(TOPIC) == NOW
    assert [(each.series.id, each.name) for each in archive.posting.issues()] == [
        ("other", WEEK),
        (TOPIC, WEEK),
        (TOPIC, "2026-W46"),
    ]
    with pytest.raises(NotFound, match="issue 2026-W01"):
        archive.posting.issue(TOPIC, "2026-W01")


def test_a_claimed_delivery_is_left_alone_until_its_lease_ends(archive: Archive) -> None:
    archive.subscribing.add("a@example.org", SERIES, "ar", NOW)
    archive.posting.store_issue(issue())
    first = claim(archive)
    assert first is not None
    assert (first.address, first.tries) == ("a@example.org", 1)
    assert claim(archive, 9) is None
    again = claim(archive, 10)
    assert again is not None
    assert (again.id, again.tries) == (first.id, 2)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.FAILED])
def test_what_is_sent_or_failed_is_over(archive: Archive, state: DeliveryState) -> None:
    archive.subscribing.add("a@example.org", SERIES, "ar", NOW)
    archive.posting.store_issue(issue())
    claimed = claim(archive)
    assert claimed is not None
    if state is DeliveryState.SENT:
        archive.posting.mark_sent(claimed.id, NOW)
    else:
        archive.posting.mark_failed(claimed.id, "said so")
    archive.posting.put_off(claimed.id, "too late", NOW)
    (delivery,) = archive.posting.deliveries(TOPIC, WEEK)
    assert (delivery.state, delivery.error) == (state, "" if state is DeliveryState.SENT else "said so")
    assert delivery.sent == (NOW if state is DeliveryState.SENT else None)
    assert claim(archive, 100_000) is None


def test_a_delivery_that_waits_again_is_given_time(archive: Archive) -> None:
    archive.subscribing.add("a@example.org", SERIES, "ar", NOW)
    archive.posting.store_issue(issue())
    minutes = 0
    for pause in (15, 30, 60, 120, 240, 240):
        claimed = claim(archive, minutes)
        assert claimed is not None
        later = NOW + timedelta(minutes=minutes)
        archive.posting.put_off(claimed.id, "451 later", later)
        minutes += pause
        assert claim(archive, minutes - 1) is None


def test_a_delivery_that_never_was_cannot_be_marked(archive: Archive) -> None:
    with pytest.raises(NotFound):
        archive.posting.mark_sent(1, NOW)


def test_two_at_once_never_claim_the_same(archive_url: str) -> None:
    with Archive(archive_url) as archive:
        for number in range(30):
            archive.subscribing.add(f"{number}@example.org", SERIES, "ar", NOW)
        archive.posting.store_issue(issue())
    start = Barrier(2)

    def drain() -> list[str]:
        with Archive(archive_url) as mine:
            start.wait()
            claims = iter(lambda: claim(mine), None)
            return [each.address for each in claims if each is not None]

    with ThreadPoolExecutor(2) as pool:
        one, two = (pool.submit(drain) for _ in range(2))
        sent = one.result() + two.result()
    assert len(sent) == len(set(sent)) == 30


def test_two_at_once_store_one_issue(archive_url: str) -> None:
    with Archive(archive_url) as archive:
        archive.subscribing.add("a@example.org", SERIES, "ar", NOW)
    start = Barrier(2)

    def store() -> bool:
        with Archive(archive_url) as mine:
            start.wait()
            return mine.posting.store_issue(issue())

    with ThreadPoolExecutor(2) as pool:
        stored = [each.result() for each in [pool.submit(store) for _ in range(2)]]
    assert sorted(stored) == [False, True]
    with Archive(archive_url) as archive:
        assert len(archive.posting.deliveries(TOPIC, WEEK)) == 1


def test_an_issue_that_follows_begins_where_the_last_one_ended(archive: Archive) -> None:
    archive.posting.store_issue(issue())
    later = issue("2026-W48", since=NOW - LEASE, until=NOW + LEASE)
    assert not archive.posting.store_issue(later, follows=True)
    assert archive.posting.store_issue(issue("2026-W48", since=NOW, until=NOW + LEASE), follows=True)
    assert archive.posting.holds(TOPIC, "2026-W48")
    assert not archive.posting.holds("other", "2026-W48")
    assert archive.posting.last_cut_off() == NOW + LEASE


def test_two_at_once_with_clocks_apart_store_no_period_twice(archive_url: str) -> None:
    start = Barrier(2)

    def store(week: int) -> bool:
        with Archive(archive_url) as mine:
            start.wait()
            until = NOW + timedelta(weeks=week)
            return mine.posting.store_issue(issue(f"2026-W{47 + week}", until=until), follows=True)

    with ThreadPoolExecutor(2) as pool:
        stored = [each.result() for each in [pool.submit(store, week) for week in (0, 1)]]
    assert sorted(stored) == [False, True]


def alert(number: int, created: datetime = NOW) -> Issue:
    """An alert that tells one story."""
    series = Series(topic=TOPIC, schedule=Schedule.INSTANT)
    return issue(f"story-{number}-{created:%d%H}", series=series, created=created, told={number: 10.0})


DAY = (NOW - timedelta(hours=9), NOW + timedelta(hours=15))


def test_an_alert_is_kept_unless_somebody_was_quicker(archive: Archive) -> None:
    series = alert(1).series.id
    archive.record(page(), accepted())
    assert archive.posting.store_alert(alert(1), 1, 0, DAY, 2)
    assert archive.posting.told(series, 1) == (10.0,)
    assert not archive.posting.store_alert(alert(1, NOW + LEASE), 1, 0, DAY, 2), "told meanwhile"
    assert archive.posting.store_alert(alert(1, NOW + timedelta(hours=1)), 1, 1, DAY, 2)
    assert archive.posting.stored(series, DAY) == 2
    assert not archive.posting.store_alert(alert(2, NOW + timedelta(hours=2)), 2, 0, DAY, 2), (
        "enough for today"
    )
    tomorrow = (DAY[1], DAY[1] + timedelta(days=1))
    assert archive.posting.store_alert(alert(2, DAY[1]), 2, 0, tomorrow, 2)


def test_what_merged_was_told_through_chains(archive: Archive) -> None:
    """A story is told if one that became it was; also where the one that lives on is the newer one."""
    for key in ("a", "b", "c", "d"):
        about = account(article(f"example.ma/{key}"))
        placed = placement(about, seen=archive.neighbours(about).seen)
        archive.record(page(f"example.ma/{key}"), accepted(about, placement=placed))
    archive.posting.store_issue(alert(1))
    with archive._writer.begin() as connection:
        for old, new in ((1, 2), (2, 3)):
            connection.exec_driver_sql(f"UPDATE stories SET became = {new} WHERE id = {old}")  # noqa: S608
    assert archive.posting.told(alert(1).series.id, 3) == (10.0,)
    assert archive.posting.told(alert(1).series.id, 4) == ()
    assert archive.posting.told(TOPIC, 3) == (), "by another series"


def test_what_a_clock_that_was_ahead_put_off_is_due(archive: Archive) -> None:
    archive.subscribing.add("a@example.org", SERIES, "ar", NOW)
    archive.posting.store_issue(issue(created=NOW + timedelta(days=300)))
    claimed = claim(archive)
    assert claimed is not None
    archive.posting.put_off(claimed.id, "451 later", NOW + timedelta(days=300))
    assert claim(archive) is not None
    archive.posting.put_off(claimed.id, "451 later", NOW)
    assert claim(archive) is None, "what waits its time goes on waiting"
