"""Crawls as the service does them: in a child process, over real HTTP, into a real archive."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from crawler.clock import Clock, now
from crawler.limits import Batch, Limits
from crawler.run import crawl_batch
from storage.archive import Archive
from storage.model import CrawlReport
from tests.children import child

AGENT = "Rasid/0 (+https://example.org/rasid)"
DEADLINE = 60  # seconds


class Crawling:
    """A crawl under way in a child process."""

    def __init__(self, batch: Batch, environment: Mapping[str, str] | None = None) -> None:
        self._receiver, sender = Pipe(duplex=False)
        self.child = child(_child, batch, sender, dict(environment or {}))
        self.child.start()
        sender.close()

    def reports(self) -> dict[str, CrawlReport]:
        """Waits for the end; by source."""
        told: dict[str, CrawlReport] = {}
        while self._receiver.poll(DEADLINE):
            try:
                report = self._receiver.recv()
            except EOFError:
                break
            if isinstance(report, CrawlReport):
                told[report.source] = report
        self.child.join(DEADLINE)
        return told


class Place:
    """A folder with an archive, snapshots and source files of its own."""

    def __init__(self, folder: Path, route: str) -> None:
        self.folder, self.route = folder, route
        self.archive_url = f"sqlite:///{folder / 'archive.db'}"
        (folder / "sources").mkdir(parents=True)
        with Archive(self.archive_url) as archive:
            archive.upgrade()

    def write(self, source: str, host: str, *entries: str) -> None:
        """A source whose articles are https://HOST/news/…; each entry is the body of an [[entry]] table."""
        head = f'name = "{source}"\ncountry = "MA"\nlanguage = "en"\narticle_url = "https?://[^/]+/news/"\n'
        tables = "".join(f"[[entry]]\n{entry}\n" for entry in entries or (feed_of(host),))
        (self.folder / "sources" / f"{source}.toml").write_text(head + tables, encoding="utf-8")

    def start(
        self,
        sources: Iterable[str],
        environment: Mapping[str, str] | None = None,
        since: datetime | None = None,
        clock: Clock = now,
        **limits: object,
    ) -> Crawling:
        """Begins a crawl, or a back-fill to `since`, without delays unless `limits` says otherwise."""
        given: Mapping[str, object] = {
            "user_agent": AGENT,
            "route": self.route,
            "delay": 0.0,
            "timeout": 2.0,
            "sources_at_once": 6,
            **limits,
        }
        batch = Batch(
            archive_url=self.archive_url,
            sources=tuple(sources),
            limits=Limits(**given),  # type: ignore[arg-type]
            directory=self.folder,
            snapshots=self.folder / "snapshots",
            since=since,
            clock=clock,
        )
        return Crawling(batch, environment)

    def crawl(self, *sources: str, clock: Clock = now, **limits: object) -> dict[str, CrawlReport]:
        """Crawls to the end; the reports by source."""
        return self.start(sources, None, None, clock, **limits).reports()


def feed_of(host: str) -> str:
    """The entry every source has unless it is about another one."""
    return f'kind = "feed"\nurl = "https://{host}/feed"'


def feed(*links: str) -> str:
    """A feed of these links, the first the newest."""
    days = range(len(links), 0, -1)
    items = "".join(
        f"<item><link>{link}</link><title>{link}</title><pubDate>2026-11-{day:02} 10:00</pubDate></item>"
        for link, day in zip(links, days, strict=True)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'


def _child(batch: Batch, sender: Connection, environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    crawl_batch(batch, sender.send)
