"""Webhooks over real HTTP: what arrives, who signed it, and what is said when nothing does."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from cryptography import x509

from reports import hook
from reports.hook import Answer
from reports.links import Site
from storage.model import ArchivedArticle, Edition, Issue, Schedule, Series, Story
from tests import factories as make
from tests.factories import LEAVE
from tests.hooks import Receiver, open_receiver
from tests.reports.certificates import Tls, certified

KEY = "a-secret-of-thirty-two-letters-_"
NAMES = {"example": "المثال"}
EDITION = Edition(
    language="fr",
    subject="Rasid, semaine 47",
    html=f'<p>@channel <a href="{LEAVE}">.</a></p>',
    text=f"@channel et <!here>, <https://example.ma/news/1>\n{LEAVE}\n",
    leave=LEAVE,
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with open_receiver() as opened:
        yield opened


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return certified(tmp_path_factory.mktemp("tls"), x509.IPAddress(ip_address("127.0.0.1")))


def story(number: int = 5) -> Story:
    titles = (("ar", "خبر"), ("fr", "Une\u202e nouvelle"))
    articles = tuple(
        ArchivedArticle(
            id=at,
            article=make.article(f"example.ma/news/{at}", title=title, language=language),
            recorded=make.NOW,
            judgements=(make.judgement(),),
            story=number,
        )
        for at, (language, title) in enumerate(titles, 1)
    )
    return Story(id=number, articles=articles)


def issue(**changes: Any) -> Issue:
    values: dict[str, Any] = {"told": {5: 7.5, 9: 12.0}, "editions": (EDITION,)}
    return make.issue(**(values | changes))


def content(of: Issue | None = None, site: Site | None = None) -> dict[str, Any]:
    stories = {5: story(5), 9: story(9)}
    return hook.payload(
        of or issue(), EDITION, stories, site=site or Site(), names=NAMES, leave="mailto:rasid@example.org"
    )


def send(url: str, body: bytes = b"{}", **changes: Any) -> Answer:
    headers = hook.signed(body, name="msg_1", key=KEY, now=make.NOW)
    return hook.post(url, body, headers, now=make.NOW, **changes)


def test_a_webhook_gets_what_an_issue_tells() -> None:
    told = content(site=Site(base_url="https://rasid.example.org"))
    assert told.pop("text") == (
        "@\u2060channel et <\u2060!here>, <https://example.ma/news/1>\nmailto:rasid@example.org\n"
    )
    assert told.pop("html") == '<p>@channel <a href="mailto:rasid@example.org">.</a></p>'
    stories = told.pop("stories")
    assert told == {
        "type": "digest",
        "series": make.TOPIC,
        "issue": "2026-W47",
        "language": "fr",
        "subject": "Rasid, semaine 47",
        "url": f"https://rasid.example.org/issues/{make.TOPIC}/2026-W47",
    }
    assert stories == [
        {
            "story": number,
            "headline": "Une nouvelle",
            "url": f"https://rasid.example.org/stories/{number}",
            "outlets": ["المثال"],
            "languages": ["ar", "fr"],
            "importance": importance,
        }
        for number, importance in ((9, 12.0), (5, 7.5))
    ]


def test_without_pages_a_story_leads_to_its_article() -> None:
    told = content(issue(series=Series(topic=make.TOPIC, schedule=Schedule.INSTANT)))
    assert (told["type"], told["url"]) == ("alert", "")
    assert [each["url"] for each in told["stories"]] == ["https://example.ma/news/1"] * 2


def test_a_post_is_signed_over_what_arrives(receiver: Receiver) -> None:
    body = hook.written(content())
    assert send(receiver.url("/hook?room=أمن"), body).is_taken
    (post,) = receiver.posts
    assert json.loads(post.body) == content()
    assert post.path == "/hook?room=%D8%A3%D9%85%D9%86"
    assert post.headers["content-type"] == "application/json"
    assert post.headers["webhook-id"] == "msg_1"
    assert post.headers["webhook-timestamp"] == str(int(make.NOW.timestamp()))
    told = f"msg_1.{post.headers['webhook-timestamp']}.".encode() + post.body
    expected = base64.b64encode(hmac.digest(KEY.encode(), told, hashlib.sha256)).decode()
    assert post.headers["webhook-signature"] == f"v1,{expected}"
    assert KEY not in repr(post)


def test_the_receiver_of_the_documentation_knows_its_own(receiver: Receiver) -> None:
    page = (Path(__file__).parents[2] / "docs" / "mail.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    room: dict[str, object] = {}
    exec(code, room)  # noqa: S102 our own page
    is_genuine = room["is_genuine"]
    assert callable(is_genuine)
    send(receiver.url(), hook.written(content()))
    (post,) = receiver.posts
    then = make.NOW.timestamp()
    assert is_genuine(post.headers, post.body, KEY, then)
    assert not is_genuine(post.headers, post.body + b" ", KEY, then)
    assert not is_genuine(post.headers, post.body, KEY[:-1], then)
    assert not is_genuine(post.headers, post.body, KEY, then + 301)


def test_the_same_issue_to_the_same_webhook_has_the_same_name() -> None:
    named = {
        hook.hook_id(*each) for each in (("s", "i", "u"), ("t", "i", "u"), ("s", "j", "u"), ("s", "i", "v"))
    }
    assert len(named) == 4
    assert hook.hook_id("s", "i", "u") in named


@pytest.mark.parametrize(
    ("status", "taken", "gone", "permanent"),
    [
        (200, True, False, False),
        (202, True, False, False),
        (301, False, False, True),
        (400, False, False, True),
        (404, False, False, True),
        (408, False, False, False),
        (410, False, True, True),
        (429, False, False, False),
        (500, False, False, False),
        (503, False, False, False),
    ],
)
def test_an_answer_says_what_becomes_of_a_post(
    receiver: Receiver, status: int, taken: bool, gone: bool, permanent: bool
) -> None:
    receiver.answer(status, Location=receiver.url("/elsewhere"))
    answer = send(receiver.url("/hook"))
    assert (answer.is_taken, answer.is_gone, answer.is_permanent) == (taken, gone, permanent)
    assert answer.said.startswith(f"webhook at 127.0.0.1: {status}")
    assert [post.path for post in receiver.posts] == ["/hook"]  # no redirect is followed


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("999999999", timedelta(days=1)),
        ("9" * 5000, timedelta()),
        ("Wed, 18 Nov 2026 10:00:00 GMT", timedelta(hours=1)),
        ("Wed, 18 Nov 2020 10:00:00 GMT", timedelta()),
        ("soon", timedelta()),
    ],
)
def test_a_receiver_may_name_when_to_come_back(receiver: Receiver, said: str, wait: timedelta) -> None:
    receiver.answer(429, Retry_After=said)
    assert send(receiver.url()).wait == wait


def test_where_nobody_listens_nothing_is_lost() -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = send(f"http://127.0.0.1:{port}/services/a-secret")
    assert (answer.status, answer.is_permanent) == (0, False)
    assert answer.said == "webhook at 127.0.0.1: Connection refused; tried again later"


def test_a_host_that_cannot_be_a_name_is_no_host() -> None:
    assert send("https://chat..example/hook").status == 0


@pytest.mark.parametrize("pause", [0.05, 5.0])
def test_a_receiver_that_does_not_come_to_an_end_is_left(receiver: Receiver, pause: float) -> None:
    receiver.slow["/hook"] = pause
    begun = time.monotonic()
    answer = send(receiver.url(), seconds=0.3)
    assert answer.said == "webhook at 127.0.0.1: no answer within 0.3 s; tried again later"
    assert time.monotonic() - begun < 2


def test_an_endless_answer_is_not_read(receiver: Receiver) -> None:
    receiver.answer(200, Content_Length=str(10**12))
    begun = time.monotonic()
    assert send(receiver.url()).is_taken
    assert time.monotonic() - begun < 2


def test_one_that_speaks_something_else_is_no_receiver() -> None:
    from tests.reports.scripted import open_script

    with open_script(connect="220 ready", post="220 fine") as script:
        answer = send(f"http://127.0.0.1:{script.port}/", seconds=2)
    assert answer.said == "webhook at 127.0.0.1: no answer that is HTTP; tried again later"


def test_https_is_spoken_with_whom_can_be_trusted(tls: Tls) -> None:
    with open_receiver(tls.server) as receiver:
        refused = send(receiver.url())
        assert not receiver.posts
        assert send(receiver.url(), trust=tls.trust).is_taken
    assert refused.said.startswith("webhook at 127.0.0.1: its certificate is not to be trusted: self-signed")
    assert len(receiver.posts) == 1


def test_a_handshake_that_does_not_come_to_an_end_is_left() -> None:
    with socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        answer = send(f"https://127.0.0.1:{mute.getsockname()[1]}/", seconds=0.2)
    assert answer.said == "webhook at 127.0.0.1: no answer within 0.2 s; tried again later"


def test_of_an_address_only_the_host_is_told(receiver: Receiver) -> None:
    for status in (200, 302, 404, 410, 429, 500):
        receiver.answer(status, "/services/a-secret")
        assert "a-secret" not in send(receiver.url("/services/a-secret")).said
