"""Bytes of a page to a parsed tree, within bounds and whatever the page says of its own charset. Pure."""

import codecs
import re
from collections.abc import Iterable

from lxml import etree, html
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from storage.errors import PageError
from storage.model import Page

_MOST_BYTES = 8_000_000
_MOST_TAGS = 15_000  # three times the largest of 447 news pages; twice as many take ten seconds
_MOST_ATTRIBUTES = 20_000
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{40000,}")
_TAG = re.compile(rb"<[a-zA-Z]")
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|main|article|section|div|p|h[1-6]|table)\b", re.IGNORECASE
)
_OTHER_KIND = re.compile(r"^(?:image|audio|video|font)/|/(?:pdf|zip|json|rss\+xml|atom\+xml|octet-stream)\b")
_ARABIC_RUN = re.compile(rb"[\xc0-\xff]{4,}")  # no word of a Latin script has four accented letters in a row
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_FORBIDDEN = re.compile(  # characters that XML does not allow, as they are or by number
    "[\x01-\x08\x0e-\x1b\ufffe\uffff]"
    r"|&#(?:0*(?:[1-8]|1[4-9]|2[0-7]|6553[45])(?!\d)"
    r"|[xX]0*(?:[1-8eEfF]|1[0-9a-bA-B]|[fF]{3}[eEfF])(?![0-9a-fA-F]));?"
)
_UNSEEN = "\u200b"  # stands for them: dropped, they could make a tag of what is none
_SPACE = re.compile(r"\s+")
_MACHINERY = (
    "script",
    "style",
    "noscript",
    "iframe",
    "button",
    "svg",
    "template",
    "select",
    "textarea",
    "input",
)
_CUT_OUT = {
    **dict.fromkeys(("class", "id"), re.compile(r"(?:^|\s)(?:bottom|link(?:\s|$))|bottom(?:\s|$)")),
    "style": re.compile("border"),
}
_HOLLOW = ("div", "span", "p", "a", "i", "img", "picture", "source", "figure", "section", "ul", "li", "aside")
_BESIDES = frozenset((*_MACHINERY, "aside", "figure", "figcaption", "nav", "form", "audio", "video"))
_BLOCKS = frozenset(
    (
        *(
            "p",
            "div",
            "section",
            "article",
            "main",
            "header",
            "footer",
            "blockquote",
            "pre",
            "br",
            "hr",
            "body",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "address"),
    )
)
_FRAME = 3  # children of an element around a picture: more make a gallery or a page
_LONGEST_CAPTION = 200  # characters
_SENTENCE_ENDS = (".", "!", "?", "؟", "…", ":", "»", "”", '"')


def parse(page: Page) -> html.HtmlElement:
    """The tree of a page.

    Raises PageError if the page is too large, has too many tags or is not HTML.
    """
    if len(page.body) > _MOST_BYTES:
        raise PageError(f"{page.url}: larger than {_MOST_BYTES // 1_000_000} MB; no article page is")
    if len(_TAG.findall(page.body)) > _MOST_TAGS:
        raise PageError(
            f"{page.url}: more than {_MOST_TAGS} tags; drop it from the entries or ask for its text"
        )
    if has_endless_tag(page.body):
        raise PageError(f"{page.url}: a tag without end; look at the page in a browser")
    text = decode(page.body, dict(page.headers).get("content-type", ""))
    if not is_html(text, dict(page.headers).get("content-type", "")):
        raise PageError(f"{page.url}: not HTML; mend article_url of the source so that it leaves it out")
    return _tree(text, page.url)


