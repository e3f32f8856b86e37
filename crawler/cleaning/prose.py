"""What a page holds of its article besides the text an extractor took, where that is but a part. Pure."""

from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from crawler.cleaning.markup import text_of
from storage.text import words

_LEAST = 60  # characters of a paragraph that counts as prose
_ENOUGH = 600  # characters of a text worth comparing
_PART = 0.6  # of the whole: an extraction of less has stopped on the way
_ENDS = tuple('.!?”"»…:؟')
_BESIDES = frozenset(("aside", "footer", "nav", "figure", "figcaption", "li", "form"))


def fullest(extracted: str, root: HtmlElement, article_body: str) -> tuple[str, str]:
    """The extracted text, unless the page plainly holds more: the text and the path it came by.

    "markup": the paragraphs of the page's one article hold it and much more (a body cut in two by an
    advertisement). "json-ld": the article body of the JSON-LD is another text (a list was taken for it).
    """
    paragraphs = _paragraphs(root)
    length = sum(map(len, paragraphs))
    if length >= _ENOUGH and length * _PART > len(extracted):
        whole, part = _trigrams(paragraphs), _trigrams(extracted.split("\n"))
        shared = len(whole & part)
        if shared < _PART * len(whole) and 2 * shared >= len(part):
            return "\n".join(paragraphs), "markup"
    if len(article_body) >= _ENOUGH:
        whole = _trigrams([article_body])
        if 2 * len(whole & _trigrams(extracted.split("\n"))) < len(whole):
            return article_body, "json-ld"
    return extracted, "trafilatura"


def _paragraphs(root: HtmlElement) -> list[str]:
    """The prose of the elements marked as article body, else of the page's one `<article>`."""
    marked = [
        each for each in root.iterfind(".//*[@itemprop='articleBody']") if not _inside(each, "articleBody")
    ]
    articles = [each for each in root.iter("article") if next(each.iterancestors("article"), None) is None]
    chosen: Sequence[HtmlElement] = marked or (articles if len(articles) == 1 else [])
    return [text for each in chosen for node in each.iter("p") if (text := _prose(node))]


def _inside(element: HtmlElement, kind: str) -> bool:
    return any(each.get("itemprop") == kind for each in element.iterancestors())


def _prose(node: HtmlElement) -> str:
    """The text of a paragraph that is sentences of the article, else nothing."""
    text = text_of(node)
    if len(text) < _LEAST or not text.endswith(_ENDS):
        return ""
    linked = sum(len(text_of(link)) for link in node.iter("a"))
    ancestors = list(node.iterancestors())
    besides = any(each.tag in _BESIDES or "twitter" in (each.get("class") or "") for each in ancestors)
    return "" if besides or 2 * linked > len(text) else text


def _trigrams(lines: Iterable[str]) -> set[tuple[str, ...]]:
    folded = [word.text for line in lines for word in words(line)]
    return set(zip(folded, folded[1:], folded[2:], strict=False))
