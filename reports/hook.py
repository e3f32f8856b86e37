"""hook: an issue as a webhook gets it, signed as Standard Webhooks says: only this knows http.client.

https://github.com/standard-webhooks/standard-webhooks: id, time and body are signed, so that nobody else can
post and nobody can post again what was posted before.
"""

import hmac
import json
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import blake2b, sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from reports.bidi import without_marks
from reports.links import Site, safe_link
from reports.message import addressed
from storage.model import Edition, Issue, Schedule, Story

WAIT = 10.0  # seconds for the whole of it
LONGEST = timedelta(days=1)  # that a receiver may make us wait
MOST = 50  # stories
_ABOUT = {"Content-Type": "application/json", "User-Agent": "Rasid", "Connection": "close"}
_KEPT = "%/:?@!$&'()*+,;=~-._"  # of a URL (RFC 3986)
_PINGS = re.compile(r"(?<=@)(?=channel|all|here|everyone)|(?<=<)(?=[!@#])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a post."""

    status: int  # of HTTP; 0: there was no answer
    said: str  # one line; of the URL only its host, as the rest is often a secret
    wait: timedelta = timedelta()  # before the next try, as the receiver wishes

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether there is no such webhook any more."""
        return self.status == 410

    @property
    def is_permanent(self) -> bool:
        """Whether the receiver is there and wants no such thing."""
        return 300 <= self.status < 500 and self.status not in (408, 425, 429)


def hook_id(series: str, issue: str, url: str) -> str:
    """The name of one issue to one webhook: always the same, so that a repeated post is seen as one."""
    return f"msg_{blake2b(chr(10).join((series, issue, url)).encode(), digest_size=16).hexdigest()}"


def payload(
    issue: Issue,
    edition: Edition,
    stories: Mapping[int, Story],
    *,
    site: Site,
    names: Mapping[str, str],
    leave: str,
) -> dict[str, Any]:
    """What is posted of an issue; `text` by itself is enough for most chat tools.

    stories: those the issue tells, as they stand, by the number it told them by. names: of sources by id.
    leave: what the edition says of how to leave; nothing that is posted is secret.
    """
    shown = addressed(edition, leave)
    ordered = sorted(stories.items(), key=lambda each: (-issue.told[each[0]], each[0]))[:MOST]
    return {
        "type": "alert" if issue.series.schedule is Schedule.INSTANT else "digest",
        "series": issue.series.id,
        "issue": issue.name,
        "language": edition.language,
        "subject": edition.subject,
        "text": _PINGS.sub("\u2060", shown.text),  # a headline calls nobody
        "html": shown.html,
        "url": site.issue(issue.series.id, issue.name),
        "stories": [
            _story(story, edition.language, site, names) | {"importance": issue.told[number]}
            for number, story in ordered
        ],
    }


def signed(body: bytes, *, name: str, key: str, now: datetime) -> dict[str, str]:
    """The headers that say which post this is, when it was made, and that its maker has the key."""
    moment = str(int(now.timestamp()))
    digest = hmac.new(key.encode(), f"{name}.{moment}.".encode() + body, sha256).digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def written(content: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and posted."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    now: datetime,
    trust: ssl.SSLContext | None = None,
    seconds: float = WAIT,
) -> Answer:
    """Post JSON; what came of it, within `seconds` of having a connection.

    No redirect is followed, and nothing is read of the answer but its head. trust: whose certificates are
    good, by default the system's.
    """
    host = urlsplit(url).hostname or ""
    try:
        status, reason, pause = _exchange(url, body, headers, trust, seconds)
    except (OSError, HTTPException, UnicodeError, ValueError) as error:
        return Answer(status=0, said=f"webhook at {host}: {_why(error, seconds)}; tried again later")
    said = f"webhook at {host}: {status} {_line(reason)}".strip()
    return Answer(status=status, said=said, wait=_wait(pause, now))


def _exchange(
    url: str, body: bytes, headers: Mapping[str, str], trust: ssl.SSLContext | None, seconds: float
) -> tuple[int, str, str]:
    """Status, reason and Retry-After of the answer."""
    parts = urlsplit(url)
    host, https = (parts.hostname or "").encode("idna").decode(), parts.scheme == "https"
    connection = (HTTPSConnection if https else HTTPConnection)(host, parts.port or (443 if https else 80))
    with closing(connection), socket.create_connection((host, connection.port), timeout=seconds) as plain:
        link = _secured(plain, host, trust or ssl.create_default_context()) if https else plain
        connection.sock = link
        with closing(link), _cut_after(link, seconds):
            if isinstance(link, ssl.SSLSocket):
                link.do_handshake()
            with suppress(BrokenPipeError):  # it may have answered before it had read all
                connection.request("POST", _target(parts), body, {**_ABOUT, **headers})
            with closing(connection.getresponse()) as answer:
                return answer.status, answer.reason, answer.getheader("Retry-After") or ""


def _secured(plain: socket.socket, host: str, trust: ssl.SSLContext) -> ssl.SSLSocket:
    return trust.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _target(parts: SplitResult) -> str:
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    return (quote(parts.path, safe=_KEPT) or "/") + query


@contextmanager
def _cut_after(link: socket.socket, seconds: float) -> Iterator[None]:
    """End a talk that goes on too long, whatever it is about. Raises TimeoutError then."""

    late = Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            socket.socket.shutdown(link, socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException) as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()


def _story(story: Story, language: str, site: Site, names: Mapping[str, str]) -> dict[str, Any]:
    headlines = story.headlines
    return {
        "story": story.id,
        "headline": without_marks(headlines.get(language) or next(iter(headlines.values()))),
        "url": site.story(story.id) or safe_link(story.lead.article.url),
        "outlets": [names.get(each, each) for each in story.outlets],
        "languages": list(story.languages),
    }


def _wait(text: str, now: datetime) -> timedelta:
    """RFC 9110 section 10.2.3: seconds, or a date."""
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return min(timedelta(seconds=int(text)), LONGEST)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(timedelta(), min(moment - now, LONGEST))


def _why(error: Exception, seconds: float) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted: {_line(error.verify_message)}"
        case TimeoutError():
            return f"no answer within {seconds:g} s"
        case socket.gaierror():
            return "no such host"
        case OSError():
            return _line(error.strerror or "the network failed")
        case _:
            return "no answer that is HTTP"


def _line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:100]
