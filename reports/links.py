"""Links that may stand in a mail: http and https only, ASCII, nothing hidden in them. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_KEPT = "%/:?#[]@!$&'()*+,;=~"  # RFC 3986: reserved characters and existing escapes stay


def safe_link(url: str) -> str:
    """The URL with its path and query in ASCII, or "" if it is not a plain http or https address."""
    if re.search(r"[\x00-\x20\x7f<>\"\\]", url):
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc or ":" in host:
        return ""
    rest = parts._replace(scheme="", netloc="").geturl()
    return f"{parts.scheme.lower()}://{host}{port}{quote(rest, safe=_KEPT)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where readers reach our pages. Each address is empty where there is none."""

    base_url: str = ""  # https://rasid.example.org, without a path's last slash; empty: no pages
    snapshots: bool = False  # whether readers may have the stored pages of the press

    def story(self, number: int) -> str:
        """All accounts of an event."""
        return self._at(f"stories/{number}")

    def snapshot(self, article: int) -> str:
        """The page of an article as it was fetched last."""
        return self._at(f"snapshots/{article}") if self.snapshots else ""

    def issue(self, series: str, name: str) -> str:
        """An issue of a series, by its id."""
        return self._at(f"issues/{quote(series)}/{quote(name)}")

    def confirm(self, token: str) -> str:
        """Where a subscriber says that it was them."""
        return self._at(f"confirm/{token}")

    def leave(self, token: str) -> str:
        """Where a subscriber leaves: a page to read, and one click by POST (RFC 8058)."""
        return self._at(f"unsubscribe/{token}")

    def _at(self, path: str) -> str:
        return f"{self.base_url}/{path}" if self.base_url else ""
