"""Sites that hang, swell or take their time, and crawls of them as the service has them."""

import multiprocessing
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scheduler import jobs
from scheduler.children import Bounds
from scheduler.settings import Catalogue, Crawl, Database, Settings
from storage.archive import Archive
from storage.model import CrawlReport, Link, Source
from tests.children import forkserver
from tests.crawler.crawling import Place, feed
from tests.waiting import until
from tests.web import Web

BOUNDS = Bounds(memory=5_000, patience=60, silence=60, grace=12)
TEXT = "The French and Moroccan police arrested a terror suspect in Tangier. " * 20
ENDLESS = "drop_lines = ['(a+)+b']\n"  # a pattern that takes for ever and lets nothing else run
SWELLING = f"drop_lines = ['(?:{'(?:' * 12}a|a{')?' * 12})*b']\n"  # so does this, and holds 2 kB for each a


@dataclass
class Ground:
    """A web, and an archive with sources of our own."""

    folder: Path
    web: Web
    crawl: dict[str, Any] = field(default_factory=dict)  # settings
    runs: list["Run"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place = Place(self.folder, self.web.url)

    @property
    def settings(self) -> Settings:
        crawl: dict[str, Any] = {"route": self.web.url, "delay": 0, "timeout": 100, **self.crawl}
        return Settings(
            database=Database(url=self.place.archive_url),
            catalogue=Catalogue(directory=self.folder, only=tuple(self.names)),
            crawl=Crawl(**crawl),
        )

    @property
    def names(self) -> list[str]:
        return sorted(path.stem for path in (self.folder / "sources").glob("*.toml"))

    def site(self, name: str, *, pages: int = 1, body: str = "", delay: float = 0, head: str = "") -> None:
        """A source with a site of so many pages, the last the newest."""
        host = f"{name}.test"
        self.place.write(name, host)
        file = self.folder / "sources" / f"{name}.toml"
        file.write_text(head + file.read_text(encoding="utf-8"), encoding="utf-8")
        self.web.answer(host, "/robots.txt", status=404)
        paths = [f"/news/{number}" for number in range(pages, 0, -1)]
        self.web.answer(host, "/feed", body=feed(*(f"https://{host}{path}" for path in paths)))
        for path in paths:
            self.web.answer(host, path, body=f"<h1>Arrest</h1><p>{TEXT}</p>{body}", delay=delay)

    def slow_feed(self, name: str, delay: float) -> None:
        """From now on the feed of a site takes so many seconds."""
        self.web.answer(f"{name}.test", "/feed", body=feed(), delay=delay)

    def sources(self, *names: str) -> tuple[Source, ...]:
        """The sources of these names, else all; the archive knows them."""
        with Archive(self.place.archive_url) as archive:
            known, problems = jobs.load_catalogue(self.settings, archive)
        assert not problems
        return jobs.choose(known, names)

    def last_crawl(self, name: str) -> CrawlReport | None:
        with Archive(self.place.archive_url) as archive:
            return next((each.last_crawl for each in archive.health() if each.source == name), None)

    def until_in_flight(self, *names: str, page: int = 1) -> None:
        """Wait until a page of each is being fetched: its try is counted just before."""
        for name in names:
            url = f"https://{name}.test/news/{page}"
            link = Link(url=url, key=url, source=name)
            with Archive(self.place.archive_url) as archive:
                until(lambda: archive.due([link], datetime.now(UTC)) == ())  # noqa: B023 called here


@dataclass
class Run:
    """A crawl of sources in a thread of ours, and what it has told."""

    ground: Ground
    sources: Iterable[Source]
    bounds: Bounds = BOUNDS
    told: list[CrawlReport] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    reports: tuple[CrawlReport, ...] = ()

    def __post_init__(self) -> None:
        self.ground.runs.append(self)
        self._thread = threading.Thread(target=self._crawl)
        self._thread.start()

    def _crawl(self) -> None:
        self.reports = jobs.crawl(
            self.ground.settings,
            self.sources,
            tell=self.told.append,
            now=datetime.now(UTC),
            stopping=self.stop.is_set,
            context=forkserver(),
            bounds=self.bounds,
        )

    def break_off(self) -> None:
        """Stop it, if it is still under way."""
        self.stop.set()
        self._thread.join()

    def end(self, seconds: float = 100) -> dict[str, CrawlReport]:
        """Wait for its end; the reports by source."""
        self._thread.join(seconds)
        assert not self._thread.is_alive()
        return {report.source: report for report in self.reports}


def children() -> list[int]:
    """The crawl children of this process."""
    return [each.pid or 0 for each in multiprocessing.active_children() if each.name == "rasid-crawl"]
