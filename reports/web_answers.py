"""Answers: a page in the reader's language, and the headers that every answer carries.

No script runs on a page and nothing is fetched from elsewhere: the one stylesheet stands in the page and is
named by its hash (CSP Level 3). Addresses lead to paths of our own, never to what a Host header says.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.links import Site
from reports.pages import page_words
from reports.web_language import chosen
from reports.wording import LANGUAGES

_TEMPLATES = Path(__file__).parent / "templates" / "pages"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NO_TRACE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""Of answers that are for one reader alone."""
_NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
_STATED = (404, 405, 413, 422, 429, 500, 503)  # of which our texts say something


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What all pages share."""

    site: Site
    language: str  # of readers who ask for none that we speak
    locale: str  # whose months Arabic pages name (Babel's name, such as ar_TN)
    sign_up: bool


def page(
    house: House,
    request: Request,
    template: str,
    *,
    shown: Mapping[str, object],
    status: int = 200,
    language: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page of a template, in the language that is asked for, else in `language`, else in the browser's."""
    words = page_words(*language_and_locale(house, request, language))
    asked = words.language if "language" in request.query_params else None
    shared = {
        "words": words,
        "say": words.say,
        "at": partial(house_path, house, language=asked),
        "here": {each: house_path(house, request.scope["path"], language=each) for each in LANGUAGES},
        "house": house,
        "css": _css(),
    }
    html = _templates().get_template(template).render(shared | dict(shown))
    answer = Response(html, status, {"Cache-Control": "no-cache", **ALWAYS, **(headers or {})}, "text/html")
    answer.headers["Content-Language"] = words.language
    answer.headers["Vary"] = "Accept-Language"
    answer.headers["Content-Security-Policy"] = (
        f"{_NOTHING}; style-src 'sha256-{_hash(_css())}'; img-src data:; form-action 'self'"
    )
    return answer


def mailed(html: str, headers: Mapping[str, str]) -> Response:
    """A page with styles on its elements, as mails have them."""
    answer = Response(html, 200, {"Cache-Control": "no-cache", **ALWAYS, **headers}, "text/html")
    answer.headers["Content-Security-Policy"] = f"{_NOTHING}; style-src 'unsafe-inline'; form-action 'none'"
    return answer


def foreign(body: bytes, name: str) -> Response:
    """What somebody else has written: to be saved, never to be shown by us."""
    answer = Response(body, 200, {**ALWAYS, **NO_TRACE}, "application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = f"sandbox; {_NOTHING}"
    return answer


def problem(
    house: House, request: Request, status: int, headers: Mapping[str, str] | None = None, key: str = ""
) -> Response:
    """A page that says what is wrong and where to go on; `key`: of the text, by default the status's."""
    named = key or (f"problem_{status}" if status in _STATED else "problem_other")
    told = {**NO_TRACE, **(headers or {})}
    shown = {"key": named, "number": status}
    return page(house, request, "problem.html", status=status, headers=told, shown=shown)


def language_and_locale(house: House, request: Request, own: str = "") -> tuple[str, str]:
    """The language of an answer (see `page`), and whose months it names."""
    asked = request.query_params.get("language")
    language = chosen(asked, own or request.headers.get("accept-language"), house.language)
    return language, house.locale if language == "ar" else ""


def house_path(house: House, path: str, **asked: str | int | None) -> str:
    """The address of a path of ours with what it asks, under the base URL's path; on no other host."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{urlsplit(house.site.base_url).path}/{quote(path.lstrip('/'))}{f'?{query}' if query else ''}"


@lru_cache(maxsize=1)
def _css() -> Markup:
    return Markup((_TEMPLATES / "pages.css").read_text(encoding="utf-8"))  # noqa: S704 our own file


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
