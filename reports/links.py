"""Links that may stand in a mail: http and https only, ASCII, nothing hidden in them. Pure."""

import re
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
