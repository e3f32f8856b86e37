"""The catalogue: one TOML file a publisher, read into Sources. How to write one: docs/sources.md."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cssselect import GenericTranslator, SelectorError

from crawler.files import read_rules, rule_files, to_value
from storage.errors import CatalogueError
from storage.model import Entry, EntryKind, Source

ZONES = {
    "AE": "Asia/Dubai",
    "BE": "Europe/Brussels",
    "DZ": "Africa/Algiers",
    "EG": "Africa/Cairo",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "LB": "Asia/Beirut",
    "MA": "Africa/Casablanca",
    "MR": "Africa/Nouakchott",
    "NL": "Europe/Amsterdam",
    "QA": "Asia/Qatar",
    "SA": "Asia/Riyadh",
    "TN": "Africa/Tunis",
}
"""Where a source says no `timezone`: that of its country; UTC for the others."""

_GRADES = ("A", "B", "C", "inferred")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_LEAST = {"delay": 0, "poll": 1, "poll_least": 1, "poll_most": 1, "daily_pages": 1, "weight": 0}
_TIERS = (1, 2, 3, 4)
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_FIELDS = {
    "select": ("title", "subtitle", "text", "authors", "published", "modified", "section"),
    "first_line": ("origin", "place", "authors", "aliases"),
    "last_line": ("origin", "place", "authors", "aliases"),
}
_BRACES = re.compile(r"\{[^{}]+\}")
_NEEDED = {EntryKind.JSON: ("items", "link")}


def load_sources(directory: Path | None = None) -> tuple[Source, ...]:
    """Every source by id, disabled ones too; a file of `directory`/sources replaces the shipped one.

    Raises CatalogueError naming file, key and value.
    """
    return tuple(read_source(path) for path in rule_files("sources", directory))


def readable_sources(
    directory: Path | None = None,
) -> tuple[tuple[Source, ...], tuple[CatalogueError, ...]]:
    """The sources that can be read, and what is wrong with the files of the others.

    Raises CatalogueError if `directory` is not there.
    """
    sources, problems = [], []
    for path in rule_files("sources", directory):
        try:
            sources.append(read_source(path))
        except CatalogueError as error:
            problems.append(error)
    return tuple(sources), tuple(problems)


def read_source(path: Path) -> Source:
    """The source of one file; its id is the file's name.

    Raises CatalogueError naming file, key and value.
    """
    content = read_rules(path)
    if "id" in content or "entries" in content:
        raise CatalogueError(
            f"{path}: id, entries: no such key; the id is the file's name, entries are [[entry]]"
        )
    content["entries"] = tuple(_entries(content.pop("entry", []), path))
    zone = ZONES.get(str(content.get("country")), "UTC")
    source = to_value(Source, {"id": path.stem, "timezone": zone} | content, path)
    for problem in _problems(source):
        raise CatalogueError(f"{path}: {problem}")
    return source


def _entries(tables: Any, path: Path) -> Iterator[Entry]:
    if not isinstance(tables, list) or not tables:
        raise CatalogueError(f"{path}: entry: at least one [[entry]] table is needed (got {tables!r})")
    for number, table in enumerate(tables, start=1):
        if not isinstance(table, dict):
            raise CatalogueError(f"{path}: entry: not a [[entry]] table (got {table!r})")
        yield to_value(Entry, table, Path(f"{path}: [[entry]] {number}"))


def _problems(source: Source) -> Iterator[str]:
    """What a type cannot say, as "key: what (got value)"."""
    plain = asdict(source)
    for key, pattern in (
        ("id", _ID),
        ("country", re.compile("[A-Z]{2}")),
        ("language", re.compile("[a-z]{2}")),
    ):
        if not pattern.fullmatch(plain[key]):
            yield f"{key}: does not match {pattern.pattern} (got {plain[key]!r})"
    if source.grade not in _GRADES:
        yield f"grade: not one of {', '.join(_GRADES)} (got {source.grade!r})"
    if source.tier not in _TIERS:
        yield f"tier: not one of 1, 2, 3, 4 (got {source.tier!r})"
    for mirror in source.mirrors:
        if not _HOST.fullmatch(mirror):
            yield f"mirrors: not a host such as lite.quotidien.example (got {mirror!r})"
    if not source.enabled and not source.note:
        yield "note: is empty; say why the source is disabled (got '')"
    for key, least in _LEAST.items():
        if not least <= plain[key] < math.inf:
            yield f"{key}: is not a number from {least} up (got {plain[key]!r})"
    yield from _zone_problem(source.timezone)
    yield from _field_problems(source)
    for key, text in _patterns(source):
        yield from _pattern_problem(key, text)
    for key, text in _selectors(source):
        yield from _selector_problem(key, text)
    kinds = {entry.kind for entry in source.entries}
    if EntryKind.SEARCH in kinds and len(kinds) > 1:
        yield "entry: search stands alone: what a service reports is no link of a publisher (got other kinds)"
    if all(entry.backfill for entry in source.entries):
        yield "entry: every one is for a back-fill alone; one must tell what is new (got backfill = true)"
    for number, entry in enumerate(source.entries, start=1):
        yield from (f"[[entry]] {number}: {problem}" for problem in _entry_problems(entry))


def _zone_problem(name: str) -> Iterator[str]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"timezone: no such zone; write one such as Africa/Casablanca (got {name!r})"


def _field_problems(source: Source) -> Iterator[str]:
    for key, known in _FIELDS.items():
        for name in getattr(source, key):
            if name not in known:
                yield f"{key}.{name}: no such field; known are {', '.join(known)}"


def _patterns(source: Source) -> Iterable[tuple[str, str]]:
    yield "article_url", source.article_url
    yield from (("drop_lines", text) for text in source.drop_lines)
    yield from (("end_lines", text) for text in source.end_lines)
    for key, table in (("first_line", source.first_line), ("last_line", source.last_line)):
        yield from ((f"{key}.{name}", text) for name, text in table.items())


def _selectors(source: Source) -> Iterable[tuple[str, str]]:
    yield from (("drop", text) for text in source.drop)
    for name, texts in source.select.items():
        yield from ((f"select.{name}", text) for text in texts)
    for number, entry in enumerate(source.entries, start=1):
        yield f"[[entry]] {number}: links", entry.links


def _pattern_problem(key: str, text: str) -> Iterator[str]:
    try:
        re.compile(text)
    except re.error as error:
        yield f"{key}: not a regular expression: {error} (got {text!r})"


def _selector_problem(key: str, text: str) -> Iterator[str]:
    try:
        GenericTranslator().css_to_xpath(text)
    except SelectorError as error:
        yield f"{key}: not a CSS selector: {error} (got {text!r})"


def _entry_problems(entry: Entry) -> Iterator[str]:
    for key, url in (("url", entry.url), ("pages", entry.pages), ("base", entry.base)):
        if (url or key == "url") and not _is_web_address(url):
            yield f"{key}: not an http or https URL (got {url!r})"
    if entry.pages and "{page}" not in entry.pages:
        yield f"pages: has no {{page}} (got {entry.pages!r})"
    for name in _NEEDED.get(entry.kind, ()):
        if not entry.fields.get(name):
            yield f"fields: {name} is missing (got {dict(entry.fields)!r})"
    link = entry.fields.get("link", "")
    if set("{}") & set(_BRACES.sub("", link)):
        yield f"fields.link: a brace without its other, or with no path inside (got {link!r})"


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(" \t\n") & set(url)
    except ValueError:
        return False
