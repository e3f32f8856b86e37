"""What stands on the page beside the article: boxes, lists of links, articles in the article. Pure.

An extractor sees prose in them and keeps them; what they are called, or how they are made, tells.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawler.cleaning.markup import text_of

_BOX = re.compile(
    r"(?:^|[\s_-])(?:"
    r"related(?:[-_]?(?:stor(?:y|ies)|articles?|posts?|content|links?|news|topics?|box|items?|tags?))?"
    r"|recommend(?:ed|ations?)|read[-_](?:also|next|more)|also[-_]?read|lire[-_]?aussi|a[-_]lire|voir[-_]aussi"
    r"|newsletters?|subscribe|subscription|inscription|abonnement"
    r"|share(?:bar|[-_](?:bar|buttons?|links?|tools?))?|sharing|social(?:[-_](?:share|links|bar|media))?|addtoany"
    r"|(?:author|auteur)[-_](?:bio|box|info|card|description)|about[-_](?:the[-_])?author|bio"
    r"|most[-_](?:read|popular|viewed)|popular[-_]posts|trending|plus[-_]lus|ticker"
    r"|outbrain|taboola|teads|sponsored|advertorial|promo(?:tion)?(?:[-_](?:box|link|unit))?"
    r"|affiliate[-_]disclosure|breadcrumbs?"
    r"|tags?[-_](?:list|links|cloud|box)|post[-_]tags|article[-_]tags"
    r")(?=$|[\s_-])",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:[-_](?:list|section|area|content|wrapper))?|commentaires?|disqus)(?=$|[\s_-])",
    re.IGNORECASE,
)
_CONTAINERS = ("div", "section", "aside", "ul", "ol", "form", "header", "footer", "p", "dl")
_MINOR = 0.3  # of the page's prose: what holds more may be the article, whatever it is called
_ENOUGH = 500  # characters in paragraphs: a page of fewer writes its text in other elements
_MOST = 300  # boxes of a kind: what has more nests them to waste our time
_FEWEST = 2  # links that make a list, articles that make a row of teasers


def remove_boxes(root: HtmlElement) -> None:
    """Take out boxes by their names, lists of nothing but links, and articles within an article.

    An article within an article is, in the words of the HTML standard, related to it: a teaser or a comment.
    What holds a good part of the page's prose stays, for it may be the article itself; comments may be longer
    than what they are about.
    """
    prose = _prose(root)
    if prose < _ENOUGH:
        return
    boxes = (islice(found, _MOST) for found in (_named(root, _BOX), _nested(root), _link_lists(root)))
    for element in [each for found in boxes for each in found]:
        if len(text_of(element)) <= _MINOR * prose:
            _remove(element)
    for element in list(islice(_named(root, _COMMENTS), _MOST)):
        if _prose(element) <= prose - _ENOUGH:
            _remove(element)


def _remove(element: HtmlElement) -> None:
    if element.getparent() is not None and element.find(".//h1") is None:
        element.drop_tree()


def _prose(element: HtmlElement) -> int:
    """Characters of the paragraphs in an element."""
    return sum(len(text_of(each)) for each in element.iter("p"))


def _named(root: HtmlElement, names: re.Pattern[str]) -> Iterator[HtmlElement]:
    for element in root.iter(*_CONTAINERS):
        name = element.get("class") or element.get("id")
        if name and names.search(name):
            yield element


def _nested(root: HtmlElement) -> Iterator[HtmlElement]:
    for outer in root.iter("article"):
        if next(outer.iterancestors("article"), None) is not None:
            continue
        inner = list(outer.iterfind(".//article"))
        if len(inner) >= _FEWEST:
            yield from inner


def _link_lists(root: HtmlElement) -> Iterator[HtmlElement]:
    for each in root.iter("ul", "ol"):
        items = each.findall("li")
        if len(items) >= _FEWEST and all(map(_is_link, items)):
            yield each


def _is_link(item: HtmlElement) -> bool:
    linked = sum(len(text_of(link)) for link in item.iter("a") if link.get("href"))
    return linked > 0 and linked >= len(text_of(item))
