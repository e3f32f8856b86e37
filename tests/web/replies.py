"""What a request asks and what a server says to it, as values. Pure."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

HTML = "text/html; charset=UTF-8"
XML = "text/xml; charset=UTF-8"
RSS = "application/rss+xml; charset=UTF-8"
JSON = "application/json; charset=UTF-8"
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request; `path` and the values of `query` are percent-decoded, header names lower-case."""

    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response before the conditions of the request are looked at."""

    status: int = 200
    body: bytes = b""
    kind: str = HTML
    modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0  # seconds before the first byte


def moved(url: str) -> Reply:
    """A permanent redirect."""
    return Reply(status=301, headers=(("Location", url),))


def not_found(text: str = "Not Found") -> Reply:
    """A plain 404."""
    return Reply(status=404, kind=PLAIN, body=text.encode())


def as_sent(reply: Reply, headers: Mapping[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of a reply to a request with these headers: 304 and gzip (RFC 9110)."""
    zipped = "gzip" in headers.get("accept-encoding", "") and len(reply.body) > 500
    sent = [("Content-Type", reply.kind), *reply.headers]
    if reply.status == 200:
        tag = _tag(reply.body, zipped=zipped)
        sent += [("ETag", tag), ("Vary", "Accept-Encoding"), *_modified(reply)]
        if _is_known(tag, reply, headers):
            return 304, sent, b""
    if zipped:
        return reply.status, [*sent, ("Content-Encoding", "gzip")], gzip.compress(reply.body, 6, mtime=0)
    return reply.status, sent, reply.body


def _tag(body: bytes, *, zipped: bool) -> str:
    """A strong tag names the bytes sent, so the zipped form has its own (RFC 9110, 8.8.3.3)."""
    return f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()[:20]}{"-gzip" if zipped else ""}"'


def _modified(reply: Reply) -> list[tuple[str, str]]:
    if reply.modified is None:
        return []
    return [("Last-Modified", format_datetime(reply.modified.astimezone(UTC), usegmt=True))]


def _is_known(tag: str, reply: Reply, headers: Mapping[str, str]) -> bool:
    """If-None-Match decides alone where it is given (RFC 9110, 13.2.2)."""
    if "if-none-match" in headers:
        return tag in headers["if-none-match"]
    if "if-modified-since" not in headers or reply.modified is None:
        return False
    return reply.modified.replace(microsecond=0) <= parsedate_to_datetime(headers["if-modified-since"])
