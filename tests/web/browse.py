"""Asking the replica as a client does that knows where it is."""

from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from tests.web.server import Web


class Response(NamedTuple):
    """What came back; header names lower-case, the body as sent."""

    status: int
    headers: dict[str, str]
    body: bytes


def get(web: Web, url: str, **headers: str) -> Response:
    """Asks the replica for a URL of one of its hosts; `If_None_Match` stands for If-None-Match."""
    split = urlsplit(url)
    target = quote(unquote(split.path)) + (f"?{split.query}" if split.query else "")
    connection = HTTPConnection(urlsplit(web.url).netloc, timeout=10)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", target, headers={"Host": split.netloc, **given})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return Response(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
