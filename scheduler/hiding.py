"""hiding: what no line of the log may say: passwords, and the tokens in our readers' addresses."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from scheduler.settings import Settings

HIDDEN = "***"
_IN_ADDRESSES = (
    re.compile(r"(?P<before>/(?:unsubscribe|confirm)/)[^\s/?#\"'<>]+"),
    re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^\s/:@\"'<>]*:)[^\s/@\"'<>]+(?=@)", re.IGNORECASE),
)


def secrets_of(settings: "Settings", environment: Mapping[str, str]) -> tuple[str, ...]:
    """The passwords of mail, proxy and database, as they are configured or lie in the environment.

    A file that cannot be read has none: whoever needs it says so.
    """
    mail, crawl = settings.mail, settings.crawl
    given = (
        mail.password.get_secret_value() if mail.password else "",
        _first_line(mail.password_file),
        *_of_url(settings.database.url),
        *_of_url(crawl.proxy.get_secret_value() if crawl.proxy else ""),
        *_of_url(_first_line(crawl.proxy_file)),
        environment.get("PGPASSWORD", ""),
    )
    return tuple(dict.fromkeys(filter(None, given)))


def hiding(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that takes the secrets out of a text, however they are quoted there, and the tokens of
    addresses with them."""
    forms = {form for secret in secrets for form in _forms(secret)}
    longest_first = sorted(forms, key=lambda each: (-len(each), each))
    known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def hide(text: str) -> str:
        for pattern in _IN_ADDRESSES:
            text = pattern.sub(rf"\g<before>{HIDDEN}", text)
        return known.sub(HIDDEN, text) if known else text

    return hide


def _of_url(url: str) -> Iterator[str]:
    """The password of a URL, and what a proxy is told of it (RFC 7617)."""
    try:
        said = urlsplit(url)
    except ValueError:
        return
    if said.password:
        name, password = unquote(said.username or ""), unquote(said.password)
        yield password
        yield b64encode(f"{name}:{password}".encode()).decode()


def _forms(secret: str) -> tuple[str, ...]:
    return secret, quote(secret, safe=""), repr(secret)[1:-1], json.dumps(secret)[1:-1]


def _first_line(file: Path | None) -> str:
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].strip() if file else ""
    except (OSError, UnicodeDecodeError):
        return ""
