"""What is watched: sources, their entries, links and pages. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    """How an entry tells its links."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    WORDPRESS = "wordpress"
    JSON = "json"
    SEARCH = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where the links of a source are found.

    `url` may hold `{page}`, which starts at 1; `pages` is the pattern of the pages after the first where it
    differs. `links` is a CSS selector of a listing's links. `fields` gives the dotted paths of a JSON
    answer: `items`, `link`, and as far as known `title`, `summary`, `published`. `base` is what relative
    links are relative to, where that is not the entry itself.
    """

    kind: EntryKind
    url: str
    pages: str = ""
    base: str = ""
    links: str = "a[href]"
    fields: Mapping[str, str] = field(default_factory=dict)
    backfill: bool = False  # of older articles: read by a back-fill alone
    optional: bool = False  # it may not be there: 404 or 410 is no problem while another entry works


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher we watch; everything we know of its site, as data.

    Patterns see a line of the body text with its whitespace normalised. `drop_lines` match a whole line,
    `end_lines` the start of the line with which the article has ended (it and all below go), `first_line`
    the start of the first line that is left, and only what matches goes; `last_line` the start of any line,
    which goes whole. The last two keep their first group, else the match, as the field they are named for:
    `origin`, `place`, `authors` or `aliases` (a short link).
    """

    id: str
    name: str
    country: str
    language: str
    timezone: str
    entries: tuple[Entry, ...]
    article_url: str
    select: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # field of Article -> CSS selectors
    drop: tuple[str, ...] = ()  # CSS selectors of what is not article
    drop_lines: tuple[str, ...] = ()  # patterns of whole lines that are not article
    end_lines: tuple[str, ...] = ()  # patterns of lines with which the article has ended
    first_line: Mapping[str, str] = field(default_factory=dict)  # field -> pattern at the start, taken off
    last_line: Mapping[str, str] = field(default_factory=dict)  # field -> pattern of a line, taken off
    reposts: bool = False  # republishes other outlets' texts: never the preferred copy
    weight: float = 1.0
    delay: float = 10.0  # seconds between two requests
    mirrors: tuple[str, ...] = ()  # other hosts with the same paths: their URLs count as those of the site
    tier: int = 2  # 1 open, 2 bodies often refused, 3 blocked, 4 nobody knows whether it is alive
    poll: int = 60  # minutes between two crawls of a source that publishes now and then
    poll_least: int = 15  # minutes, however much it publishes
    poll_most: int = 1440  # minutes, however little: it is never given up
    daily_pages: int = 200  # articles fetched from its hosts in 24 hours
    enabled: bool = True
    grade: str = "inferred"  # evidence: A operator's note, B working code or page, C list, inferred
    note: str = ""  # why it is disabled, or what to know


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A URL with what its entry said of it."""

    url: str
    key: str
    source: str
    title: str = ""
    summary: str = ""
    published: datetime | None = None
    aliases: tuple[str, ...] = ()  # other keys the entry gave it, such as a WordPress short link
    backfilled: bool = False  # asked for because it is old: never news


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Bytes as fetched."""

    link: Link
    url: str  # after redirects
    status: int
    body: bytes
    fetched: datetime
    headers: tuple[tuple[str, str], ...] = ()  # lower-case names
    kept: tuple[str, int, int] | None = None  # file, offset and length of its snapshot, once it has one
    backfilled: bool = False  # fetched or read because it is old: never news
