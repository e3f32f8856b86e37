"""The replica's server: hosts, conditions, changes while it runs, and what it remembers."""

import gzip
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web import Web, WebArticle, get, load_articles, serve

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ARTICLES = load_articles(NOW)
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve(NOW) as running:
        yield running


def article(name: str) -> WebArticle:
    """The article of that id."""
    return next(each for each in ARTICLES if each.id == name)


@pytest.mark.parametrize(
    ("url", "status", "location"),
    [
        ("https://nowhere.test/", 421, None),
        ("https://machahid24.com/no/such/page", 404, None),
        ("https://machahid24.com/?p=1", 404, None),
        ("https://machahid24.com/politique/page/99/", 404, None),
        ("https://eocr.eu/no-such-article/", 404, None),
        ("https://api.elaph.com/v2/web/com/marticles/index/unknown/1", 404, None),
        ("https://www.mc-doualiya.com/المغرب-العربي/99/", 404, None),
        ("https://www.mc-doualiya.com/فرنسا/20261119-nothing", 404, None),
        ("https://machahid24.com/?p=198412", 301, "https://machahid24.com/politique/198412.html"),
        ("https://www.eocr.eu/feed/?paged=1", 301, "https://eocr.eu/feed/?paged=1"),
    ],
)
def test_what_is_elsewhere_or_nowhere_says_so(web: Web, url: str, status: int, location: str | None) -> None:
    answer = get(web, url)
    assert (answer.status, answer.headers.get("location")) == (status, location)


def test_plain_http_is_redirected_to_https(web: Web) -> None:
    answer = get(web, "https://elaph.com/robots.txt", X_Forwarded_Proto="http")
    assert (answer.status, answer.headers["location"]) == (301, "https://elaph.com/robots.txt")


@pytest.mark.parametrize(
    "url",
    [
        "https://machahid24.com/feed/",
        "https://eocr.eu/wp-json/wp/v2/posts",
        "https://elaph.com/sitemaps/google_news.xml",
        "https://api.elaph.com/v2/web/com/marticles/index/morocco/1",
        "https://www.mc-doualiya.com/المغرب-العربي/",
        article("nunez-rabat-mcd").url,
    ],
)
def test_what_has_not_changed_is_not_sent_again(web: Web, url: str) -> None:
    first = get(web, url, Accept_Encoding="gzip")
    assert first.status == 200
    assert gzip.decompress(first.body) == get(web, url).body
    again = get(web, url, Accept_Encoding="gzip", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert get(web, url, If_Modified_Since=first.headers["last-modified"])[::2] == (304, b"")
    assert get(web, url, If_None_Match='"other"').status == 200


def test_what_a_site_says_may_be_changed_while_it_runs() -> None:
    with serve(NOW) as web:
        web.answer("eocr.eu", "/feed/", status=503, body="busy", headers={"Retry-After": "60"}, delay=0.2)
        began = time.monotonic()
        answer = get(web, "https://eocr.eu/feed/")
        assert time.monotonic() - began >= 0.2
        assert (answer.status, answer.body, answer.headers["retry-after"]) == (503, b"busy", "60")
        web.relent("eocr.eu", "/feed/")
        assert get(web, "https://eocr.eu/feed/").status == 200


def test_articles_may_appear_and_disappear() -> None:
    with serve(NOW) as web:
        known = article("imams-ar")
        tag = get(web, "https://eocr.eu/feed/").headers["etag"]
        web.publish(replace(known, id="fresh", number=99999, slug="fresh", published=NOW))
        web.remove("imams-ar")
        feed = get(web, "https://eocr.eu/feed/", If_None_Match=tag)
        assert feed.status == 200
        assert b"https://eocr.eu/fresh/" in feed.body
        assert (get(web, known.url).status, get(web, "https://eocr.eu/fresh/").status) == (404, 200)


def test_the_web_remembers_what_it_was_asked() -> None:
    with serve(NOW) as web:
        get(web, "https://elaph.com/robots.txt", User_Agent="Rasid")
        get(web, "https://www.mc-doualiya.com/فرنسا/")
        assert [seen.url for seen in web.asked()] == ["https://www.mc-doualiya.com/فرنسا/"]
        assert [seen.status for seen in web.asked(robots=True)] == [200, 200]
        assert web.asked("elaph.com", robots=True)[0].headers["user-agent"] == "Rasid"
        web.forget()
        assert not web.asked(robots=True)


def test_the_module_serves_until_it_is_stopped() -> None:
    command = [sys.executable, "-m", "tests.web", "--now", "2026-11-21T12:00"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
        connection.request("GET", "/robots.txt", headers={"Host": "eocr.eu"})
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
