"""HTML of entries: bytes to a tree, fragments to plain text. Pure."""

import html

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, fragment_fromstring
from w3lib.encoding import html_to_unicode

_CONTROLS = (*range(9), 11, 12, *range(14, 32), 127)
_HALVES = range(0xD800, 0xE000)  # lone surrogates, which JSON can hold and nothing can store
_BREAKS = str.maketrans(dict.fromkeys(map(chr, (*_CONTROLS, *_HALVES)), " "))


def parse_html(body: bytes, content_type: str) -> HtmlElement | None:
    """The tree of a page; the charset is declared, else UTF-8, else windows-1256. None: no tree."""
    _, text = html_to_unicode(content_type or None, body, auto_detect_fun=_undeclared)
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return document_fromstring(text.translate(_BREAKS).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def plain(fragment: str) -> str:
    """A fragment of HTML as one line of text, without the "Read more" of an excerpt."""
    fragment = fragment.translate(_BREAKS)
    if not fragment.strip():
        return ""
    try:
        tree = fragment_fromstring(fragment, create_parent="div")
        text = " ".join(tree.itertext(with_tail=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        text = html.unescape(fragment)
    return " ".join(text.split()).removesuffix("[…]").removesuffix("[...]").strip()


def _undeclared(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1256"  # what old Arabic sites write without saying so
    return "utf-8"
