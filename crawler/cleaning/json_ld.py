"""What a page says of its article in JSON-LD (schema.org). Pure."""

import html as entities
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml.html import HtmlElement

from crawler.cleaning.findings import Findings, findings

_ARTICLE = re.compile(
    r"Article$|^(?:NewsArticle|Report|BlogPosting|LiveBlogPosting|Review|SocialMediaPosting)$"
)
_WEAKER = re.compile(r"^(?:VideoObject|AudioObject|PodcastEpisode|RadioEpisode|WebPage)$")
_ORGANIZATION = re.compile(r"Organi[sz]ation$")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_WRAPPING = re.compile(r"^\s*(?://)?\s*<!(?:\[CDATA\[|--)|(?://)?\s*(?:\]\]|--)>\s*$")


def read_json_ld(root: HtmlElement) -> Findings:
    """The fields of the article the page's JSON-LD blocks describe, each block read by itself."""
    nodes = [node for block in _blocks(root) for node in _nodes(block)]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [node for node in nodes if _is(node, _ARTICLE)]
    node = max(articles, key=_fullness, default=None)
    if node is None:
        node = max((each for each in nodes if _is(each, _WEAKER)), key=_fullness, default={})
    return _article(node, by_id)


def _article(node: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> Findings:
    return findings(
        title=_texts(node.get("headline")) or (_texts(node.get("name")) if _is(node, _ARTICLE) else ()),
        subtitle=_texts(node.get("alternativeHeadline")),
        summary=_texts(node.get("description")),
        authors=_authors(node, by_id),
        published=_texts(node.get("datePublished")) or _texts(node.get("uploadDate")),
        modified=_texts(node.get("dateModified")),
        section=_texts(node.get("articleSection")),
        language=_texts(node.get("inLanguage")),
        text=_texts(node.get("articleBody")),
        audio=("yes",) if node.get("audio") else (),
        site=_names(node.get("publisher"), by_id),
        types=_texts(node.get("@type")),
    )


def _authors(node: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """The authors that are persons: some sites name themselves as author, and the person as creator."""
    given = [each for name in ("author", "creator") for each in _listed(node.get(name))]
    persons = [each for each in given if not (isinstance(each, dict) and _is(each, _ORGANIZATION))]
    return _names(persons or given, by_id) if node.get("creator") else _names(node.get("author"), by_id)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _blocks(root: HtmlElement) -> Iterator[Any]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield _parsed(_WRAPPING.sub("", script.text))


def _parsed(text: str) -> Any:
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(block: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every node of a block that may be an article: the block, its list, its graph, its main entity."""
    if depth > 4:
        return
    if isinstance(block, list):
        for each in block:
            yield from _nodes(each, depth + 1)
    elif isinstance(block, dict):
        yield block
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            if isinstance(block.get(name), list | dict):
                yield from _nodes(block[name], depth + 1)


def _is(node: Mapping[str, Any], kinds: re.Pattern[str]) -> bool:
    given = node.get("@type")
    types = given if isinstance(given, list) else [given]
    return any(isinstance(each, str) and kinds.search(each.rsplit("/", 1)[-1]) for each in types)


def _fullness(node: Mapping[str, Any]) -> int:
    return sum(bool(node.get(name)) for name in ("headline", "datePublished", "author", "articleBody"))


def _names(value: Any, by_id: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    if isinstance(value, list):
        persons = [each for each in value if not (isinstance(each, dict) and _is(each, _ORGANIZATION))]
        return tuple(name for each in persons or value for name in _names(each, by_id))
    if isinstance(value, dict):
        known = value if value.get("name") else by_id.get(str(value.get("@id")), value)
        return _texts(known.get("name"))
    return _texts(value)


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(text for each in value for text in _texts(each))
    if isinstance(value, dict):
        return _texts(value.get("@value") or value.get("name"))
    return (entities.unescape(value).strip(),) if isinstance(value, str) and value.strip() else ()
