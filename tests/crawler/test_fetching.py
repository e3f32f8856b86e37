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
from crawler.limits import Limits
from storage.model import EntryState

LIMITS = Limits(user_agent="Rasid/0 (+https://example.org)", max_bytes=2_500_000)


@pytest.mark.parametrize(
    ("error", "reason", "again", "is_problem"),
    [
        (DownloadTimeoutError("…"), "timeout", True, True),
        (CannotResolveHostError("…"), "host unknown", True, True),
        (DownloadConnectionRefusedError("…"), "connection refused", True, True),
        (DownloadFailedError("certificate verify failed"), "connection failed", True, True),
        (DownloadCancelledError("…"), "larger than 2.5 MB", False, True),
        (IgnoreRequest("… exceeded DOWNLOAD_MAXSIZE …"), "larger than 2.5 MB", False, True),
        (IgnoreRequest("max redirections reached"), "too many redirects", False, True),
        (ValueError("two\nlines"), "connection failed", True, True),
    ],
)
def test_every_failure_has_a_reason_and_says_whether_to_try_again(
    error: Exception, reason: str, again: bool, is_problem: bool
) -> None:
    refused = explained(error, LIMITS)
    assert (refused.why.reason, refused.why.again, bool(refused.why.detail)) == (reason, again, is_problem)
    assert "\n" not in refused.why.detail


@pytest.mark.parametrize(
    ("status", "again"), [(404, False), (410, False), (400, False), (500, True), (503, True)]
)
def test_only_a_server_in_trouble_is_tried_again(status: int, again: bool) -> None:
    why = status_refused(status).why
    assert (why.reason, why.again) == (f"HTTP {status}", again)


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


def test_a_time_to_come_back_is_read_as_how_long_to_wait() -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(minutes=30), usegmt=True)
    response = Response("https://a.test/", status=429, headers={"Retry-After": then})
    assert abs(asked_pause(response) - timedelta(minutes=30)) < timedelta(minutes=1)
