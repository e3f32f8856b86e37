"""What the service holds and takes: while nothing is due, and through a day of polling.

`python -m benchmarks.footprint --minutes 3 --hours 24 --database both`: a real `rasid service` with its pages
on, on an archive that has known 40 of the shipped sources for two months and has just crawled each of them;
then the jobs of a service by a clock that goes on a quarter of an hour at a time. Prints memory and processor
time, from /proc, and exits 1 beyond 120 MB, 1 % of a core or 5 % of growth.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.filling import RASID, Database, Postgresql, Sqlite
from benchmarks.gazette import year
from benchmarks.polling import GROWTH, growth, polled
from benchmarks.watching import Seen, look
from crawler.catalogue import load_sources
from crawler.rules import load_topics
from scheduler.settings import Backups, Catalogue, Crawl, Digest, Settings, Snapshots
from scheduler.settings import Database as DatabaseSettings
from storage.archive import Archive
from storage.model import CrawlReport
from tests.waiting import until
from tests.web import serve

MEGABYTES, PERCENT = 120.0, 1.0
SOURCES, DAYS, A_DAY = 40, 60, 2  # crawls of each a day
AT_START = frozenset({"crawl", "post", "webhooks", "questions", "watch", "upkeep", "backup"})
SETTLED = 10.0  # seconds after these were done
_STEP = 0.25  # hours
_HELD: Mapping[str, Callable[[Seen], float]] = {
    "RSS": lambda seen: seen.resident,
    "threads": lambda seen: seen.threads,
    "files": lambda seen: seen.files,
}
_SETTINGS = """
[database]
url = "{url}"
[catalogue]
only = {sources}
[crawl]
route = "{route}"
[web]
port = {port}
[log]
level = "warning"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """A service that has nothing to do."""

    held: Seen
    percent: float  # of a core
    steady: bool  # whether it did nothing else: no child was begun

    @property
    def is_small(self) -> bool:
        """Whether it is within the bounds."""
        return self.held.resident <= MEGABYTES and self.percent < PERCENT and self.steady


def fill(url: str, sources: tuple[str, ...]) -> None:
    """Two months of crawls of each source, the last one just now."""
    now = datetime.now(UTC)
    with Archive(url) as archive:
        archive.upgrade()
        archive.load_catalogue(load_sources(), load_topics(), ())
        for source in sources:
            for number in range(DAYS * A_DAY, -1, -1):
                archive.record_crawl(_report(source, now - timedelta(days=number / A_DAY), number))


def _report(source: str, at: datetime, number: int) -> CrawlReport:
    return CrawlReport(
        source=source,
        started=at,
        finished=at,
        requests=9,
        found=20,
        fetched=number % 3,
        relevant=number % 2,
        extracted=number % 3,
        fields={"title": number % 3, "text": number % 3, "published": number % 3},
        new=number % 3,
        entries={"read": 1},
        rejected={"no trace of the topic": number % 3},
    )


def measure(database: Database, folder: Path, sources: tuple[str, ...], seconds: float) -> Idle:
    """Run a service on a filled archive and look at it for so long."""
    fill(database.url, sources)
    with serve() as web:
        content = _SETTINGS.format(url=database.url, sources=list(sources), route=web.url, port=_port())
        (folder / "rasid.toml").write_text(content.replace("'", '"'), encoding="utf-8")
        with _service(folder) as process:
            until(lambda: _has_started(database.url), seconds=300, pause=1)
            time.sleep(SETTLED)
            web.forget()
            before, began = look(process.pid), time.monotonic()
            time.sleep(seconds)
            after, took = look(process.pid), time.monotonic() - began
            return Idle(
                held=after,
                percent=100 * (after.processor - before.processor) / took,
                steady=not web.requests,
            )


def _has_started(url: str) -> bool:
    """Whether all that is done at a start has been done."""
    with Archive(url) as archive:
        return {each.name for each in archive.running.job_runs()} >= AT_START


@contextmanager
def _service(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([RASID, "service"], cwd=folder)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _database(name: str, folder: Path, server: str) -> Database:
    return Sqlite(folder, "idle") if name == "sqlite" else Postgresql(server, f"idle_{os.getpid()}")


def _port() -> int:
    """A port that is free just now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def idle(name: str, database: Database, folder: Path, sources: tuple[str, ...], seconds: float) -> bool:
    """Print what an idle service holds; whether it is little enough."""
    found = measure(database, folder, sources, seconds)
    held = found.held
    _print(f"{'':12}{'RSS MB':>9}{'PSS MB':>9}{'threads':>9}{'files':>9}{'% CPU':>9}")
    _print(
        f"{name:12}{held.resident:>9.1f}{held.shared:>9.1f}{held.threads:>9}{held.files:>9}"
        f"{found.percent:>9.2f}{'' if found.steady else '  it crawled'}"
    )
    return found.is_small


def day(url: str, folder: Path, sources: tuple[str, ...], hours: float) -> bool:
    """Poll through a day; whether what is held stays what it is."""
    begin = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    printed = year(begin - timedelta(days=3), 5, seed=1)
    with serve() as web:
        settings = Settings(
            database=DatabaseSettings(url=url),
            catalogue=Catalogue(only=sources),
            crawl=Crawl(route=web.url, delay=0),
            digest=Digest(outbox=folder / "outbox"),
            snapshots=Snapshots(directory=folder / "snapshots"),
            backups=Backups(directory=folder / "backups"),
        )

        def show(moment: datetime) -> None:
            web.articles = tuple(each.article for each in reversed(printed) if each.shown <= moment)
            web.forget()

        steps = []
        _print(f"  {'time':6}{'crawls':>8}{'RSS MB':>9}{'PSS MB':>9}{'threads':>9}{'files':>9}")
        for each in polled(settings, begin, round(hours / _STEP), timedelta(hours=_STEP), show):
            steps.append(each)
            if each.moment.minute == 0 and each.moment.hour % 2 == 0:
                held = each.seen
                _print(
                    f"  {each.moment:%H:%M} {each.crawls:>8}{held.resident:>9.1f}{held.shared:>9.1f}"
                    f"{held.threads:>9}{held.files:>9}"
                )
    grown = {name: growth(steps, of) for name, of in _HELD.items()}
    _print("  growth: " + ", ".join(f"{name} {share:+.1%}" for name, share in grown.items()))
    return all(share <= GROWTH for share in grown.values())


def main() -> None:
    """Measure on each database; exit 1 where it is too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--hours", type=float, default=24.0, help="0: do not poll")
    parser.add_argument("--sources", type=int, default=SOURCES)
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    asked = parser.parse_args()
    sources = tuple(each.id for each in load_sources() if each.enabled)[: asked.sources]
    server = os.environ.get("RASID_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
    right = True
    _print(
        f"{len(sources)} sources, {DAYS} days of crawls; bounds: {MEGABYTES:g} MB, {PERCENT:g} % of a core"
    )
    for name in ("sqlite", "postgresql") if asked.database == "both" else (asked.database,):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            database = _database(name, folder, server)
            database.create()
            try:
                if asked.minutes:
                    right = idle(name, database, folder, sources, 60 * asked.minutes) and right
                if asked.hours:
                    database.create()
                    right = day(database.url, folder, sources, asked.hours) and right
            finally:
                database.drop()
    sys.exit(not right)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
