"""URLs: the key that names an article, whatever way its URL is written; and what a URL says. Pure."""

import re
import unicodedata
from datetime import date
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_PORTS = {"http": "80", "https": "443"}
_AMP_FOLDER = re.compile(r"/amp(?=/|$)", re.IGNORECASE)
_AMP_FILE = re.compile(r"\.amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_QUERY = {
    ("amp", ""),
    ("amp", "1"),
    ("amp", "true"),
    ("outputtype", "amp"),
    ("m", "amp"),
    ("_amp", "true"),
}
_SHARED = ("s", "09")  # what Twitter's app puts behind a link; other values may name something
_AMP_CACHE = re.compile(
    r"https?://(?:(?:[^/]+\.)?cdn\.ampproject\.org/[cv]|(?:www\.)?google(?:\.[a-z]{2,3}){1,2}/amp)/(s/)?(.+)"
)
_POCKET = re.compile(r"^(?:amp|m|mobile)\.(?=[^.]+\.[^.]+)(?!(?:ac|co|com|edu|gov|net|org|press)\.[^.]+$)")
_TRACKERS = re.compile(
    r"""^(?:(?:utm|wpv|at|mc|mtm|pk|piwik|matomo|itm|hsa|fb|amp|vero|oly|ref)_
    |_hs|_ga|__twitter|_x_tr_|wt_mc$|spm$
    |(?:fb|g|dc|y|ys|tw|tt|msclk)(?:cl)?id$|gclsrc$|[gw]braid$|igsh(?:id)?$|li_fat_id$|srsltid$
    |_gl$|mkt_tok$|xt(?:or|ref|mc|np|cr)$|referr?er$|usqp$|echobox$|replytocom$|no(?:n)?amp$
    |(?:php|asp|j)sessionid$|phpsessid$)""",
    re.IGNORECASE | re.VERBOSE,
)
_CHANNEL_NAMES = re.compile(
    r"^(?:ref|source|src|from|share|ito|icid|ncid|s_cid|smid|cmp|cmpid)$", re.IGNORECASE
)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?#]*", re.IGNORECASE)
_LONGEST = 2_048  # characters of an escaped address (sitemaps.org); an index of PostgreSQL takes 2,704 bytes
_SAFE = "%/:?#[]@!$&'()*+,;=~"
_INDEX = re.compile(r"/index\.html?$", re.IGNORECASE)
_BEYOND_ASCII = re.compile(r"[A-Za-z]?(?:%[89A-F][0-9A-F])+")
_ESCAPED_AND = re.compile(r"&(?:amp|#0*38|#x26);", re.IGNORECASE)


def url_key(url: str) -> str:
    """The URL reduced to what names the article: equal for all ways to write it, and its own key.

    https; no www, m, amp, port; no AMP, session, index.html; no trackers, fragment, trailing or double slash;
    query sorted; percent-encoding, also of what Unicode writes in two ways, in one form. WordPress short
    links keep `?p=ID`, and so does every parameter that may name an article. Never raises: what is no web
    address comes back trimmed.
    """
    cleaned = _ESCAPED_AND.sub("&", unicodedata.normalize("NFC", url)).partition("#")[0]
    cleaned = re.sub(r"[\t\r\n]", "", cleaned).strip()
    for _ in range(8):  # what one pass uncovers the next removes; in practice the second changes nothing
        reduced = _reduce(cleaned)
        if reduced == cleaned:
            break
        cleaned = reduced
    return cleaned


def _reduce(url: str) -> str:
    try:
        parts = urlsplit(canonicalize_url(original_url(url)))
        if parts.scheme not in _PORTS or not parts.hostname:
            return url
        return urlunsplit(("https", _host(parts), _path(parts.path), _query(parts.query), ""))
    except (ValueError, UnicodeError):
        return url


def original_url(url: str) -> str:
    """The address of which a Google AMP cache or viewer address is the copy; any other as it is.

    https://developers.google.com/amp/cache/overview
    """
    match = _AMP_CACHE.match(url)
    return f"http{'s' if match[1] else ''}://{match[2]}" if match else url


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if ":" in host:
        host = f"[{host}]"
    port = str(parts.port or "")
    return (
        f"{_POCKET.sub('', host)}:{port}" if port and port not in _PORTS.values() else _POCKET.sub("", host)
    )


def _path(path: str) -> str:
    whole = _BEYOND_ASCII.sub(lambda match: _composed(match[0]), _plain_path(path))
    return _without_end(_INDEX.sub("", re.sub("/{2,}", "/", whole))) or "/"


def _without_end(path: str) -> str:
    """Without slashes and spaces behind; a pattern sought from the front takes the square of the length."""
    end = len(path)
    while path.endswith(("/", "%20"), 0, end):
        end -= 1 if path[end - 1] == "/" else 3
    return path[:end]


def _composed(escaped: str) -> str:
    """Characters in the one form of Unicode (NFC); what is no UTF-8 as it is."""
    try:
        return quote(unicodedata.normalize("NFC", unquote(escaped, errors="strict")))
    except UnicodeError:
        return escaped


def _plain_path(path: str) -> str:
    return _AMP_FILE.sub("", _AMP_FOLDER.sub("", _SESSION.sub("", path)))


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    named = [(name.removeprefix("amp;"), value) for name, value in pairs]
    kept = [(name, value) for name, value in named if not _says_nothing(name, value)]
    return query if kept == pairs else urlencode(kept)


def _says_nothing(name: str, value: str) -> bool:
    """Whether a parameter names how the reader came, not what is read. A number may be an article's."""
    pair = (name.lower(), value.lower())
    if not name or pair in _AMP_QUERY or pair == _SHARED or _TRACKERS.match(name):
        return True
    return bool(_CHANNEL_NAMES.match(name)) and not value.isdecimal()


def plain_url(url: str) -> str:
    """A web address without trackers, fragment and AMP, else as written: what `article_url` is held to."""
    parts = urlsplit(untracked(url))
    return urlunsplit(parts._replace(path=_plain_path(parts.path)))


def untracked(url: str) -> str:
    """A web address without trackers and fragment, else as it is written: what is worth asking for."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=_query(parts.query), fragment=""))


def absolute(url: str, base: str) -> str:
    """`url` as found on the page `base`, made absolute; empty if it is no web address, or one too long."""
    trimmed = url.strip()
    if len(trimmed) > _LONGEST:
        return ""
    try:
        joined = urljoin(base, trimmed)
        joined.encode()
        parts = urlsplit(joined)
        is_sound = parts.scheme in _PORTS and parts.hostname and parts.port != 0
        return joined if is_sound and len(quote(joined, _SAFE)) <= _LONGEST else ""
    except ValueError:
        return ""


def same_host(url: str, other: str) -> bool:
    """Whether both URLs are of one host; www is nothing."""
    return bool(bare_host(url)) and bare_host(url) == bare_host(other)


def same_site(url: str, other: str) -> bool:
    """Whether both URLs are of one site: the same host, or one a subdomain of the other; www is nothing."""
    one, two = bare_host(url), bare_host(other)
    return bool(one and two) and (one == two or one.endswith("." + two) or two.endswith("." + one))


def bare_host(url: str) -> str:
    """The host of a URL in lower case, without www and port; empty where it has none."""
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
