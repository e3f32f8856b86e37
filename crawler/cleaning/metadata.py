"""What a page says of its article in meta tags, microdata and its visible heading. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from lxml.html import HtmlElement

from crawler.cleaning.findings import Findings, findings
from crawler.cleaning.markup import text_of

_META = {  # field -> names or properties, the likeliest first
    "title": ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title"),
    "summary": ("og:description", "description", "twitter:description"),
    "authors": (
        *("author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl"),
        *("dc.creator", "dcterms.creator", "cxenseparse:author", "article:author_name"),
    ),
    "published": (
        *("article:published_time", "og:article:published_time", "article:published", "datepublished"),
        *("parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publication_date"),
        *("cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date"),
        *("article.published", "og:published_time", "date"),
    ),
    "modified": (
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "last-modified",
        "dcterms.modified",
    ),
    "section": ("article:section", "og:article:section", "parsely-section", "cxenseparse:section"),
    "language": ("og:locale", "content-language", "dc.language"),
    "site": ("og:site_name", "application-name", "al:android:app_name"),
}
_MICRODATA = {
    "published": ("datepublished", "datecreated"),
    "modified": ("datemodified",),
    "authors": ("author",),
}
_DATE_CLASSES = (
    "published",
    "entry-date",
    "post-date",
    "article-date",
    "date-published",
    "publish-date",
    "date",
)
_AUTHOR_CLASSES = ("author-name", "byline-name", "author", "byline")
_OF_AUTHOR = re.compile(r"author|byline|auteur|signature", re.IGNORECASE)
_MOST_BYLINES = 100  # elements looked at
_SAYS_BY = re.compile(r"(?:by|par|por|بقلم|كتب|إعداد)\s*:?\s+\S", re.IGNORECASE)
_LONGEST_LABEL = 120  # characters of a date or author as a page shows it


def read_meta(root: HtmlElement) -> Findings:
    """The fields of the page's meta tags, the language of `<html>` and the words of `<title>`."""
    given: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("http-equiv") or ""
        content = (meta.get("content") or "").strip()
        if name and content:
            given.setdefault(name.lower(), []).append(content)
    fields = {field: _values(given, names) for field, names in _META.items()}
    page_title = tuple(text for each in root.iter("title") if (text := text_of(each)))
    language = (root.get("lang") or "", *fields["language"])
    audio = ("yes",) if "og:audio" in given else ()
    known = fields | {"language": tuple(filter(None, language)), "audio": audio, "page_title": page_title[:1]}
    return findings(**known)


def _values(given: Mapping[str, list[str]], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for name in names for value in given.get(name, ())))


def read_selected(root: HtmlElement, select: Mapping[str, tuple[str, ...]]) -> Findings:
    """What the source's CSS selectors find: per field the first that matches; dates by `datetime`."""
    found = {field: _selected(root, selectors) for field, selectors in select.items() if field != "text"}
    return findings(**found)


def _selected(root: HtmlElement, selectors: Iterable[str]) -> tuple[str, ...]:
    for selector in selectors:
        values = tuple(value for each in root.cssselect(selector) if (value := _value(each)))
        if values:
            return values
    return ()


def _value(element: HtmlElement) -> str:
    attribute = (
        element.get("datetime") or element.get("content") or (element.tag == "span" and element.get("title"))
    )
    return attribute or text_of(element)


def read_markup(root: HtmlElement) -> Findings:
    """Dates and authors as the page marks them up: microdata, `<time>`, `rel=author`, usual class names."""
    properties: dict[str, list[str]] = {}
    for element in root.iterfind(".//*[@itemprop]"):
        properties.setdefault((element.get("itemprop") or "").lower(), []).append(_microdata(element))
    fields = {field: _values(properties, names) for field, names in _MICRODATA.items()}
    dates = tuple(filter(None, (*fields["published"], *_times(root))))
    return findings(
        title=tuple(filter(None, properties.get("headline", ())))[:1],
        published=dates or tuple(filter(None, _labels(root, _DATE_CLASSES))),
        modified=tuple(filter(None, fields["modified"])),
        authors=tuple(filter(None, fields["authors"][:3])) or _signed(root),
    )


def _microdata(element: HtmlElement) -> str:
    named = element.find(".//*[@itemprop='name']")
    value = element.get("content") or element.get("datetime")
    text = value or text_of(named if named is not None else element)
    return text if len(text) <= 3 * _LONGEST_LABEL else ""


def _times(root: HtmlElement) -> tuple[str, ...]:
    """The `<time>` elements of the article, or of the page where it has only one."""
    times = list(root.iterfind(".//article//time")) or list(root.iterfind(".//main//time"))
    everywhere = list(root.iter("time"))
    chosen = times[:1] or (everywhere if len(everywhere) == 1 else [])
    return tuple(value for each in chosen for value in (each.get("datetime") or "", text_of(each)) if value)


def _labels(root: HtmlElement, classes: Iterable[str]) -> tuple[str, ...]:
    """The first short text of an element of each class."""
    shown = [(element.get("class").split(), element) for element in root.iterfind(".//*[@class]")]
    texts = ((text_of(each) for names, each in shown if name in names) for name in classes)
    return tuple(next((text for text in each if 2 < len(text) <= _LONGEST_LABEL), "") for each in texts)


def _signed(root: HtmlElement) -> tuple[str, ...]:
    by_rel = (text_of(each) for each in root.iterfind(".//a[@rel]") if "author" in each.get("rel").split())
    named = tuple(dict.fromkeys(text for text in by_rel if 2 < len(text) <= _LONGEST_LABEL))
    labels = tuple(filter(None, _labels(root, _AUTHOR_CLASSES)))
    return named[:3] or labels[:1] or tuple(islice(_bylines(root), 1))


def _bylines(root: HtmlElement) -> Iterator[str]:
    """The texts that say "By …" in elements whose class speaks of authors."""
    elements = root.iter("p", "div", "span", "a", "address")
    named = (each for each in elements if _OF_AUTHOR.search(each.get("class") or ""))
    for text in map(text_of, islice(named, _MOST_BYLINES)):
        if len(text) <= _LONGEST_LABEL and _SAYS_BY.match(text):
            yield text


def headings(root: HtmlElement) -> tuple[str, ...]:
    """The texts of the page's first-level headings."""
    return tuple(text for each in root.iter("h1") if (text := text_of(each)))