def has_endless_tag(body: bytes) -> bool:
    """Whether a tag has attributes by the ten thousand, which a parser compares each with each."""
    return any(len(tag[0].split()) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(body))


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page: by its byte order mark, as UTF-8 if it is, by the charset it declares, or by guess.

    A declared charset is believed only where the bytes do not speak against it.
    """
    bom, _ = read_bom(body)
    if bom:
        return _decoded(body, bom)
    as_utf8 = _as_utf8(body)
    if as_utf8 is not None:
        return as_utf8
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body)
    known = resolve_encoding(declared) if declared else None
    looks_arabic = sum(map(len, _ARABIC_RUN.findall(body))) > 0.5 * len(_HIGH.findall(body))
    if known in (None, "utf-8", "cp1252", "iso8859-1", "ascii", "latin-1"):
        known = "cp1256" if looks_arabic else "cp1252"
    return _decoded(body, known or "cp1252")


def _as_utf8(body: bytes) -> str | None:
    """The text if the bytes are UTF-8 but for a few spoiled places (a cut, a stray byte)."""
    text = body.decode("utf-8", errors="replace")
    spoiled = text.count("\ufffd")
    return text if not spoiled or spoiled * 50 < len(_NOT_ASCII.findall(text)) else None


def _decoded(body: bytes, encoding: str) -> str:
    try:
        codecs.lookup(encoding)
        return body.decode(encoding, errors="replace").lstrip("\ufeff")
    except (LookupError, UnicodeError):
        return body.decode("cp1252", errors="replace")


def is_html(text: str, content_type: str = "") -> bool:
    """Whether a text is a page of HTML by its content and, where said, its media type."""
    start = text[:2000].lstrip()
    if _OTHER_KIND.search(content_type.lower()) or text[:4000].count("\0") > 100:
        return False
    if re.match(
        r"<\?xml[^>]*>\s*(?>(?:<!--.*?-->\s*)*)<(?!!doctype html|html)", start, re.IGNORECASE | re.DOTALL
    ):
        return False
    return _HTML.search(text) is not None


def _tree(text: str, url: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        allowed = _FORBIDDEN.sub(_UNSEEN, text.replace("\0", ""))
        root = html.document_fromstring(allowed.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise PageError(f"{url}: no readable HTML ({error}); look at the page in a browser") from error
    return root


def remove(root: html.HtmlElement, selectors: Iterable[str]) -> None:
    """Take the elements that CSS selectors name out of a tree; the text after them stays."""
    for selector in selectors:
        for element in root.cssselect(selector):
            if element.getparent() is not None:
                element.drop_tree()


def text_of(element: html.HtmlElement) -> str:
    """The text of an element on one line."""
    return " ".join(" ".join(element.itertext()).split())


def remove_machinery(root: html.HtmlElement) -> None:
    """Take out what no reader sees as text: scripts, styles, frames, controls."""
    for element in list(root.iter(*_MACHINERY)):
        if element.getparent() is not None:
            element.drop_tree()


def remove_hollow(root: html.HtmlElement) -> None:
    """Take out elements without text, pictures among them: thousands cost an extractor minutes."""
    for element in reversed(list(root.iter(*_HOLLOW))):
        hollow = len(element) == 0 and not (element.text or "").strip()
        if hollow and element.getparent() is not None:
            element.drop_tree()


def remove_link_lines(root: html.HtmlElement) -> None:
    """Take out paragraphs and headings that are one link and nothing else: they lead to other articles."""
    for element in list(root.iter("p", "h2", "h3", "h4", "h5", "h6")):
        linked = sum(len(text_of(link)) for link in element.iter("a") if link.get("href"))
        text = text_of(element) if linked else ""
        if text.count(" ") >= 2 and linked >= len(text) and element.getparent() is not None:
            element.drop_tree()


def protect_phrases(root: html.HtmlElement) -> None:
    """Take off what makes a precise extractor cut phrases out of sentences and lose the rest of the line.

    trafilatura drops spans and paragraphs that are called "link" or "bottom" or have a border, whatever they
    say. What is clipped away, text for screen readers such as "opens new tab", goes.
    """
    for element in list(root.iter("span", "p")):
        if "clip:" in (element.get("style") or "") and element.getparent() is not None:
            element.drop_tree()
            continue
        for name, pattern in _CUT_OUT.items():
            if pattern.search(element.get(name) or ""):
                del element.attrib[name]


def remove_captions(root: html.HtmlElement) -> None:
    """Take out what a picture says of itself: `<figcaption>`, and the label right after a bare picture."""
    for element in list(root.iter("figcaption")):
        element.drop_tree()
    for picture in list(root.iter("img")):
        frame = _frame(picture)
        label = frame.getnext()
        if label is not None and label.tag in ("p", "div", "span", "em") and _is_caption(text_of(label)):
            label.drop_tree()


def _frame(picture: html.HtmlElement) -> html.HtmlElement:
    """The outermost element around a picture that holds no text."""
    frame = picture
    for outer in picture.iterancestors("p", "div", "a", "figure", "picture", "center"):
        if len(outer) > _FRAME or any(not text.isspace() for text in outer.itertext()):
            break
        frame = outer
    return frame


def _is_caption(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_CAPTION and not text.endswith(_SENTENCE_ENDS)


def block_lines(element: html.HtmlElement) -> list[str]:
    """The text of an element, one line per block, without captions, asides and forms."""
    pieces: list[str] = []
    _collect(element, pieces)
    return [line for each in "".join(pieces).split("\n") if (line := " ".join(each.split()))]


def _collect(element: html.HtmlElement, pieces: list[str]) -> None:
    if element.tag in _BESIDES:
        return
    edge = "\n" if element.tag in _BLOCKS else ""
    pieces += (edge, _SPACE.sub(" ", element.text or ""))
    for child in element:
        _collect(child, pieces)
        pieces.append(_SPACE.sub(" ", child.tail or ""))
    pieces.append(edge)
