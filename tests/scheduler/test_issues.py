"""Issues: built and stored first, then each subscriber gets each issue once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from reports.contents import Period
from scheduler import issues
from scheduler.delivering import deliver, letter
from scheduler.settings import Database, Digest, Mail, Settings
from storage.archive import Archive
from storage.errors import ConfigError, MailError
from storage.model import DeliveryState, Series
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
