"""Asking pages as a browser does, but without following redirects."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import lxml.html
from lxml.html import HtmlElement


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = build_opener(_Stay)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered."""

    status: int
    headers: Message
    body: bytes

    @property
    def html(self) -> str:
        """The page."""
        return self.body.decode()

    @property
    def page(self) -> HtmlElement:
        """The page, parsed."""
        return lxml.html.document_fromstring(self.html)

    @property
    def text(self) -> str:
        """What the page says, in one line."""
        return " ".join(self.page.find("body").text_content().split())


def ask(
    url: str, *, method: str | None = None, form: Mapping[str, str] | bytes | None = None, **headers: str
) -> Answer:
    """Ask for a page; with a form: send it. Headers are named with _ for -."""
    data = form if isinstance(form, bytes) or form is None else urlencode(form).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(url, data, named, method=method)  # noqa: S310 a server of ours
    try:
        with _OPENER.open(request, timeout=30) as answer:
            return _answer(answer)
    except HTTPError as refused:
        with refused:
            return _answer(refused)


def _answer(answer: HTTPResponse | HTTPError) -> Answer:
    return Answer(answer.status or 0, answer.headers, answer.read())
