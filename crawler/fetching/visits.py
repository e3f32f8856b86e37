"""One entry in one crawl: what it has told, whether to read on, whether something may be missing. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crawler.discovery import Found, page_url
from storage.model import Entry, EntryKind, EntryState

_MARGIN = timedelta(days=1)  # posts are dated back, clocks differ: what is asked for again
_SITEMAP_WINDOW = timedelta(days=2)  # a news sitemap lists the last two days (Google's news sitemap rules)


@dataclass(slots=True)
class Visit:
    """An entry, what is remembered of it, and what has been read of it in this crawl."""

    entry: Entry
    before: EntryState
    first: datetime  # how far back it is read on first contact
    asked: set[str] = field(default_factory=set)  # URLs of its pages
    told: set[str] = field(default_factory=set)  # keys
    is_index: bool = False  # its first page names pages, but no article
    has_articles: bool = False  # however old
    due: bool = False  # it told a link that is to be fetched
    short: bool = False  # what it told does not go back to what is known
    parts_left: bool = False  # it is an index of more parts than were read
    state: EntryState | None = None  # what to remember, once each key is begun
    failed: str = ""
    absent: bool = False  # it is optional and not there
    refused: bool = False
    down: bool = False  # no answer, or a server in trouble: it may pass
    unchanged: bool = False

    @property
    def outcome(self) -> str:
        """What became of it, one of READINGS."""
        if self.unchanged or self.told:
            return "unchanged" if self.unchanged else "read"
        for name in ("refused", "absent", "down"):
            if getattr(self, name):
                return name
        return "unreadable" if self.failed else "read"

    @property
    def url(self) -> str:
        """What the entry is known by."""
        return page_url(self.entry)

    @property
    def met(self) -> bool:
        """Whether it was read before."""
        return self.before.fetched is not None

    @property
    def since(self) -> datetime:
        """What was published before this is known from the last time, or too old on first contact."""
        return self.before.fetched - _MARGIN if self.before.fetched else self.first

    @property
    def first_url(self) -> str:
        """The URL of its first page, which may depend on what is known."""
        return page_url(self.entry, after=self.since if self.met else None)

    @property
    def conditions(self) -> EntryState:
        """What a request for its first page may make conditions of.

        Nothing, where another URL than the last time is asked for: validators belong to one URL (RFC 9110
        section 8.8).
        """
        return self.before if self.first_url == self.url else EntryState(url=self.url)

    @property
    def is_known(self) -> bool:
        """Whether the site may answer that nothing has changed: it was told what we know."""
        return bool(self.conditions.etag or self.conditions.last_modified)

    def may_miss(self) -> bool:
        """Whether links may be missing: all that could be read is new, or parts of an index were not read."""
        return (self.parts_left or (self.met and self.short)) and not self.failed


def within_reach(visit: Visit, found: Found) -> Found:
    """What a page of an entry tells, but of a sitemap, which may go back for years, only what may be new."""
    visit.has_articles = visit.has_articles or bool(found.links)
    if visit.entry.kind is not EntryKind.SITEMAP:
        return found
    since = min(visit.since, visit.first)
    return replace(
        found, links=tuple(link for link in found.links if not link.published or link.published >= since)
    )


def reads_on(visit: Visit, found: Found, due: Collection[str], now: datetime) -> bool:
    """Whether the page after one that `found` links may hold more; notes what the page tells.

    On first contact, while half of a page is recent. Later, while half of a page is `due` (by key), or what
    stands where the oldest should: a pinned article or a "most read" box must not hide a burst of news. A
    page that only repeats the pages before it ends them.
    """
    before = frozenset(visit.told)
    fresh = [link for link in found.links if link.key not in before]
    visit.told.update(link.key for link in fresh)
    if not visit.met:
        telling = sum(link.published is None or link.published >= visit.first for link in fresh)
        return 2 * telling >= len(fresh) and bool(fresh or not found.links)
    if not fresh:
        return not found.links
    half, oldest = 2 * len(due) >= len(fresh), found.oldest in due or found.oldest in before
    short = half and oldest and not _covers(visit, found, now)
    visit.short = short or (visit.is_index and visit.short)  # each part of an index has an end of its own
    return half or oldest


def _covers(visit: Visit, found: Found, now: datetime) -> bool:
    """Whether an entry goes back to the last time it was read, though it tells nothing that is known."""
    fetched = visit.before.fetched or now
    last = next((link.published for link in found.links if link.key == found.oldest), None)
    match visit.entry.kind:
        case EntryKind.SITEMAP if now - fetched <= _SITEMAP_WINDOW:
            return True
        case EntryKind.WORDPRESS if not found.further:
            return True  # it was asked for all posts after a time, and this is the last page of them
    return last is not None and last <= fetched


def state_of(visit: Visit, headers: Mapping[str, str], now: datetime) -> EntryState:
    """What to remember of an entry that has answered.

    An index keeps no validators: it may stay the same while its parts change. A 304 need not repeat them.
    """
    if visit.is_index:
        return EntryState(url=visit.url, fetched=now)
    if visit.unchanged:
        return replace(
            visit.before,
            etag=headers.get("etag", visit.before.etag),
            last_modified=headers.get("last-modified", visit.before.last_modified),
            fetched=now,
        )
    return EntryState(
        url=visit.url,
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        fetched=now,
    )
