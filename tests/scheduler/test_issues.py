"""Issues: built and stored first, then each subscriber gets each issue once."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reports.contents import Period
from scheduler import issues
from scheduler.delivering import deliver, letter
from scheduler.settings import Database, Digest, Mail, Settings
from storage.archive import Archive
from storage.errors import ConfigError, MailError
from storage.model import DeliveryState, Schedule, Series
from tests import factories as make
from tests.mailbox import Mailbox, open_mailbox

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+01:00")  # in Casablanca, the end of 2026-W47
SERIES = Series(topic=make.TOPIC)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def settings(archive_url: str, mailbox: Mailbox, tmp_path: Path) -> Settings:
    mail = Mail(host="127.0.0.1", port=mailbox.port, security="none", sender="rasid@example.org")
    return Settings(database=Database(url=archive_url), mail=mail, digest=Digest(outbox=tmp_path / "outbox"))


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """An archive with one relevant article, recorded at NOW, and two subscribers."""
    archive.load_catalogue([make.source()], [make.topic()], [])
    archive.record(make.page(), make.accepted())
    archive.subscribing.add("amal@example.org", SERIES, "ar", make.NOW)
    archive.subscribing.add("bruno@example.org", SERIES, "fr", make.NOW)
    return archive


def test_the_due_issue_is_stored_once_and_mailed_once_in_each_language(
    filled: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    assert issues.publish_due(filled, settings, MONDAY)
    sent = deliver(filled, settings, lambda: MONDAY)
    assert sent.sent == 2
    assert {mail.to: mail.message["Content-Language"] for mail in mailbox.mails} == {
        "amal@example.org": "ar",
        "bruno@example.org": "fr",
    }
    assert not issues.publish_due(filled, settings, MONDAY + timedelta(days=1))
    assert deliver(filled, settings, lambda: MONDAY).sent == 0
    assert len(mailbox.mails) == 2


def test_an_issue_covers_what_was_recorded_since_the_last_one(filled: Archive, settings: Settings) -> None:
    issues.publish_due(filled, settings, MONDAY)
    later = make.page("example.ma/news/2", fetched=MONDAY + timedelta(hours=1))
    article = make.article("example.ma/news/2", published=MONDAY, title="خبر ثان")
    seen = filled.neighbours(make.account(article)).seen
    filled.record(later, make.accepted(article, seen=seen))
    assert issues.publish_due(filled, settings, MONDAY + timedelta(days=7))
    second, first = filled.posting.issues()
    assert (first.name, first.stories) == ("2026-W47", 1)
    assert (second.name, second.since, second.stories) == ("2026-W48", first.until, 1)


def test_an_article_published_long_before_is_in_no_issue(archive: Archive, settings: Settings) -> None:
    archive.load_catalogue([make.source()], [make.topic()], [])
    old = make.article(published=MONDAY - timedelta(days=9))
    archive.record(make.page(), make.accepted(old))
    period = Period(name="2026-W47", since=MONDAY - timedelta(days=7), until=MONDAY)
    assert issues.build(archive, settings, period).stories == 0


def test_a_new_archive_has_no_issue_for_the_weeks_before_it(archive: Archive, settings: Settings) -> None:
    archive.load_catalogue([make.source()], [make.topic()], [])
    assert not issues.publish_due(archive, settings, MONDAY)


def test_an_empty_week_after_an_issue_is_told_as_such(filled: Archive, settings: Settings) -> None:
    issues.publish_due(filled, settings, MONDAY)
    assert issues.publish_due(filled, settings, MONDAY + timedelta(days=7))
    assert filled.posting.issues()[0].stories == 0


def test_without_a_mail_server_mails_are_written_to_the_outbox(filled: Archive, settings: Settings) -> None:
    alone = settings.model_copy(update={"mail": Mail(sender="rasid@example.org")})
    issues.publish_due(filled, alone, MONDAY)
    sent = deliver(filled, alone, lambda: MONDAY)
    assert sent.outbox is not None
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sent.outbox.iterdir()]
    assert {mail["To"] for mail in mails} == {"amal@example.org", "bruno@example.org"}
    for mail in mails:
        kinds = [part.get_content_type() for part in mail.walk()]
        assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_a_refused_address_does_not_stop_the_others(
    filled: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    mailbox.refuse("amal@example.org", 550)
    issues.publish_due(filled, settings, MONDAY)
    sent = deliver(filled, settings, lambda: MONDAY)
    assert sent.sent == 1
    assert "amal@example.org" in sent.failed[0]
    states = {each.address: each.state for each in filled.posting.deliveries(make.TOPIC, "2026-W47")}
    assert states == {"amal@example.org": DeliveryState.WAITING, "bruno@example.org": DeliveryState.SENT}


def test_an_address_that_stays_refused_is_given_up_after_three_tries(
    filled: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    mailbox.refuse("amal@example.org", 550)
    issues.publish_due(filled, settings, MONDAY)
    for hours in (0, 5, 10, 15):
        deliver(filled, settings, lambda hours=hours: MONDAY + timedelta(hours=hours))  # type: ignore[misc]
    refused, _ = filled.posting.deliveries(make.TOPIC, "2026-W47")
    assert (refused.state, refused.tries) == (DeliveryState.FAILED, 3)


def test_what_a_server_could_not_take_is_sent_when_it_is_back(
    filled: Archive, settings: Settings, mailbox: Mailbox
) -> None:
    issues.publish_due(filled, settings, MONDAY)
    nobody = Mail(host="127.0.0.1", port=1, security="none", sender="rasid@example.org")
    with pytest.raises(MailError, match=r"^mail server 127\.0\.0\.1:1: "):
        deliver(filled, settings.model_copy(update={"mail": nobody}), lambda: MONDAY)
    later = MONDAY + timedelta(hours=5)
    sent = deliver(filled, settings, lambda: later)
    assert sent.sent == 2


def test_a_mail_repeated_after_a_crash_has_the_same_identity(filled: Archive, settings: Settings) -> None:
    issues.publish_due(filled, settings, MONDAY)
    issue = filled.posting.issue(make.TOPIC, "2026-W47")
    letters = [
        letter(settings, issue.editions[0], series=issue.series.id, name=issue.name, to=to, now=MONDAY)
        for to in ("amal@example.org", "amal@example.org", "bruno@example.org")
    ]
    first, again, other = (each["Message-ID"] for each in letters)
    assert first == again != other


def test_a_week_with_an_issue_is_shown_as_it_was_sent(filled: Archive, settings: Settings) -> None:
    issues.publish_due(filled, settings, MONDAY)
    period = issues.week_period(filled, settings, "2026-W47", MONDAY + timedelta(days=30))
    assert period.until == MONDAY


def test_an_issue_sent_by_hand_takes_the_place_of_the_weeks_and_loses_nothing(
    filled: Archive, settings: Settings
) -> None:
    tuesday = MONDAY - timedelta(days=6)
    assert issues.publish(filled, settings, issues.next_period(filled, settings, tuesday), tuesday)
    assert filled.posting.issues()[0].name == "2026-W47"
    assert not issues.publish_due(filled, settings, MONDAY)
    article = make.article("example.ma/news/2", published=tuesday + timedelta(hours=3), title="خبر ثان")
    seen = filled.neighbours(make.account(article)).seen
    page = make.page("example.ma/news/2", fetched=tuesday + timedelta(hours=4))
    filled.record(page, make.accepted(article, seen=seen))
    assert issues.publish_due(filled, settings, MONDAY + timedelta(days=7))
    assert [issue.stories for issue in filled.posting.issues()] == [2, 0]


def test_a_week_that_has_not_begun_has_no_issue(filled: Archive, settings: Settings) -> None:
    with pytest.raises(ConfigError, match=r"^--week 2027-W10: it has not begun"):
        issues.week_period(filled, settings, "2027-W10", MONDAY)


DAILY = Series(topic=make.TOPIC, schedule=Schedule.DAILY)
DAY = timedelta(days=1)


def tell(archive: Archive, number: int, at: datetime, **changes: Any) -> None:
    """Record an article that is a story of its own."""
    key = f"example.ma/news/{number}"
    account = make.account(make.article(key, published=at, **changes))
    placed = make.placement(account, seen=archive.neighbours(account).seen)
    archive.record(make.page(key, fetched=at), make.accepted(account, placement=placed))


def sources(archive: Archive, *series: Series, at: datetime = make.NOW - DAY * 30) -> None:
    """Load the catalogue and subscribe an address to each series."""
    archive.load_catalogue([make.source()], [make.topic()], [])
    for each in series:
        archive.subscribing.add("amal@example.org", each, "ar", at)


def test_each_series_goes_out_by_itself(filled: Archive, settings: Settings) -> None:
    search = Series(topic=make.TOPIC, query="Darmanin")
    for series in (DAILY, search):
        filled.subscribing.add("amal@example.org", series, "ar", make.NOW)
    tell(filled, 2, MONDAY - DAY / 2, title="Darmanin", language="fr")
    published = issues.publish_due(filled, settings, MONDAY)
    assert set(published) == {f"{make.TOPIC} 2026-W47", f"{DAILY.id} 2026-11-23", f"{search.id} 2026-W47"}
    stories = {each.series.id: each.stories for each in filled.posting.issues()}
    assert stories == {make.TOPIC: 2, DAILY.id: 1, search.id: 1}
    assert issues.publish_due(filled, settings, MONDAY + DAY) == (f"{DAILY.id} 2026-11-24",)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (Series(topic="gone"), "gone: no such topic"),
        (Series(topic=make.TOPIC, query="since:nope"), "query since:nope: not understood: since:nope"),
    ],
)
def test_a_series_that_cannot_be_published_is_one_line_and_stops_no_other(
    filled: Archive,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    broken: Series,
    said: str,
) -> None:
    filled.record_crawl(make.crawl_report())
    filled.subscribing.add("amal@example.org", broken, "ar", make.NOW)
    assert issues.publish_due(filled, settings, MONDAY) == (f"{make.TOPIC} 2026-W47",)
    (line,) = [each.getMessage() for each in caplog.records]
    assert line.startswith(f"issue not stored series={broken.id} error=")
    assert said in line


def test_an_empty_issue_is_for_those_who_want_it(filled: Archive, settings: Settings) -> None:
    search = Series(topic=make.TOPIC, query="omega")
    filled.subscribing.add("amal@example.org", search, "ar", make.NOW, empty=True)
    filled.subscribing.add("bruno@example.org", search, "ar", make.NOW, empty=False)
    issues.publish_due(filled, settings, MONDAY)
    assert filled.posting.issue(search.id, "2026-W47").stories == 0
    assert [each.address for each in filled.posting.deliveries(search.id, "2026-W47")] == ["amal@example.org"]


def test_only_stories_of_enough_importance_are_told(filled: Archive, settings: Settings) -> None:
    much = Series(topic=make.TOPIC, minimum=100)
    filled.subscribing.add("amal@example.org", much, "ar", make.NOW)
    issues.publish_due(filled, settings, MONDAY)
    assert filled.posting.issue(much.id, "2026-W47").stories == 0


@pytest.mark.parametrize("weeks", [1, 2, 4])
@pytest.mark.parametrize(
    "series", [Series(topic=make.TOPIC), Series(topic=make.TOPIC, query="fr OR ar"), DAILY]
)
def test_what_was_missed_while_down_is_one_issue_at_the_start(
    archive: Archive, settings: Settings, series: Series, weeks: int
) -> None:
    sources(archive, series)
    tell(archive, 1, MONDAY - DAY / 2)
    issues.publish_due(archive, settings, MONDAY)
    tell(archive, 2, MONDAY + DAY / 2, text="fr ar")
    back = MONDAY + DAY * 7 * weeks + timedelta(hours=5)
    issues.publish_due(archive, settings, back)
    found = archive.posting.issues(series.id)
    assert found[0].stories == 1
    assert len(found) == 2
    assert (found[0].since, found[0].until) == (MONDAY, MONDAY + DAY * 7 * weeks)
    assert issues.publish_due(archive, settings, back + DAY / 24) == ()


def test_a_new_series_begins_with_the_first_cut_off_after_its_first_subscriber(
    filled: Archive, settings: Settings
) -> None:
    issues.publish_due(filled, settings, MONDAY)
    filled.subscribing.add("amal@example.org", DAILY, "ar", MONDAY + timedelta(hours=3))
    assert issues.publish_due(filled, settings, MONDAY + timedelta(hours=4)) == ()
    tell(filled, 2, MONDAY + timedelta(hours=1))
    assert issues.publish_due(filled, settings, MONDAY + DAY) == (f"{DAILY.id} 2026-11-24",)
    assert (filled.posting.issues(DAILY.id)[0].since, filled.posting.issues(DAILY.id)[0].stories) == (
        MONDAY,
        1,
    )


def test_a_series_that_nobody_got_for_long_begins_again_with_a_regular_issue(
    filled: Archive, settings: Settings
) -> None:
    filled.subscribing.add("amal@example.org", DAILY, "ar", make.NOW)
    issues.publish_due(filled, settings, MONDAY)
    filled.subscribing.remove("amal@example.org", DAILY.id)
    again = MONDAY + DAY * 20
    filled.subscribing.add("amal@example.org", DAILY, "ar", again - timedelta(hours=1))
    issues.publish_due(filled, settings, again)
    assert filled.posting.issues(DAILY.id)[0].since == again - DAY


def test_the_house_series_is_published_for_nobody(archive: Archive, settings: Settings) -> None:
    sources(archive)
    tell(archive, 1, MONDAY - DAY)
    assert issues.publish_due(archive, settings, MONDAY) == (f"{make.TOPIC} 2026-W47",)
    assert archive.posting.deliveries(make.TOPIC, "2026-W47") == ()


def test_an_archive_that_has_crawled_and_found_nothing_says_so(archive: Archive, settings: Settings) -> None:
    sources(archive, Series(topic=make.TOPIC))
    archive.record_crawl(make.crawl_report())
    assert issues.publish_due(archive, settings, MONDAY) == (f"{make.TOPIC} 2026-W47",)
    assert len(archive.posting.deliveries(make.TOPIC, "2026-W47")) == 1


def test_a_clock_far_ahead_is_not_believed_before_a_day_of_crawls(
    filled: Archive, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Else it would close periods that have not been, and nothing would go out until they are over."""
    issues.publish_due(filled, settings, MONDAY)
    ahead = MONDAY + DAY * 400
    crawl = make.crawl_report(started=ahead - DAY / 12, finished=ahead - DAY / 24)
    filled.record_crawl(crawl)
    assert issues.publish_due(filled, settings, ahead) == ()
    assert "more than a month after the last issue" in caplog.text
    assert issues.publish_due(filled, settings, MONDAY + DAY * 7) == (f"{make.TOPIC} 2026-W48",)
    (name,) = issues.publish_due(filled, settings, ahead + DAY)
    assert name.startswith(f"{make.TOPIC} 2027-W"), "it was right"


