"""Bytes of an entry to text: unpacked within bounds, in whatever charset they really are. Pure."""

import codecs
import re
import zlib

from crawler.cleaning.markup import decode
from crawler.discovery.told import EntryPage
from storage.errors import EntryError

LARGEST_JSON = 8_000_000  # bytes unpacked: what a crawl takes of any page; as objects it is 30 times that
_LARGEST = 50_000_000  # bytes unpacked: the limit of sitemaps.org
_GZIP = b"\x1f\x8b"
_MOST_LAYERS = 2  # some servers zip what is zipped already
_WIDE = (  # how "<" begins a text in UTF-32 and UTF-16 without a byte order mark (XML 1.0, appendix F)
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_ARABIC = frozenset({"cp1256", "iso8859-6"})
_LATIN = frozenset({"utf-8", "cp1252", "iso8859-1", "ascii"})  # what is written where nobody has looked
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?([\w.:-]+)""")
_ARABIC_RUN = re.compile(rb"[\xc0-\xff]{4,}")
_HIGH = re.compile(rb"[\x80-\xff]")


def unpacked(page: EntryPage, largest: int = _LARGEST) -> bytes:
    """The body of a page, gzip undone if it is one; what a cut-off one still gives.

    Raises EntryError for what is not the gzip it seems, or has more than `largest` bytes unpacked.
    """
    body = page.body
    for _ in range(_MOST_LAYERS):
        if not body.startswith(_GZIP):
            break
        body = _unzipped(body, page, largest)
    return body


def _unzipped(body: bytes, page: EntryPage, largest: int) -> bytes:
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = unpacking.decompress(body, largest)
    except zlib.error as error:
        raise EntryError(f"{page.url}: is not gzip as it begins: {error}; look for another entry") from error
    if unpacking.unconsumed_tail:
        raise too_large(page, largest)
    return plain


def too_large(page: EntryPage, largest: int) -> EntryError:
    """The error of a page that has more than `largest` bytes unpacked."""
    size = f"{largest / 1_000_000:g} MB"
    return EntryError(f"{page.url}: is larger than {size} unpacked; name one of its parts instead")


def text_of(body: bytes, content_type: str = "") -> str:
    """The text of a body: what its bytes are counts more than what they are said to be."""
    wide = next((name for start, name in _WIDE if body.startswith(start)), "")
    if wide:
        return body.decode(wide, "replace")
    arabic = _arabic_charset(body, content_type)
    return body.decode(arabic, "replace") if arabic else decode(body, content_type)


def beginning(text: str) -> str:
    """How a text begins, for the line that says what it is not."""
    start = " ".join(text[:200].split())[:40]
    return f"it begins with {start!r}" if start else "it is empty"


def _arabic_charset(body: bytes, content_type: str) -> str:
    """The Arabic charset of one byte a letter that the bytes are in, empty if they are in none.

    The article ال, in every second word, tells the two apart; each is often declared as the other.
    """
    declared = _known(
        _DECLARED.search(content_type.encode("utf-8", "replace")) or _DECLARED.search(body[:1024])
    )
    if (declared and declared not in _ARABIC | _LATIN) or not _looks_arabic(body):
        return ""
    return "iso8859-6" if body.count(b"\xc7\xe4") > body.count(b"\xc7\xe1") else "cp1256"


def _looks_arabic(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return sum(map(len, _ARABIC_RUN.findall(body))) > 0.5 * len(_HIGH.findall(body))
    return False


def _known(declared: re.Match[bytes] | None) -> str:
    try:
        return codecs.lookup(declared[1].decode("ascii", "replace")).name if declared else ""
    except (LookupError, ValueError):
        return ""
