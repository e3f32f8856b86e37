"""One piece of a WARC file into the archive."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import BinaryIO
from urllib.parse import urlsplit

from crawler.backfill.pieces import Piece
from crawler.clock import Clock, now
from crawler.discovery import is_article, on_site
from crawler.fetching.means import Means
from crawler.fetching.memory import Memory
from crawler.fetching.recording import memory_of
from crawler.rules import Rules
from crawler.sites import home_url
from crawler.urls import untracked, url_key
from storage.archive import Archive
from storage.model import Accepted, Backfill, Link, Page, Source
from storage.records import GZIP, next_gzip
from storage.warc import WarcFolder, WarcPage, pages_of

_AT_ONCE = 200  # pages between two notes of how far it has come


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReader:
    """Takes the articles of our sources out of WARC files; `tell` hears how far it has come."""

    sources: tuple[Source, ...]
    archive: Archive
    rules: Rules
    tell: Callable[[Backfill], None]
    snapshots: WarcFolder | None = None
    clock: Clock = now
    _memories: dict[str, Memory] = field(default_factory=dict)
    _owners: dict[str, tuple[Source, ...]] = field(default_factory=dict)  # by host

    def read(self, piece: Piece) -> Backfill:
        """Examine and record each page of a piece that is an article of a source and not known.

        It goes on where it was broken off. A page whose examination killed the process is left out for now.
        """
        stands = self.archive.backfills.of(piece.name)
        with piece.file.open("rb") as stream:
            for pages in _batches(stream, piece, int(stands.place or piece.start)):
                kept = sum(self._keep(page) for page in self._new(pages))
                place = str(pages[-1].offset + 1)
                stands = replace(
                    stands, place=place, pages=stands.pages + len(pages), kept=stands.kept + kept
                )
                self._note(stands)
        self._note(replace(stands, done=True))
        return replace(stands, done=True)

    def _note(self, stands: Backfill) -> None:
        self.archive.backfills.remember(stands, self.clock())
        self.tell(stands)

    def _new(self, pages: Iterable[WarcPage]) -> Iterator[Page]:
        """Those that are an article of one of the sources, and of which nothing is known."""
        ours = [_page(each, source) for each in pages if (source := self._owner(each)) is not None]
        due = {link.key for link in self.archive.due((page.link for page in ours), self.clock())}
        return (page for page in ours if page.link.key in due)

    def _owner(self, page: WarcPage) -> Source | None:
        host = urlsplit(page.url).hostname or ""
        if host not in self._owners:
            self._owners[host] = tuple(source for source in self.sources if on_site(page.url, source))
        found = (source for source in self._owners[host] if is_article(page.url, source))
        return next(found, None) if page.status == 200 else None

    def _keep(self, page: Page) -> bool:
        """Whether the page is kept."""
        memory = self._memory(page.link.source)
        memory.begin_try(page.link)
        return isinstance(memory.keep(page), Accepted)

    def _memory(self, name: str) -> Memory:
        if name not in self._memories:
            source = next(source for source in self.sources if source.id == name)
            means = Means(
                archive=self.archive,
                rules=self.rules,
                snapshots=self.snapshots,
                backfilling=True,
                clock=self.clock,
            )
            self._memories[name] = memory_of(source, means)
        return self._memories[name]


def _batches(stream: BinaryIO, piece: Piece, start: int) -> Iterator[list[WarcPage]]:
    """The pages of a piece from `start` on, some at a time."""
    begin = next_gzip(stream, start) if _is_gzip(stream) else start
    if begin is None:
        return
    stream.seek(begin)
    pages = pages_of(stream, piece.end)
    while some := list(islice(pages, _AT_ONCE)):
        yield some


def _is_gzip(stream: BinaryIO) -> bool:
    stream.seek(0)
    return stream.read(len(GZIP)) == GZIP


def _page(found: WarcPage, source: Source) -> Page:
    url = untracked(home_url(found.url, source))
    link = Link(url=url, key=url_key(url), source=source.id, backfilled=True)
    return Page(
        link=link,
        url=url,
        status=found.status,
        body=found.body,
        fetched=found.fetched,
        headers=found.headers,
    )
