"""question: what somebody is asked who is said to want our mails."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.letters import question
from storage.errors import ConfigError, RecipientRefused
from storage.model import Schedule, Series, Subscriber, SubscriberState
from tests import factories as make

LINK = "https://rasid.example.org/confirm/a-secret-of-thirty-two-letters-_"
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type", "Content-Language"),
}
SUBSCRIBER = Subscriber(
    id=7,
    address="amal@example.org",
    language="ar",
    series=Series(topic=make.TOPIC),
    added=make.NOW,
    token="a-secret-of-thirty-two-letters-_",
    state=SubscriberState.PENDING,
)


def asked(link: str = LINK, **changes: object) -> EmailMessage:
    whom = replace(SUBSCRIBER, **changes)  # type: ignore[arg-type]
    mail = question(whom, make.topic(), link=link, sender="rasid@example.org")
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def parts(read: EmailMessage) -> tuple[str, str]:
    text, html = (part.get_content() for part in read.iter_parts() if isinstance(part, EmailMessage))
    return text, html


@pytest.mark.parametrize(
    ("language", "dir", "subject", "what"),
    [
        ("ar", "rtl", "راصد: هل طلبتَ هذه الرسائل؟", "الأمن بين المغرب وفرنسا، مرة في الأسبوع"),
        ("fr", "ltr", "Rasid : est-ce bien vous ?", "Sécurité Maroc–France, une fois par semaine"),
        ("en", "ltr", "Rasid: was it you?", "Morocco–France security, once a week"),
    ],
)
def test_the_question_is_asked_in_the_readers_language_in_text_and_html_alike(
    language: str, dir: str, subject: str, what: str
) -> None:
    read = asked(language=language)
    text, html = parts(read)
    assert str(read["Subject"]) == subject
    assert (read["To"], read["Content-Language"]) == ("amal@example.org", language)
    assert f'<html lang="{language}" dir="{dir}">' in html
    for part in (text, html):
        assert what in part
        assert part.count(LINK) == 1
    assert text.startswith("\u200f") is (dir == "rtl")


def test_the_question_says_what_it_is_and_is_of_no_list() -> None:
    read = asked()
    assert set(read.keys()) == HEADERS
    assert read["Auto-Submitted"] == "auto-generated"  # no mail was answered (RFC 3834 section 5)


@pytest.mark.parametrize(
    ("series", "words"),
    [
        (Series(topic="t", schedule=Schedule.DAILY), ["once a day"]),
        (
            Series(topic="t", schedule=Schedule.INSTANT, minimum=15),
            ["alerts at once", "only what is important"],
        ),
        (Series(topic="t", query='"نشرة حمراء" lang:ar'), ["only what answers this search: "]),
    ],
)
def test_the_question_says_what_was_asked_for(series: Series, words: list[str]) -> None:
    for part in parts(asked(series=series, language="en")):
        for each in words:
            assert each in part
        assert ("نشرة حمراء" in part) is bool(series.query)


@pytest.mark.parametrize(
    "query",
    [
        "https://pills.example/buy",
        "www.pills.example",
        "buy@pills.example",
        "<a href=//pills.example>",
        "x" * 500,
    ],
)
def test_a_stranger_sends_nobody_a_link(query: str) -> None:
    text, html = parts(asked(series=Series(topic="t", query=query), language="en"))
    for part in (text, unescape(html)):
        assert not any(each in part for each in ("pills.", "//pills", "@pills", "x" * 81))


def test_the_same_question_is_the_same_mail_and_tells_no_secret() -> None:
    assert asked().as_bytes() == asked().as_bytes()
    assert SUBSCRIBER.token not in asked()["Message-ID"]
    others = {asked()["Message-ID"], asked(token="other")["Message-ID"]}
    assert len(others | {asked(added=make.NOW + timedelta(days=1))["Message-ID"]}) == 3


@pytest.mark.parametrize("link", ["", "/confirm/x", "javascript:alert(1)"])
def test_without_a_page_nobody_is_asked(link: str) -> None:
    with pytest.raises(ConfigError, match=r"^\[web\] base_url"):
        asked(link)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["ar", "fr", "en"]))
@settings(max_examples=100, deadline=None)
def test_whatever_a_stranger_writes_the_mail_has_its_headers_and_no_other(
    query: str, address: str, language: str
) -> None:
    read = asked(series=Series(topic="t", query=query), language=language)
    assert set(read.keys()) == HEADERS
    try:
        read = asked(address=f"amal@example.org{address}", language=language)
    except RecipientRefused:
        return
    assert set(read.keys()) == HEADERS
