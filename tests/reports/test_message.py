"""message: the mail one subscriber gets, as another program reads it."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.message import message, message_id
from storage.errors import ConfigError, RecipientRefused
from storage.model import Edition
from tests import factories
from tests.factories import LEAVE

DATE = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
EDITION = Edition(
    language="ar",
    subject="راصد، الأسبوع 47: توقيف أحد عشر شخصا بين طنجة ومرسيليا في قضية تهريب دولي للكوكايين",
    html='<!doctype html>\n<html lang="ar" dir="rtl"><body><p>الأمن</p></body></html>\n',
    text="راصد Rasid\n\nأوقفت الشرطة رجلا – «تحيين»\n",
)
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
}
BROKEN = (
    "\r\nBcc: spy@example.org",
    "\nBcc: spy@example.org",
    "\rBcc: spy@example.org",
    "\x0bBcc: x",
    "\x00",
)


def mail(edition: Edition = EDITION, **changes: Any) -> EmailMessage:
    """A mail from rasid@example.org to amal@example.org."""
    given: dict[str, Any] = {
        "sender": "rasid@example.org",
        "recipient": "amal@example.org",
        "message_id": "<2026-W47.abc@example.org>",
        "topic": factories.TOPIC,
        "date": DATE,
    }
    return message(edition, **(given | changes))


def arrived(sent: EmailMessage) -> EmailMessage:
    read = message_from_bytes(sent.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_the_mail_holds_the_text_and_the_html_for_every_client_to_choose() -> None:
    read = arrived(mail())
    assert read.get_content_type() == "multipart/alternative"
    parts = [part for part in read.iter_parts() if isinstance(part, EmailMessage)]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in parts] == ["utf-8", "utf-8"]
    assert [part.get_content().replace("\r\n", "\n") for part in parts] == [EDITION.text, EDITION.html]
    assert not read.defects


def test_the_headers_say_who_what_when_and_that_no_person_wrote_it() -> None:
    read = arrived(mail())
    assert set(read.keys()) == HEADERS
    assert str(read["From"]) == "Rasid راصد <rasid@example.org>"
    assert str(read["To"]) == "amal@example.org"
    assert str(read["Subject"]) == EDITION.subject
    assert read["Date"].datetime == DATE
    assert read["Message-ID"] == "<2026-W47.abc@example.org>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Content-Language"] == "ar"


def test_the_mail_names_its_list_and_how_to_leave_it_by_a_mail() -> None:
    read = arrived(mail())
    assert read["List-Id"] == "<morocco-france-security.rasid.example.org>"
    leave = "<mailto:rasid@example.org?subject=unsubscribe%20morocco-france-security>"
    assert read["List-Unsubscribe"].strip() == leave
    assert "List-Unsubscribe-Post" not in read  # RFC 8058 needs an https address, and nobody serves one


def test_leave_may_be_taken_at_another_address() -> None:
    read = arrived(mail(unsubscribe="leave+rasid@example.net"))
    assert "<mailto:leave+rasid@example.net?" in read["List-Unsubscribe"]


def test_the_mail_passes_servers_that_know_only_ascii_and_short_lines() -> None:
    long = Edition(language="ar", subject="خبر " * 200, html="<p>" + "خبر " * 5000, text="خبر" * 5000)
    content = mail(long).as_bytes()
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 78  # RFC 5322 section 2.1.1
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert mail().as_bytes() == mail().as_bytes()


def test_a_message_id_is_the_same_for_the_same_issue_and_person_only() -> None:
    def named(
        topic: str = "t", issue: str = "2026-W47", to: str = "a@b.example", sender: str = "rasid@example.org"
    ) -> str:
        return message_id(topic, issue, to, sender)

    assert named() == named(to=" A@B.EXAMPLE ") == named(sender="other@example.org")
    others = {named(), named(topic="u"), named(issue="2026-W48"), named(to="c@b.example")}
    assert len(others) == 4
    assert all(each.endswith("@example.org>") and each.isascii() for each in others)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_sender_cannot_bring_a_header(broken: str) -> None:
    with pytest.raises(ConfigError, match=r"\[mail\] sender"):
        mail(sender=f"rasid@example.org{broken}.")
    with pytest.raises(ConfigError, match=r"\[mail\] unsubscribe"):
        mail(unsubscribe=f"rasid{broken}@example.org")


@pytest.mark.parametrize("broken", BROKEN)
def test_a_recipient_cannot_bring_a_header(broken: str) -> None:
    with pytest.raises(RecipientRefused) as refused:
        mail(recipient=f"amal{broken}@example.org")
    assert refused.value.permanent
    with pytest.raises(RecipientRefused):
        message_id("t", "2026-W47", f"amal@example.org{broken}.", "rasid@example.org")


@pytest.mark.parametrize("broken", [*BROKEN, "\u2028Bcc: x", "\x85Bcc: x", "\x1cBcc: x"])
def test_a_subject_and_a_topic_cannot_bring_a_header(broken: str) -> None:
    edition = Edition(language="fr", subject=f"Titre{broken}", html="<p>", text=".")
    read = arrived(mail(edition, topic=f"topic{broken}"))
    assert set(read.keys()) == HEADERS
    assert str(read["Subject"]).startswith("Titre")


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_whatever_the_words_the_mail_has_its_headers_and_no_other(words: str) -> None:
    edition = Edition(language="fr", subject=words, html="<p>", text=".")
    assert set(arrived(mail(edition, topic=words)).keys()) == HEADERS


@pytest.mark.parametrize(
    "address", ["", "amal", "amal@", "@example.org", "Amal <amal@example.org>", "a@b.example, c@d.example"]
)
def test_only_a_plain_address_is_written_to(address: str) -> None:
    with pytest.raises(RecipientRefused, match="not an e-mail address"):
        mail(recipient=address)


def test_a_domain_beyond_ascii_is_written_as_the_network_knows_it() -> None:
    assert str(arrived(mail(recipient="amal@bücher.example"))["To"]) == "amal@xn--bcher-kva.example"


PAGE = "https://rasid.example.org/unsubscribe/a-secret-of-thirty-two-letters-"
LEADS = Edition(
    language="fr",
    subject="Titre",
    html=f'<p><a href="{LEAVE}">Se désabonner</a></p>\n',
    text=f"Se désabonner\u202f: <{LEAVE}>\n",
    leave=LEAVE,
)


def bodies(read: EmailMessage) -> str:
    parts = [part for part in read.iter_parts() if isinstance(part, EmailMessage)]
    return "\n".join(part.get_content() for part in parts)


def unfolded(read: EmailMessage, name: str) -> str:
    return " ".join(str(read[name]).split())


def test_a_reader_leaves_with_one_click_or_by_a_mail() -> None:
    read = arrived(mail(LEADS, leave=PAGE))
    by_mail = "<mailto:rasid@example.org?subject=unsubscribe%20morocco-france-security>"
    assert unfolded(read, "List-Unsubscribe") == f"<{PAGE}>, {by_mail}"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert set(read.keys()) == {*HEADERS, "List-Unsubscribe-Post"}
    assert bodies(read).count(PAGE) == 2
    assert "leave.invalid" not in bodies(read)


def test_one_click_is_promised_of_https_only() -> None:
    read = arrived(mail(LEADS, leave=PAGE.replace("https", "http")))
    assert set(read.keys()) == HEADERS
    assert "http:" not in read["List-Unsubscribe"]
    assert bodies(read).count(PAGE.replace("https", "http")) == 2


@pytest.mark.parametrize("leave", ["", "javascript:alert(1)", "https://a.example/\r\nBcc: spy@example.org"])
def test_who_has_no_page_to_leave_at_leaves_by_a_mail(leave: str) -> None:
    read = arrived(mail(LEADS, leave=leave))
    assert set(read.keys()) == HEADERS
    by_mail = "mailto:rasid@example.org?subject=unsubscribe%20morocco-france-security"
    assert bodies(read).count(by_mail) == 2
    assert not re.search("leave.invalid|javascript|spy", str(read))


@pytest.mark.parametrize("length", [20, 60, 200, 800])
def test_however_long_a_link_is_it_stays_one(length: int) -> None:
    page = f"https://rasid.example.org/{'x' * length}/unsubscribe/token"
    sent = mail(LEADS, leave=page, topic="daily-" * 12, unsubscribe=f"{'leave' * 12}@example.org")
    source = sent.as_bytes()
    assert max(map(len, source.split(b"\r\n"))) < 998  # RFC 5322 section 2.1.1
    head = source.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").decode()
    (line,) = re.findall(r"^List-Unsubscribe: (.*)$", head, re.MULTILINE)
    assert line.strip().startswith(f"<{page}>, <mailto:{'leave' * 12}@example.org?")
    assert f"<{('daily-' * 12).strip('-')}.rasid.example.org>" in head


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_whatever_is_given_a_mail_has_its_headers_and_no_other(
    subject: str, series: str, address: str, leave: str
) -> None:
    edition = Edition(language="fr", subject=subject, html=f"<p>{LEAVE}", text=LEAVE, leave=LEAVE)
    for there in (f"{address}@example.org", f"amal@example.org{address}", address):
        try:
            named = message_id(series, subject, there, "rasid@example.org")
            sent = mail(
                edition, topic=series, recipient=there, message_id=named, leave=f"https://a.example/{leave}"
            )
        except RecipientRefused:
            continue
        read = arrived(sent)
        assert {*read.keys()} - {"List-Unsubscribe-Post"} == HEADERS
        assert len(read.keys()) == len(set(read.keys()))
        assert "leave.invalid" not in bodies(read)
        assert not read.defects
