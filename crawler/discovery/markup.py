"""HTML of entries: bytes to a tree, fragments to plain text. Pure."""

import html
import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, fragment_fromstring

from crawler.cleaning.markup import has_endless_tag
from crawler.discovery.bodies import text_of

_CONTROLS = (*range(9), 11, 12, *range(14, 32), 127)
_HALVES = range(0xD800, 0xE000)  # lone surrogates, which JSON can hold and nothing can store
_BREAKS = str.maketrans(dict.fromkeys(map(chr, (*_CONTROLS, *_HALVES)), " "))
_LONGEST = 20_000  # characters of a title or summary, markup and all: some feeds give whole books
_FEED_TAILS = re.compile(
    r"\s*(?:"
    r"The post .{1,300}? (?:first appeared|appeared first) on .{1,120}"
    r"|(?:Cet article|L[’']article) .{1,300}? est apparu en premier sur .{1,120}"
    r"|La entrada .{1,300}? (?:se publicó primero|aparece primero|apareció primero) en .{1,120}"
    r"|(?:التدوينة|المقالة|المقال|ظهرت المقالة|ظهرت التدوينة) .{1,300}? [أا]ولا?[ًا]* على .{1,120}"
    r")$"
)
"""What WordPress puts below each item of a feed (Yoast SEO), in its translations."""
_TAIL = 500  # characters at the end of a text within which it is sought; from each of 20,000 it takes long


def parse_html(body: bytes, content_type: str) -> HtmlElement | None:
    """The tree of a page, in the charset its bytes are in. None: no tree."""
    if has_endless_tag(body):
        return None
    text = printable(text_of(body, content_type))
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def printable(text: str) -> str:
    """A text with a space for every character that no document may hold."""
    return text.translate(_BREAKS)


def plain(fragment: str) -> str:
    """A fragment of HTML as one line of text, without the "Read more" and the tail of an excerpt."""
    fragment = printable(fragment[:_LONGEST])
    if not fragment.strip():
        return ""
    try:
        tree = fragment_fromstring(fragment, create_parent="div")
        etree.strip_elements(tree, "script", "style", with_tail=False)
        text = " ".join(tree.itertext(with_tail=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        text = html.unescape(fragment)
    text = " ".join(text.split())
    text = text[:-_TAIL] + _FEED_TAILS.sub("", text[-_TAIL:])
    return text.removesuffix("[…]").removesuffix("[...]").strip()
