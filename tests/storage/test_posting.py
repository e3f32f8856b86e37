"""Every subscriber gets every issue once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from storage.archive import Archive
from storage.errors import NotFound
from storage.model import Delivery, DeliveryState
from tests.factories import NOW, TOPIC, edition, issue

LEASE = timedelta(minutes=10)
WEEK = "2026-W47"


def claim(archive: Archive, minutes: float = 0) -> Delivery | None:
    return archive.posting.claim_delivery(TOPIC, WEEK, NOW + timedelta(minutes=minutes), LEASE)


def test_an_address_is_one_subscriber(archive: Archive) -> None:
    first = archive.posting.add_subscriber("Leila@example.org", "ar", NOW)
    again = archive.posting.add_subscriber("leila@EXAMPLE.org", "fr", NOW + LEASE)
    assert (again.id, again.email, again.language, again.added) == (first.id, "Leila@example.org", "fr", NOW)
    assert archive.posting.subscribers() == (again,)


def test_a_subscriber_may_leave(archive: Archive) -> None:
    archive.posting.add_subscriber("a@example.org", "ar", NOW)
    archive.posting.store_issue(issue())
    archive.posting.remove_subscriber("A@example.org")
    assert archive.posting.subscribers() == ()
    assert claim(archive) is None
    assert [each.error for each in archive.posting.deliveries(TOPIC, WEEK)] == ["unsubscribed"]
    with pytest.raises(NotFound, match="is no subscriber"):
        archive.posting.remove_subscriber("a@example.org")


def test_an_issue_is_stored_once_with_a_delivery_for_each_subscriber(archive: Archive) -> None:
    archive.posting.add_subscriber("a@example.org", "ar", NOW)
    archive.posting.add_subscriber("b@example.org", "fr", NOW)
    assert archive.posting.store_issue(issue())
    archive.posting.add_subscriber("late@example.org", "en", NOW)
    assert not archive.posting.store_issue(issue(editions=(edition("en"),)))
    assert archive.posting.issue(TOPIC, WEEK) == issue()
    waiting = [(each.email, each.language, each.state) for each in archive.posting.deliveries(TOPIC, WEEK)]
    assert waiting == [
        ("a@example.org", "ar", DeliveryState.WAITING),
        ("b@example.org", "fr", DeliveryState.WAITING),
    ]


def test_the_next_issue_begins_where_the_last_one_ended(archive: Archive) -> None:
    assert archive.posting.last_cut_off(TOPIC) is None
    archive.posting.store_issue(issue())
    archive.posting.store_issue(issue("2026-W46", until=NOW - timedelta(days=7)))
    archive.posting.store_issue(issue(topic="other", until=NOW + LEASE))
    assert archive.posting.last_cut_off(TOPIC) == NOW
    assert [(each.topic, each.name) for each in archive.posting.issues()] == [
        ("other", WEEK),
        (TOPIC, WEEK),
        (TOPIC, "2026-W46"),
    ]
    with pytest.raises(NotFound, match="issue 2026-W01"):
        archive.posting.issue(TOPIC, "2026-W01")


def test_a_claimed_delivery_is_left_alone_until_its_lease_ends(archive: Archive) -> None:
    archive.posting.add_subscriber("a@example.org", "ar", NOW)
    archive.posting.store_issue(issue())
    first = claim(archive)
    assert first is not None
    assert (first.email, first.tries) == ("a@example.org", 1)
    assert claim(archive, 9) is None
    again = claim(archive, 10)
    assert again is not None
    assert (again.id, again.tries) == (first.id, 2)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.FAILED])
def test_what_is_sent_or_failed_is_over(archive: Archive, state: DeliveryState) -> None:
    archive.posting.add_subscriber("a@example.org", "ar", NOW)
    archive.posting.store_issue(issue())
    claimed = claim(archive)
    assert claimed is not None
    archive.posting.mark_delivery(claimed.id, state, "said so", NOW)
    archive.posting.mark_delivery(claimed.id, DeliveryState.WAITING, "too late", NOW)
    (delivery,) = archive.posting.deliveries(TOPIC, WEEK)
    assert (delivery.state, delivery.error) == (state, "said so")
    assert delivery.sent == (NOW if state is DeliveryState.SENT else None)
    assert claim(archive, 100_000) is None


def test_a_delivery_that_waits_again_is_given_time(archive: Archive) -> None:
    archive.posting.add_subscriber("a@example.org", "ar", NOW)
    archive.posting.store_issue(issue())
    minutes = 0
    for pause in (15, 30, 60, 120, 240, 240):
        claimed = claim(archive, minutes)
        assert claimed is not None
        later = NOW + timedelta(minutes=minutes)
        archive.posting.mark_delivery(claimed.id, DeliveryState.WAITING, "451 later", later)
        minutes += pause
        assert claim(archive, minutes - 1) is None


def test_a_delivery_that_never_was_cannot_be_marked(archive: Archive) -> None:
    with pytest.raises(NotFound):
        archive.posting.mark_delivery(1, DeliveryState.SENT, "", NOW)


def test_two_at_once_never_claim_the_same(archive_url: str) -> None:
    with Archive(archive_url) as archive:
        for number in range(30):
            archive.posting.add_subscriber(f"{number}@example.org", "ar", NOW)
        archive.posting.store_issue(issue())
    start = Barrier(2)

    def drain() -> list[str]:
        with Archive(archive_url) as mine:
            start.wait()
            claims = iter(lambda: claim(mine), None)
            return [each.email for each in claims if each is not None]

    with ThreadPoolExecutor(2) as pool:
        one, two = (pool.submit(drain) for _ in range(2))
        sent = one.result() + two.result()
    assert len(sent) == len(set(sent)) == 30


def test_two_at_once_store_one_issue(archive_url: str) -> None:
    with Archive(archive_url) as archive:
        archive.posting.add_subscriber("a@example.org", "ar", NOW)
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
