"""What comes of a request, in words."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response

from crawler.fetching.answers import asked_pause, conditional, explained, headers_of, status_refused
from crawler.guards.certificates import BadCertificate
from crawler.guards.network import PrivateAddress
from crawler.guards.robots import RobotsForbid, RobotsUnreachable
from crawler.limits import Limits
from storage.model import ERRORS, EntryState


def without_robots(cause: Exception) -> RobotsUnreachable:
    error = RobotsUnreachable()
    error.__cause__ = cause
    return error


LIMITS = Limits(user_agent="Rasid/0 (+https://example.org)", max_bytes=2_500_000)


@pytest.mark.parametrize(
    ("error", "reason", "again", "kind"),
    [
        (DownloadTimeoutError("…"), "timeout", True, "timeout"),
        (CannotResolveHostError("…"), "host unknown", True, "dns"),
        (DownloadConnectionRefusedError("…"), "connection refused", True, "connection"),
        (BadCertificate("expired"), "certificate not valid (expired)", True, "tls"),
        (DownloadFailedError("cut off"), "connection failed", True, "connection"),
        (DownloadCancelledError("…"), "larger than 2.5 MB", False, "parse"),
        (IgnoreRequest("… exceeded DOWNLOAD_MAXSIZE …"), "larger than 2.5 MB", False, "parse"),
        (IgnoreRequest("max redirections reached"), "too many redirects", False, "gone"),
        (PrivateAddress("…"), "private address refused", False, "dns"),
        (RobotsUnreachable(503), "robots.txt cannot be had (HTTP 503)", True, "server"),
        (without_robots(CannotResolveHostError("…")), "robots.txt cannot be had (host unknown)", True, "dns"),
        (ValueError("two\nlines"), "connection failed", True, "connection"),
    ],
)
def test_every_failure_has_a_reason_and_a_kind_and_says_whether_to_try_again(
    error: Exception, reason: str, again: bool, kind: str
) -> None:
    refused = explained(error, LIMITS)
    assert (refused.why.reason, refused.why.again, refused.why.kind) == (reason, again, kind)
    assert refused.why.detail == f"{reason}; {refused.remedy}"
    assert kind in ERRORS
    assert "\n" not in refused.why.detail


@pytest.mark.parametrize(
    ("status", "again", "kind"),
    [
        (401, False, "blocked"),
        (402, False, "blocked"),
        (403, False, "blocked"),
        (451, False, "blocked"),
        (429, False, "blocked"),
        (400, False, "gone"),
        (404, False, "gone"),
        (410, False, "gone"),
        (407, True, "connection"),
        (500, True, "server"),
        (503, True, "server"),
    ],
)
def test_only_a_server_or_a_proxy_in_trouble_is_tried_again(status: int, again: bool, kind: str) -> None:
    why = status_refused(status).why
    assert (why.reason, why.again, why.kind) == (f"HTTP {status}", again, kind)


def test_robots_forbidding_a_page_is_no_problem() -> None:
    why = explained(RobotsForbid("…"), LIMITS).why
    assert (why.kind, why.again, why.detail) == ("robots", False, "")


def test_where_a_proxy_is_set_it_may_be_the_proxy_that_is_down() -> None:
    limits = Limits(user_agent="Rasid/0 (+https://example.org)", proxy="http://u:s3cret@proxy.test:3128")
    remedy = explained(DownloadConnectionRefusedError("…"), limits).remedy
    assert remedy.startswith("the proxy or the site is down; see [crawl] proxy")


def test_an_entry_never_met_is_asked_for_without_conditions() -> None:
    assert not conditional("https://a.test/", EntryState(url="https://a.test/")).headers
    known = conditional("https://a.test/", EntryState(url="https://a.test/", etag='"x"', last_modified="Mon"))
    assert known.headers.to_unicode_dict() == {"If-None-Match": '"x"', "If-Modified-Since": "Mon"}


def test_header_names_are_lower_case_and_several_of_one_name_are_joined() -> None:
    response = Response("https://a.test/", headers={"X-A": ["1", "2"], "ETag": '"é"'.encode("latin-1")})
    assert headers_of(response) == {"x-a": "1, 2", "etag": '"é"'}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("999999", timedelta(hours=24)),
        ("Thu, 22 Oct 2020 20:37:25 GMT", timedelta(0)),
        ("soon", timedelta(hours=1)),
        ("", timedelta(hours=1)),
        ("9" * 400, timedelta(hours=1)),
    ],
)
def test_a_site_is_left_alone_as_long_as_it_asks_but_no_longer_than_a_day(
    text: str, expected: timedelta
) -> None:
    response = Response("https://a.test/", status=429, headers={"Retry-After": text} if text else {})
    assert abs(asked_pause(response) - expected) < timedelta(minutes=1)


def test_a_time_to_come_back_is_one_of_the_clock_of_the_site() -> None:
    headers = {"Retry-After": "Thu, 22 Oct 2020 20:37:25 GMT", "Date": "Thu, 22 Oct 2020 20:07:25 GMT"}
    response = Response("https://a.test/", status=503, headers=headers)
    assert asked_pause(response) == timedelta(minutes=30)


def test_a_time_to_come_back_is_read_as_how_long_to_wait() -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(minutes=30), usegmt=True)
    response = Response("https://a.test/", status=429, headers={"Retry-After": then})
    assert abs(asked_pause(response) - timedelta(minutes=30)) < timedelta(minutes=1)
