"""Who gets what: each wish of an address once, in whatever state it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from storage.archive import Archive
from storage.archive.subscribing import ASK_AGAIN, KEEP_PENDING, MOST_ASKED
from storage.errors import NotFound, TooMany
from storage.model import DeliveryState, Schedule, Series, Subscriber, SubscriberState
from tests.factories import NOW, TOPIC, issue

WEEKLY = Series(topic=TOPIC)
SEARCH = Series(topic=TOPIC, schedule=Schedule.DAILY, query="Darmanin", minimum=5)
AMAL = "amal@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def only(archive: Archive) -> Subscriber:
    (found,) = archive.subscribing.all()
    return found


def bounce(archive: Archive) -> None:
    """Let three issues in a row come back from the one subscriber."""
    for number in (1, 2, 3):
        archive.posting.store_issue(issue(f"2026-W0{number}"))
        (delivery,) = archive.posting.deliveries(TOPIC, f"2026-W0{number}")
        archive.posting.mark_failed(delivery.id, "550 unknown", bounced=True)


def test_an_address_may_have_several_series(archive: Archive) -> None:
    made = [archive.subscribing.add(AMAL, each, "ar", NOW) for each in (WEEKLY, SEARCH)]
    assert [each.series for each in archive.subscribing.all()] == [WEEKLY, SEARCH]
    assert len({each.token for each in made}) == 2
    assert archive.subscribing.series() == (WEEKLY, SEARCH)
    assert archive.subscribing.remove(AMAL.upper(), SEARCH.id) == 1
    assert archive.subscribing.series() == (WEEKLY,)
    with pytest.raises(NotFound, match=rf"is not subscribed to {SEARCH.id}; see rasid subscribers list"):
        archive.subscribing.remove(AMAL, SEARCH.id)


@pytest.mark.parametrize(
    "other",
    [
        Series(topic="other"),
        Series(topic=TOPIC, schedule=Schedule.DAILY),
        Series(topic=TOPIC, query="Darmanin"),
        Series(topic=TOPIC, minimum=5),
    ],
)
def test_series_are_told_apart_by_all_that_was_asked_for(archive: Archive, other: Series) -> None:
    archive.subscribing.add(AMAL, WEEKLY, "ar", NOW)
    archive.subscribing.add(AMAL, other, "ar", NOW)
    assert len(archive.subscribing.all()) == 2


def test_urls_are_the_same_only_where_each_letter_is(archive: Archive) -> None:
    for path in ("Hook", "hook", "hook"):
        archive.subscribing.add(f"https://chat.example.org/{path}", WEEKLY, "fr", NOW)
    assert len(archive.subscribing.all()) == 2
    archive.subscribing.remove("https://chat.example.org/hook")
    assert only(archive).address == "https://chat.example.org/Hook"


def test_who_asks_is_asked_once_a_day_until_they_confirm(archive: Archive) -> None:
    assert archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW)
    assert only(archive).state is SubscriberState.PENDING
    assert archive.subscribing.series() == ()
    assert archive.subscribing.has_question(NOW)
    asked = archive.subscribing.claim_question(NOW, HOUR)
    assert asked is not None
    assert archive.subscribing.claim_question(NOW + HOUR / 2, HOUR) is None
    assert not archive.subscribing.has_question(NOW + HOUR / 2)
    assert archive.subscribing.claim_question(NOW + HOUR, HOUR) == asked, "whoever claimed it has died"
    archive.subscribing.mark_asked(asked.id)
    assert not archive.subscribing.ask("AMAL@example.org", WEEKLY, "ar", NOW + ASK_AGAIN - HOUR)
    assert archive.subscribing.claim_question(NOW + DAY * 3, HOUR) is None
    assert archive.subscribing.ask(AMAL, WEEKLY, "fr", NOW + ASK_AGAIN)
    again = archive.subscribing.claim_question(NOW + ASK_AGAIN, HOUR)
    assert again is not None
    assert (again.token, again.language) == (asked.token, "fr")


def test_confirming_twice_is_fine_and_leaving_twice_is_not(archive: Archive) -> None:
    archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW)
    token = only(archive).token
    first = archive.subscribing.confirm(token, NOW + HOUR)
    assert (first.state, first.added) == (SubscriberState.ACTIVE, NOW + HOUR)
    assert archive.subscribing.confirm(token, NOW + DAY) == first
    assert archive.subscribing.of_token(token) == first
    archive.subscribing.leave(token)
    for call in (archive.subscribing.leave, archive.subscribing.confirm, archive.subscribing.of_token):
        with pytest.raises(NotFound, match="nobody is subscribed by this link"):
            call(token)


def test_an_empty_token_is_nobodys(archive: Archive) -> None:
    archive.subscribing.add(AMAL, WEEKLY, "ar", NOW)
    with pytest.raises(NotFound):
        archive.subscribing.leave("")


def test_asking_changes_nothing_for_whom_has_it(archive: Archive) -> None:
    made = archive.subscribing.add(AMAL, WEEKLY, "ar", NOW, empty=False)
    assert not archive.subscribing.ask(AMAL, WEEKLY, "fr", NOW + DAY * 30)
    assert only(archive) == made
    assert archive.subscribing.claim_question(NOW + DAY * 30, HOUR) is None


def test_an_operator_speaks_for_who_was_asked(archive: Archive) -> None:
    archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW)
    made = archive.subscribing.add(AMAL, WEEKLY, "en", NOW + HOUR)
    assert (made.state, made.language, made.added) == (SubscriberState.ACTIVE, "en", NOW + HOUR)
    assert archive.subscribing.claim_question(NOW + DAY, HOUR) is None
    assert archive.subscribing.tidy(NOW + DAY * 30) == 0


def test_an_address_that_bounces_gets_nothing_until_it_is_added_again(archive: Archive) -> None:
    archive.subscribing.add(AMAL, WEEKLY, "ar", NOW)
    bounce(archive)
    assert only(archive).state is SubscriberState.BOUNCING
    assert archive.subscribing.series() == ()
    archive.posting.store_issue(issue("2026-W10"))
    assert archive.posting.deliveries(TOPIC, "2026-W10") == ()
    made = archive.subscribing.add(AMAL, WEEKLY, "ar", NOW)
    assert (made.state, made.bounces) == (SubscriberState.ACTIVE, 0)
    archive.posting.store_issue(issue("2026-W11"))
    assert len(archive.posting.deliveries(TOPIC, "2026-W11")) == 1


def test_an_address_that_bounces_may_ask_again(archive: Archive) -> None:
    archive.subscribing.add(AMAL, WEEKLY, "ar", NOW)
    bounce(archive)
    assert archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW)
    made = archive.subscribing.confirm(only(archive).token)
    assert (made.state, made.bounces) == (SubscriberState.ACTIVE, 0)


def test_one_bounce_is_counted_once(archive: Archive) -> None:
    archive.subscribing.add(AMAL, WEEKLY, "ar", NOW)
    archive.posting.store_issue(issue())
    (delivery,) = archive.posting.deliveries(TOPIC, "2026-W47")
    for _ in range(5):
        archive.posting.mark_failed(delivery.id, "550 unknown", bounced=True)
    assert (only(archive).bounces, only(archive).state) == (1, SubscriberState.ACTIVE)


@pytest.mark.parametrize("how", ["leave", "remove"])
def test_what_still_waits_for_who_has_left_is_not_sent(archive: Archive, how: str) -> None:
    for series in (WEEKLY, SEARCH):
        archive.subscribing.add(AMAL, series, "ar", NOW)
        archive.posting.store_issue(issue(series=series))
    if how == "leave":
        archive.subscribing.leave(archive.subscribing.all()[0].token)
    else:
        archive.subscribing.remove(AMAL, WEEKLY.id)
    states = [archive.posting.deliveries(each.id, "2026-W47")[0].state for each in (WEEKLY, SEARCH)]
    assert states == [DeliveryState.FAILED, DeliveryState.WAITING]
    claimed = archive.posting.claim_delivery(NOW, HOUR)
    assert claimed is not None
    assert claimed.series == SEARCH.id
    assert archive.posting.claim_delivery(NOW, HOUR) is None


def test_who_never_confirms_is_forgotten_after_a_week(archive: Archive) -> None:
    archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW)
    archive.subscribing.add("bruno@example.org", WEEKLY, "fr", NOW)
    assert archive.subscribing.tidy(NOW + KEEP_PENDING) == 0
    assert archive.subscribing.tidy(NOW + KEEP_PENDING + HOUR) == 1
    assert only(archive).address == "bruno@example.org"


def test_more_than_people_would_ask_are_not_asked(archive: Archive) -> None:
    for number in range(MOST_ASKED):
        archive.subscribing.ask(f"{number}@example.org", WEEKLY, "ar", NOW)
    with pytest.raises(TooMany, match="try again later"):
        archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW + HOUR / 2)
    assert archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW + HOUR * 2)


def test_a_question_put_off_by_a_clock_that_was_ahead_is_asked(archive: Archive) -> None:
    archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW + DAY * 300)
    assert archive.subscribing.claim_question(NOW, HOUR) is not None
    assert archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW), "added in a time to come is not lately"


@pytest.mark.parametrize(
    ("call", "held"),
    [
        (lambda archive: archive.subscribing.add(AMAL, WEEKLY, "ar", NOW), 1),
        (lambda archive: archive.subscribing.ask(AMAL, WEEKLY, "ar", NOW), 1),
        (
            lambda archive: (
                archive.subscribing.add(AMAL, SEARCH, "ar", NOW) and archive.subscribing.tidy(NOW)
            ),
            1,
        ),
    ],
)
def test_two_at_once_make_one(archive_url: str, call: Callable[[Archive], object], held: int) -> None:
    start = Barrier(4)

    def run() -> object:
        with Archive(archive_url) as mine:
            start.wait()
            return call(mine)

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(run) for _ in range(4)]:
            each.result()
    with Archive(archive_url) as archive:
        assert len(archive.subscribing.all()) == held


def test_of_two_who_leave_at_once_and_an_issue_nothing_waits(archive_url: str) -> None:
    with Archive(archive_url) as archive:
        tokens = [archive.subscribing.add(f"{n}@example.org", WEEKLY, "ar", NOW).token for n in range(20)]
    start = Barrier(2)

    def leave() -> None:
        with Archive(archive_url) as mine:
            start.wait()
            for token in tokens:
                mine.subscribing.leave(token)

    def store() -> None:
        with Archive(archive_url) as mine:
            start.wait()
            for number in range(10):
                mine.posting.store_issue(issue(f"2026-W{number + 10}"))

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(leave), pool.submit(store)]:
            each.result()
    with Archive(archive_url) as archive:
        assert archive.posting.claim_delivery(NOW + DAY, HOUR) is None


def test_tokens_are_long_and_never_the_same(archive: Archive) -> None:
    tokens = {archive.subscribing.add(f"{n}@example.org", WEEKLY, "ar", NOW).token for n in range(50)}
    assert len(tokens) == 50
    assert all(len(each) == 32 for each in tokens)
    same = archive.subscribing.add("0@example.org", WEEKLY, "fr", NOW)
    assert same.token in tokens, "links of earlier mails stay good"


def test_an_address_is_asked_about_three_wishes_a_day_at_most(archive: Archive) -> None:
    wishes = [Series(topic=TOPIC, query=each) for each in ("police", "drogue", "douane", "port")]
    asked = [
        archive.subscribing.ask(each, wish, "ar", NOW)
        for each, wish in zip((AMAL, AMAL.upper()) * 2, wishes, strict=True)
    ]
    assert asked == [True, True, True, False]
    assert archive.subscribing.ask(AMAL, wishes[3], "ar", NOW + DAY + HOUR)
    assert archive.subscribing.ask("other@example.org", wishes[3], "ar", NOW)


def test_an_address_that_took_a_mail_lately_is_not_given_up(archive: Archive) -> None:
    archive.subscribing.add(AMAL, WEEKLY, "ar", NOW)
    archive.posting.store_issue(issue("2026-W00"))
    claimed = archive.posting.claim_delivery(NOW, HOUR)
    assert claimed is not None
    archive.posting.mark_sent(claimed.id, NOW)
    for number, days in enumerate((1, 1, 1, 5)):
        archive.posting.store_issue(issue(f"2026-W{number + 1:02}"))
        claimed = archive.posting.claim_delivery(NOW + days * DAY, HOUR)
        assert claimed is not None
        assert only(archive).state is SubscriberState.ACTIVE
        archive.posting.mark_failed(claimed.id, "550 unknown", bounced=True)
    assert only(archive).state is SubscriberState.BOUNCING


@pytest.mark.parametrize(("one", "other"), [(15.0, 15.00001), (1e6, 1e6 + 1)])
def test_wishes_that_differ_a_little_are_two(one: float, other: float) -> None:
    assert Series(topic=TOPIC, minimum=one).id != Series(topic=TOPIC, minimum=other).id
    assert Series(topic=TOPIC, minimum=15).id == Series(topic=TOPIC, minimum=15.0).id
