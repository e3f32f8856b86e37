"""All of a page that can become text, from one pass over its source. Pure.

Tags, comments and raw elements are told apart as the parser of the full way does it (HTML Living Standard,
13.2.5): what becomes text there is never taken for a tag here.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import compress, repeat

from crawler.cleaning.markup import decode
from crawler.looking.taken import BLOCKS, around
from storage.model import Page

_SPACE = r"\t\n\f\r "
_VALUE = rf"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^{_SPACE}>"'][^{_SPACE}>]*+|)"""
_IS = rf"""(?:="[^"]*+"|[{_SPACE}]*+=[{_SPACE}]*+{_VALUE}|)"""
_ATTRIBUTES = rf"(?:[{_SPACE}]*+(?:[^{_SPACE}/>][^{_SPACE}/>=]*+{_IS}|/(?!>)))*+[{_SPACE}]*+"
_RAW = "(?=[finpstxFINPSTX])(?i:script|style|title|textarea|xmp|iframe|noembed|noframes|plaintext)"
_MARKUP = re.compile(  # groups: name, attributes and content of a raw element; name and attributes of a tag
    r"<(?:!--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))"
    rf"|({_RAW})(?=[{_SPACE}/>])({_ATTRIBUTES})>((?:[^<]++|<(?!/(?i:\1)[{_SPACE}/>]))*+)"
    rf"|(/?[a-zA-Z][^{_SPACE}/>]*+)({_ATTRIBUTES})/?>?"
    r"|[!?/][^>]*+>?)"
)
_STRIDE = _MARKUP.groups + 1
_PARTING = dict.fromkeys((*BLOCKS, *map(str.upper, BLOCKS)), " ")
_HALF_READ = {"noembed", "noframes"}  # what is in them is text to some parsers
_UNREAD = ("script", "style")
_SPANS = ("span", "SPAN", "Span")
_ATTRIBUTE = re.compile(rf"([^{_SPACE}/>][^{_SPACE}/>=]*)(?:[{_SPACE}]*=[{_SPACE}]*({_VALUE}))?")
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")
_WITHIN = re.compile(r"_(?<=[^\s_]_)_*+(?=[^\s_])")  # what splits a word
_LONGEST = 64  # letters of a word that is split
_WIDEST = 4 * _LONGEST  # with what splits it
_MOST = 10_000  # places where a page splits words: five times the most of 447 news pages


def texts(page: Page) -> Iterator[str | None]:
    """What the page tells, menus included, and what its entry said; then the words that tags may have split,
    and the words there can be around elements that cleaning takes out.

    Entities and the escapes of JSON are read. Scripts and styles are out unless they hold JSON-LD; what meta
    tags, microdata and titles of spans say is in. None stands for texts that only cleaning can tell.
    """
    said = f"{page.link.title}\n{page.link.summary}"
    body = decode(page.body, dict(page.headers).get("content-type", ""))
    sources = (_MARKUP.split(said), _MARKUP.split(body.replace("\0", "") if b"\0" in page.body else body))
    text = _unescaped("\n".join((said, *(told for pieces in sources for told in _told(pieces)))))
    yield text.replace("_", " ")
    text = _printed(text)
    yield None if len(_WITHIN.findall(text)) > _MOST else _unescaped(" ".join(_joined(text)))
    yield from map(_around, sources)


def _told(pieces: list[str]) -> Iterator[str]:
    """The texts of a source; first what stands between its tags, `_` for each that may split a word."""
    raw, tags, attributes = (pieces[group::_STRIDE] for group in (1, 4, 5))
    between = pieces[: 2 * len(tags) + 1]
    between[::2] = pieces[::_STRIDE]
    between[1::2] = map(_PARTING.get, tags, repeat("_"))
    yield "".join(between)
    yield from _attributes(tags, attributes)
    elements = zip(raw, pieces[2::_STRIDE], pieces[3::_STRIDE], strict=True)
    for name, given, content in compress(elements, raw):
        if name.lower() not in _UNREAD:
            yield content.replace("&", "&amp;")  # a title's entities are read, those of others are not
        elif "ld+json" in unescape(given).lower():
            yield _json(content)


def _around(pieces: list[str]) -> str | None:
    """The words of a source there can be around elements."""
    if not _HALF_READ.isdisjoint(map(str.lower, filter(None, pieces[1::_STRIDE]))):
        return None
    words = around(pieces[4::_STRIDE], pieces[::_STRIDE])
    return None if words is None else _printed(_unescaped(" ".join(words))).replace("_", "")


def _attributes(tags: Iterable[str | None], attributes: Iterable[str | None]) -> Iterator[str]:
    """The values of attributes that the full way may take for a title or a summary."""
    for tag, given in zip(tags, attributes, strict=True):
        if given and ("ontent" in given or "ONTENT" in given or tag in _SPANS):
            named = _ATTRIBUTE.findall(given)
            yield from (_value(each) for name, each in named if name.lower() in ("content", "title"))


def _value(written: str) -> str:
    """The value of an attribute; not all that looks like an entity there is one."""
    value = written.strip("\"'")
    return f"{value} {value.replace('&', ' ')}" if "&" in value else value


def _json(text: str) -> str:
    """A text of JSON with its escapes read."""
    read = _JSON_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else " ", text)
    return read.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(text: str) -> str:
    """A text with its entities read, and once more where they give entities, for some sites escape twice."""
    once = unescape(text)
    twice = unescape(once)
    return once if twice == once else f"{once}\n{twice}"


def _printed(text: str) -> str:
    """A text with `_` for what is never printed: cleaning takes it out of words."""
    if "".join(text.split()).isprintable():
        return text
    unprinted = (ord(each) for each in set(text) if not (each.isprintable() or each.isspace()))
    return text.translate(dict.fromkeys(unprinted, "_"))


def _joined(text: str) -> Iterator[str]:
    """What the pieces of split words can be together, for each place at which one can be split first."""
    for split in _WITHIN.finditer(text):
        before = text[max(0, split.start() - _LONGEST) : split.start()]
        word = before[before.rfind("_") + 1 :].split()[-1]
        longest = len(word) + _LONGEST
        for piece in text[split.end() : split.end() + _WIDEST].split(None, 1)[0].split("_"):
            if piece and len(word) <= longest:
                word += piece
                yield word
