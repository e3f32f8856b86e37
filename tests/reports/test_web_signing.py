"""Subscribing, confirming and leaving on the pages, over HTTP, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from lxml.html import HtmlElement

from reports.pages_form import LONGEST_QUERY
from storage.archive import Archive
from storage.archive.subscribing import KEEP_PENDING, MOST_ASKED
from storage.errors import NotFound
from storage.model import Schedule, Series, Subscriber, SubscriberState
from tests.factories import NOW
from tests.reports.asking import Answer, ask
from tests.reports.filled import shown
from tests.reports.week import TOPIC

FILLED = {
    "address": "amina@example.org",
    "language": "fr",
    "schedule": "daily",
    "topic": TOPIC.id,
    "query": "  طنجة  OR \n Tanger",
    "minimum": "7,5",
    "empty": "yes",
    "website": "",
}
ONE_CLICK = b"List-Unsubscribe=One-Click"
HOSTILE = "\"><script>alert(1)</script>'\u202e{{7*7}}"


@pytest.fixture
def url(archive: Archive) -> Iterator[str]:
    with shown(archive, clock=lambda: NOW) as url:
        yield url


@pytest.fixture(scope="module")
def nobody(shared_archive: Archive) -> Iterator[str]:
    """The pages of an archive in which nobody is ever noted."""
    with shown(shared_archive, clock=lambda: NOW) as url:
        yield url
    assert shared_archive.subscribing.all() == ()


def send(url: str, **changes: str) -> Answer:
    """The sign-up form, filled in but for the changes."""
    return ask(f"{url}/subscribe?language=en", form=FILLED | changes)


def only(archive: Archive) -> Subscriber:
    (found,) = archive.subscribing.all()
    return found


def pending(archive: Archive) -> Subscriber:
    """Somebody who was asked whether it was them."""
    archive.subscribing.ask("amina@example.org", Series(topic=TOPIC.id), "fr", NOW)
    return only(archive)


def field(page: HtmlElement, name: str) -> HtmlElement:
    (found,) = page.xpath(f"//*[@name='{name}']")
    assert isinstance(found, HtmlElement)
    return found


def test_a_wish_is_noted_and_its_owner_is_to_be_asked(archive: Archive, url: str) -> None:
    answer = send(url)
    assert (answer.status, answer.page.findtext(".//h1")) == (200, "Look at your mail")
    assert "amina@example.org" in answer.text
    found = only(archive)
    assert found.state is SubscriberState.PENDING
    assert (found.address, found.language, found.empty) == ("amina@example.org", "fr", True)
    assert found.series == Series(
        topic=TOPIC.id, schedule=Schedule.DAILY, query="طنجة OR Tanger", minimum=7.5
    )
    asked = archive.subscribing.claim_question(NOW, timedelta(minutes=1))
    assert asked == found


def test_what_is_optional_may_be_left_out(archive: Archive, url: str) -> None:
    form = {name: FILLED[name] for name in ("address", "language", "topic")} | {"schedule": "weekly"}
    assert ask(f"{url}/subscribe", form=form).status == 200
    found = only(archive)
    assert (found.series, found.empty) == (Series(topic=TOPIC.id), False)


def test_nobody_learns_whether_an_address_was_known(archive: Archive, url: str) -> None:
    new = send(url)
    token = only(archive).token
    again = send(url)
    archive.subscribing.confirm(token)
    active = send(url)
    caught = send(url, website="https://spam.example")
    assert new.body == again.body == active.body == caught.body
    assert {each.status for each in (new, again, active, caught)} == {200}
    found = only(archive)
    assert (found.state, found.token) == (SubscriberState.ACTIVE, token)


def test_who_fills_in_the_field_that_people_do_not_see_is_not_noted(nobody: str) -> None:
    assert send(nobody, website="x").page.findtext(".//h1") == "Look at your mail"


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("address", "", "not an e-mail address"),
        ("address", "amina", "not an e-mail address"),
        ("address", "a@b.example\nBcc: c@d.example", "not an e-mail address"),
        ("address", "https://hook.example/x", "not an e-mail address"),
        ("address", HOSTILE, "not an e-mail address"),
        ("language", "de", "Choose one of the list"),
        ("schedule", "hourly", "Choose one of the list"),
        ("topic", "another", "Choose one of the list"),
        ("query", "since:whenever", "Not understood: \u2068since:whenever\u2069"),
        ("query", f"lang:{HOSTILE}", "Not understood: "),
        ("query", "x" * (LONGEST_QUERY + 1), "too long"),
        ("minimum", "-1", "a number from 0 to 1000"),
        ("minimum", "nan", "a number from 0 to 1000"),
        ("minimum", "1e9", "a number from 0 to 1000"),
        ("minimum", HOSTILE, "a number from 0 to 1000"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_what_was_typed_is_kept(
    nobody: str, name: str, typed: str, said: str
) -> None:
    answer = send(nobody, **{name: typed})
    page = answer.page
    assert answer.status == 422
    wrong = field(page, name)
    told = page.get_element_by_id(f"wrong-{name}")
    assert said in told.text_content()
    assert wrong.get("aria-invalid") == "true"
    assert f"wrong-{name}" in (wrong.get("aria-describedby") or "")
    assert [each.get("name") for each in page.xpath("//*[@aria-invalid]")] == [name]
    for each in ("address", "query", "minimum"):
        sent = typed if each == name else FILLED[each]
        assert (field(page, each).get("value") or "").split() == sent.split()
    assert field(page, "empty").get("checked") is not None
    assert page.xpath("//script | //@onerror") == []
    if name != "schedule":
        assert page.xpath("//select[@id='schedule']/option[@selected]/@value") == ["daily"]


def test_several_mistakes_are_told_at_once(nobody: str) -> None:
    page = ask(f"{nobody}/subscribe", form={"query": "since:whenever"}).page
    wrong = {each.get("name") for each in page.xpath("//*[@aria-invalid]")}
    assert wrong == {"address", "language", "schedule", "topic", "query"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"address=" + b"x" * 10_001, 413),
        (b"&".join(b"a=1" for _ in range(60)), 422),
        (b"\xff\x00%ff%00=&&==;", 422),
        (b'{"address": "a@b.example"}', 422),
        (b"", 422),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_refused(nobody: str, body: bytes, status: int) -> None:
    assert ask(f"{nobody}/subscribe", form=body).status == status


def test_a_null_in_a_query_reaches_no_database(archive: Archive, url: str) -> None:
    assert send(url, query="a\x00b").status == 200
    assert only(archive).series.query == "ab"


def test_too_many_wishes_are_refused_whoever_asks(archive: Archive, url: str) -> None:
    archive.subscribing.add("known@example.org", Series(topic=TOPIC.id), "fr", NOW)
    for number in range(MOST_ASKED):
        archive.subscribing.ask(f"a{number}@example.org", Series(topic=TOPIC.id), "fr", NOW)
    for address in ("new@example.org", "known@example.org"):
        answer = send(url, address=address, schedule="weekly", query="", minimum="")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "300")
    assert len(archive.subscribing.all()) == MOST_ASKED + 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_where_sign_up_is_not_open_there_is_no_such_page(archive: Archive, method: str) -> None:
    with shown(archive, sign_up=False) as url:
        answer = ask(f"{url}/subscribe", method=method, form=FILLED if method == "POST" else None)
        token = pending(archive).token
        confirmed = ask(f"{url}/confirm/{token}", form=b"")
    assert answer.status == 404
    assert answer.page.xpath("//nav[@class='ways']/a/@href | //main//a/@href") == ["/issues", "/issues"]
    assert confirmed.status == 200  # who was asked before it was closed


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["confirm", "unsubscribe"])
def test_following_a_link_changes_nothing(archive: Archive, url: str, method: str, path: str) -> None:
    found = pending(archive)
    answer = ask(f"{url}/{path}/{found.token}", method=method)
    assert (answer.status, only(archive)) == (200, found)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_button_confirms_and_may_be_pressed_again(archive: Archive, url: str) -> None:
    token = pending(archive).token
    before = ask(f"{url}/confirm/{token}?language=en")
    assert before.page.findtext(".//button") == "Yes, subscribe me"
    action = before.page.find(".//form").get("action")
    for _ in range(2):
        after = ask(f"{url}{action}", form=b"")
        assert (after.status, after.page.findtext(".//h1")) == (200, "You are subscribed")
        assert only(archive).state is SubscriberState.ACTIVE
    assert ask(f"{url}/confirm/{token}").page.find(".//button") is None


def test_a_question_that_was_never_answered_is_forgotten(archive: Archive, url: str) -> None:
    token = pending(archive).token
    archive.subscribing.tidy(NOW + KEEP_PENDING + timedelta(seconds=1))
    for form in (None, b""):
        answer = ask(f"{url}/confirm/{token}?language=en", form=form)
        assert (answer.status, answer.page.findtext(".//h1")) == (404, "This link is not valid")


def test_the_button_unsubscribes(archive: Archive, url: str) -> None:
    archive.subscribing.add("amina@example.org", Series(topic=TOPIC.id), "en", NOW)
    page = ask(f"{url}/unsubscribe/{only(archive).token}").page
    assert page.findtext(".//button") == "Yes, unsubscribe me"
    after = ask(f"{url}{page.find('.//form').get('action')}", form=b"")
    assert (after.status, after.page.findtext(".//h1")) == (200, "You are unsubscribed")
    assert archive.subscribing.all() == ()


def test_one_click_of_a_mail_program_unsubscribes_and_may_be_repeated(archive: Archive, url: str) -> None:
    archive.subscribing.add("amina@example.org", Series(topic=TOPIC.id), "en", NOW)
    archive.subscribing.add("omar@example.org", Series(topic=TOPIC.id), "en", NOW)
    token = next(each.token for each in archive.subscribing.all() if each.address.startswith("amina"))
    for _ in range(2):
        answer = ask(f"{url}/unsubscribe/{token}", form=ONE_CLICK)
        assert answer.status == 200
        assert answer.headers["Set-Cookie"] is None
        assert answer.headers["Location"] is None
        assert only(archive).address == "omar@example.org"
    with pytest.raises(NotFound):
        archive.subscribing.of_token(token)
    assert ask(f"{url}/unsubscribe/{token}").status == 404


@pytest.mark.parametrize("token", ["x", "x" * 500, "%00", "a%20b", "%3E", "%D8%A7", "..%2e"])
@pytest.mark.parametrize("path", ["confirm", "unsubscribe"])
def test_a_link_that_is_not_whole_is_met_in_a_friendly_way(nobody: str, path: str, token: str) -> None:
    answer = ask(f"{nobody}/{path}/{token}?language=en")
    assert answer.status == 404
    assert "Copy the whole link from the mail" in answer.text or "copy the whole link" in answer.text
    pressed = ask(f"{nobody}/{path}/{token}", form=ONE_CLICK)
    assert pressed.status == (200 if path == "unsubscribe" else 404)


def test_the_pages_of_a_subscriber_are_in_the_language_of_their_mails(archive: Archive, url: str) -> None:
    token = pending(archive).token
    for path in ("confirm", "unsubscribe"):
        assert ask(f"{url}/{path}/{token}", Accept_Language="en").page.get("lang") == "fr"
        assert ask(f"{url}/{path}/{token}?language=ar", Accept_Language="en").page.get("lang") == "ar"


def test_a_hostile_query_of_a_subscriber_stays_words(archive: Archive, url: str) -> None:
    wish = Series(topic="<b>t</b>", query=HOSTILE)
    token = archive.subscribing.add("amina@example.org", wish, "en", NOW).token
    page = ask(f"{url}/unsubscribe/{token}").page
    assert page.xpath("//script | //main//b") == []
    assert "{{7*7}}" in page.text_content()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_field_has_its_label_and_every_choice_its_name(nobody: str, language: str) -> None:
    page = ask(f"{nobody}/subscribe?language={language}").page
    ids = page.xpath("//input/@id | //select/@id")
    assert set(page.xpath("//label/@for")) == set(ids)
    assert page.xpath("//select[@id='language']/option[@selected]/@value") == [language]
    topics = [each.text_content() for each in page.xpath("//select[@id='topic']/option")]
    assert topics == [TOPIC.labels[language]]
    assert all(each.text_content().strip() for each in page.xpath("//label | //option | //button"))
