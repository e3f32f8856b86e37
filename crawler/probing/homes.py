"""read_home(): what the front page of a site says of the site and of its entries. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.discovery.markup import parse_html
from crawler.urls import absolute

_FEED = re.compile(r"application/(?:rss|atom|rdf)\+xml", re.IGNORECASE)
_COMMENTS = re.compile(r"\bcomments?\b|commentaires?\b|تعليق", re.IGNORECASE)
_PARTS = re.compile(r"\s+[|–—:«»·-]\s+|\s*[|«»]\s*")
_WELCOME = re.compile(r"^(?:home(?:page)?|accueil|page d['’]accueil|inicio|portada|الرئيسية)$", re.IGNORECASE)
_WORDPRESS = "https://api.w.org/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A front page; empty where it could not be had."""

    url: str  # scheme and host, then a slash
    name: str = ""  # as the site calls itself
    languages: tuple[str, ...] = ()  # as declared: ar, fr-FR, ar_MA…
    feeds: tuple[str, ...] = ()  # of articles, not of comments
    wordpress: str = ""  # where its REST interface begins
    links: tuple[str, ...] = ()  # all addresses it links to, once each


def read_home(body: bytes, content_type: str, url: str, root: str) -> Home:
    """What the page at `url` says; `root` is the address of its site."""
    tree = parse_html(body, content_type)
    if tree is None:
        return Home(url=root)
    meta = dict(_meta(tree))
    heads = list(tree.iterfind(".//link[@href]"))
    found = (absolute(each.get("href") or "", url) for each in tree.iterfind(".//a[@href]"))
    return Home(
        url=root,
        name=meta.get("og:site_name") or meta.get("application-name") or _title(tree),
        languages=tuple(filter(None, (tree.get("lang") or "", meta.get("og:locale", "")))),
        feeds=tuple(dict.fromkeys(_feeds(heads, url))),
        wordpress=next((absolute(each.get("href"), url) for each in heads if _WORDPRESS in _rel(each)), ""),
        links=tuple(dict.fromkeys(link for link in found if link)),
    )


def _meta(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for each in tree.iter("meta"):
        name = (each.get("property") or each.get("name") or "").lower()
        content = " ".join((each.get("content") or "").split())
        if name and content:
            yield name, content


def _title(tree: HtmlElement) -> str:
    """The part of the title that names the site."""
    text = " ".join(" ".join(tree.xpath("//title[1]//text()")).split())
    parts = [part for part in _PARTS.split(text) if part and not _WELCOME.match(part)]
    return parts[0] if parts else ""


def _feeds(heads: list[HtmlElement], url: str) -> Iterator[str]:
    for each in heads:
        label = f"{each.get('title') or ''} {each.get('href')}"
        is_feed = "alternate" in _rel(each) and _FEED.match(each.get("type") or "")
        address = absolute(each.get("href") or "", url)
        if is_feed and address and not _COMMENTS.search(label):
            yield address


def _rel(link: HtmlElement) -> list[str]:
    return (link.get("rel") or "").lower().split()
