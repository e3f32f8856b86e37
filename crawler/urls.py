"""URLs: the key that names an article, whatever way its URL is written; and what a URL says. Pure."""

import re
import unicodedata
from datetime import date
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from courlan import clean_url
from w3lib.url import canonicalize_url

_PORTS = {"http": "80", "https": "443"}
_AMP_FOLDER = re.compile(r"/amp(?=/|$)", re.IGNORECASE)
_AMP_FILE = re.compile(r"\.amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_QUERY = {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("m", "amp")}
_TRACKERS = re.compile(r"^(?:utm_|wpv_|fbclid$|gclid$|at_|xtor$|ref$|_ga$|mc_cid$|mc_eid$)", re.IGNORECASE)


def url_key(url: str) -> str:
    """The URL reduced to what names the article: equal for all ways to write it, and its own key.

    https, no www, no port, no AMP, no trackers, no fragment, no trailing slash; query sorted;
    percent-encoding in one form. WordPress short links keep `?p=ID`. Never raises: what is no web address
    comes back trimmed.
    """
    cleaned = unicodedata.normalize("NFC", "".join(url.split()))
    for _ in range(
        8
    ):  # cleaning may uncover what another pass removes; in practice the second changes nothing
        reduced = _reduce(cleaned)
        if reduced == cleaned:
            break
        cleaned = reduced
    return cleaned


def _reduce(url: str) -> str:
    try:
        parts = urlsplit(canonicalize_url(clean_url(url) or url))
        if parts.scheme not in _PORTS or not parts.hostname:
            return url
        return urlunsplit(("https", _host(parts), _path(parts.path), _query(parts.query), ""))
    except (ValueError, UnicodeError):
        return url


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    port = str(parts.port or "")
    return f"{host}:{port}" if port and port not in _PORTS.values() else host


def _path(path: str) -> str:
    return _plain_path(path).rstrip("/") or "/"


def _plain_path(path: str) -> str:
    return _AMP_FILE.sub("", _AMP_FOLDER.sub("", path))


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [
        (name, value)
        for name, value in pairs
        if (name.lower(), value.lower()) not in _AMP_QUERY and not _TRACKERS.match(name)
    ]
    return query if len(kept) == len(pairs) else urlencode(kept)


def plain_url(url: str) -> str:
    """A web address without trackers, fragment and AMP, else as written: what `article_url` is held to."""
    parts = urlsplit(untracked(url))
    return urlunsplit(parts._replace(path=_plain_path(parts.path)))


def untracked(url: str) -> str:
    """A web address without trackers and fragment, else as it is written: what is worth asking for."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=_query(parts.query), fragment=""))


def absolute(url: str, base: str) -> str:
    """`url` as found on the page `base`, made absolute; empty if it is no web address."""
    try:
        joined = urljoin(base, url.strip())
        joined.encode()
        parts = urlsplit(joined)
        return joined if parts.scheme in _PORTS and parts.hostname and parts.port != 0 else ""
    except ValueError:
        return ""


def same_host(url: str, other: str) -> bool:
    """Whether both URLs are of one host; www is nothing."""
    return bool(_bare_host(url)) and _bare_host(url) == _bare_host(other)


def same_site(url: str, other: str) -> bool:
    """Whether both URLs are of one site: the same host, or one a subdomain of the other; www is nothing."""
    one, two = _bare_host(url), _bare_host(other)
    return bool(one and two) and (one == two or one.endswith("." + two) or two.endswith("." + one))


def _bare_host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def url_day(url: str, pattern: str) -> date | None:
    """The day a URL names by the groups `year`, `month` and `day` of `pattern`, if it has them all."""
    match = re.search(pattern, url)
    named = match.groupdict() if match else {}
    try:
        return date(int(named["year"]), int(named["month"]), int(named["day"]))
    except (KeyError, TypeError, ValueError):
        return None