def test_a_clock_that_was_ahead_and_comes_back_repeats_nothing_and_loses_nothing(
    filled: Archive, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    filled.subscribing.add("amal@example.org", DAILY, "ar", make.NOW)
    issues.publish_due(filled, settings, MONDAY)
    ahead = MONDAY + DAY * 3
    assert issues.publish_due(filled, settings, ahead) == (f"{DAILY.id} 2026-11-26",)
    tell(filled, 2, MONDAY + DAY)
    assert issues.publish_due(filled, settings, MONDAY + DAY + DAY / 24) == ()
    assert "the clock is behind now, or was ahead then" in caplog.text
    assert issues.publish_due(filled, settings, ahead + DAY) == (f"{DAILY.id} 2026-11-27",)
    found = filled.posting.issues(DAILY.id)
    assert [(each.stories, each.until - each.since) for each in found[:2]] == [(1, DAY), (0, DAY * 3)]


@pytest.mark.parametrize(
    ("zone", "schedule", "begin", "days"),
    [
        ("Africa/Casablanca", Schedule.DAILY, "2027-02-01", 14),  # Ramadan: back on 7 February, on in March
        ("Europe/Paris", Schedule.DAILY, "2026-10-20", 10),
        ("Europe/Paris", Schedule.DAILY, "2027-03-22", 10),
        ("Europe/Paris", Schedule.WEEKLY, "2026-09-01", 240),
        ("Africa/Casablanca", Schedule.WEEKLY, "2026-09-01", 240),
    ],
)
def test_each_period_is_one_issue_without_gap_or_overlap_whatever_the_clock_does(
    sqlite_url: str, zone: str, schedule: Schedule, begin: str, days: int
) -> None:
    chance, place = random.Random(f"{zone} {begin}"), ZoneInfo(zone)
    digest = Digest(topic=make.TOPIC, timezone=zone, hour=2, minute=30)  # a time that Paris skips and repeats
    settings, series = (
        Settings(database=Database(url="x"), digest=digest),
        Series(topic=make.TOPIC, schedule=schedule),
    )
    start = datetime.fromisoformat(begin).replace(tzinfo=place)
    with Archive(sqlite_url) as archive:
        sources(archive, series, at=start)
        archive.record_crawl(make.crawl_report(started=start, finished=start))
        now, last = start.astimezone(UTC), start.astimezone(UTC) + days * DAY
        while now < last:
            wrong = chance.choice((timedelta(hours=-1), timedelta(), timedelta(), DAY))
            for moment in (now, now + wrong, now):
                issues.publish_due(archive, settings, moment)
            now += chance.uniform(0.1, 0.8) * (DAY if schedule is Schedule.DAILY else 7 * DAY)
        found = archive.posting.issues(series.id)[::-1]
    assert all(one.until == other.since for one, other in pairwise(found))
    assert all((each.until.astimezone(place).hour, each.until.minute) in {(2, 30), (3, 30)} for each in found)
    lengths = {each.until - each.since for each in found}
    every = DAY if schedule is Schedule.DAILY else 7 * DAY
    assert lengths <= {every, every + DAY / 24, every - DAY / 24}
    assert len(found) in {days // every.days - 1, days // every.days, days // every.days + 1}
    assert len({each.name for each in found}) == len(found)
