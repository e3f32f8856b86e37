"""A year in a quarter of an hour: does every relevant article end in exactly one weekly digest?

`python -m benchmarks.year --weeks 52 --zone Europe/Paris --database both`: the replica of the four seed sites
publishes for a simulated year. Each day it is crawled once, in this process, by a clock that is set; the
service's own jobs, made anew at each of its starts, publish, mail and tidy at the times their own triggers
name. There are days and Monday mornings without service, restarts, sites that are down for two days, articles
that are shown long after their date, and copies. Prints a table, and a line for each breach; then exit 1.
"""

import argparse
import asyncio
import logging
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from scrapy.crawler import AsyncCrawlerProcess

from benchmarks.almanac import Almanac, Life, almanac
from benchmarks.filling import Database, Postgresql, Sqlite
from benchmarks.gazette import Printed, year
from benchmarks.reckoning import Homes, Reckoning, homes_of, reckon
from benchmarks.settable import Clock
from crawler.fetching.means import Means
from crawler.rules import Rules, load_rules
from crawler.run import Crawls, make_process, stop_reactor
from scheduler import jobs
from scheduler.batches import Batches
from scheduler.issues import house_series
from scheduler.limits import limits_of
from scheduler.settings import Catalogue, Crawl, Digest, Mail, Settings, Snapshots
from scheduler.settings import Database as DatabaseSettings
from scheduler.timetable import Job, jobs_of
from storage.archive import Archive
from storage.model import Source
from tests.mailbox import Mailbox, open_mailbox
from tests.web import Web, serve
from tests.web.press import HOMES

FIRST = date(2026, 1, 5)  # a Monday
SHOWN = timedelta(days=30)  # how far back a site shows what it has published
READERS = {f"{language}@example.org": language for language in ("ar", "fr", "en")}
_HOSTS = {
    "machahid24": ("machahid24.com",),
    "eocr": ("eocr.eu",),
    "elaph": ("elaph.com", "api.elaph.com"),
    "mc_doualiya": ("www.mc-doualiya.com",),
}
_COLUMNS = (
    *("weeks", "crawls", "lives", "issues", "mails", "told", "as a copy", "as another account", "too old"),
    *("not reached", "irrelevant"),
)


@dataclass(slots=True, kw_only=True)
class Year:
    """One run: what is planned, and what the sites have shown."""

    settings: Settings
    plan: Almanac
    printed: tuple[Printed, ...]
    web: Web
    process: AsyncCrawlerProcess
    rules: Rules
    clock: Clock = field(default_factory=Clock)
    homes: dict[str, Homes] = field(default_factory=dict)  # by issue
    seen: dict[str, datetime] = field(default_factory=dict)  # id of an article -> the crawl that could see it

    async def run(self) -> None:
        """Live through all lives of the service."""
        for life in self.plan.lives:
            self.clock.set(life.begin)
            with Archive(self.settings.database.url) as archive:
                await self._live(archive, life)

    async def _live(self, archive: Archive, life: Life) -> None:
        """What a service does from its start to its end."""
        archive.upgrade()
        sources, _ = jobs.load_catalogue(self.settings, archive)
        over = threading.Event()
        batches = Batches(self.settings, over.is_set)
        made = jobs_of(self.settings, archive, sources, batches, over, self.clock)
        table = {job.name: job for job in made}
        self._do(archive, table, "post")
        for moment, name in self._agenda(table["digest"], life):
            self.clock.set(moment)
            if name == "digest":
                self._do(archive, table, "digest")
            else:
                await self._crawl(archive, sources, moment)
                self._do(archive, table, "post", "watch", "upkeep")

    def _agenda(self, digest: Job, life: Life) -> Iterator[tuple[datetime, str]]:
        """The crawls of a life, and when its trigger says that a digest is due."""
        due = [(moment, "crawl") for moment in self.plan.crawls if life.begin <= moment < life.end]
        fire = digest.trigger.get_next_fire_time(None, life.begin)
        while fire is not None and fire < life.end:
            due.append((fire, "digest"))
            fire = digest.trigger.get_next_fire_time(fire, fire)
        return iter(sorted(due))

    def _do(self, archive: Archive, table: dict[str, Job], *names: str) -> None:
        for name in names:
            table[name].run(archive, self.clock)
        for issue in archive.posting.issues():
            if issue.name not in self.homes:
                self.homes[issue.name] = homes_of(archive, issue)

    async def _crawl(self, archive: Archive, sources: tuple[Source, ...], moment: datetime) -> None:
        """Crawl whose turn it is, in this process."""
        due = jobs.due(sources, archive.health(), moment, archive.revisions.due_sources(moment))
        down = self.plan.down(moment)
        self._show(moment, down)
        means = Means(archive=archive, rules=self.rules, known=sources, clock=self.clock.shifted)
        await Crawls(self.process, means, limits_of(self.settings), None).run(due)
        for each in self.printed:
            if each.shown <= moment and each.article.site in {source.id for source in due} - down:
                self.seen.setdefault(each.article.id, moment)

    def _show(self, moment: datetime, down: frozenset[str]) -> None:
        """What the sites have by then, the last shown first."""
        shown = [each for each in self.printed if moment - SHOWN < each.shown <= moment]
        self.web.articles = tuple(each.article for each in reversed(shown))
        self.web.down = {host for site in down for host in _HOSTS[site]}
        self.web.forget()


async def live_through(
    url: str, asked: argparse.Namespace, web: Web, process: AsyncCrawlerProcess
) -> tuple[Year, Reckoning]:
    """A year on an empty archive, and how it was told."""
    plan = almanac(asked.first, asked.weeks, ZoneInfo(asked.zone), asked.seed)
    printed = year(plan.begin - timedelta(days=2), 7 * asked.weeks + 1, asked.seed)
    with open_mailbox() as mailbox:
        settings = _settings(url, web, mailbox, asked.zone)
        rules = load_rules(None, ())
        run = Year(settings=settings, plan=plan, printed=printed, web=web, process=process, rules=rules)
        with Archive(url) as archive:
            archive.upgrade()
            for address, language in READERS.items():
                archive.subscribing.add(address, house_series(settings), language, plan.begin, empty=True)
        await run.run()
        with Archive(url) as archive:
            return run, reckon(archive, plan, printed, run.seen, run.homes, mailbox.mails, READERS)


def _settings(url: str, web: Web, mailbox: Mailbox, zone: str) -> Settings:
    return Settings(
        database=DatabaseSettings(url=url),
        catalogue=Catalogue(only=tuple(HOMES)),
        crawl=_crawl(web),
        digest=Digest(timezone=zone),
        mail=Mail(host=mailbox.host, port=mailbox.port, security="none", sender="rasid@example.org"),
        snapshots=Snapshots(keep=False),
    )


def _crawl(web: Web) -> Crawl:
    return Crawl(route=web.url, delay=0)


async def _all(asked: argparse.Namespace, web: Web, process: AsyncCrawlerProcess) -> bool:
    right = True
    for name in ("sqlite", "postgresql") if asked.database == "both" else (asked.database,):
        with tempfile.TemporaryDirectory() as folder:
            database = _database(name, Path(folder))
            database.create()
            began = time.monotonic()
            try:
                run, found = await live_through(database.url, asked, web, process)
            finally:
                database.drop()
        _print(_table(name, asked, run, found.counts, time.monotonic() - began))
        _print("\n".join(found.breaches) or "no breach")
        right = right and not found.breaches
    return right


def _database(name: str, folder: Path) -> Database:
    server = os.environ.get("RASID_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
    return Sqlite(folder, "year") if name == "sqlite" else Postgresql(server, f"year_{os.getpid()}")


def _table(name: str, asked: argparse.Namespace, run: Year, counts: Counter[str], seconds: float) -> str:
    told = {"weeks": asked.weeks, "crawls": len(run.plan.crawls), "lives": len(run.plan.lives)} | counts
    rows = (f"  {column:20}{told.get(column, 0):>8,}" for column in _COLUMNS)
    title = f"{name}, {asked.zone}, from {asked.first}, seed {asked.seed}: {seconds:.0f} s"
    return "\n".join((title, *rows))


def main() -> None:
    """Live through the year on each database; exit 1 where something is told twice, wrongly or not at all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--first", type=date.fromisoformat, default=FIRST, help="a Monday")
    parser.add_argument("--zone", default="Europe/Paris")
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    asked = parser.parse_args()
    with serve() as web:
        web.answer("api.elaph.com", "/robots.txt", status=404)  # without its Crawl-delay
        process = make_process(limits_of(Settings(crawl=_crawl(web))))
        logging.disable(logging.CRITICAL)  # outages are meant to be
        done = asyncio.get_event_loop().create_task(_all(asked, web, process))
        done.add_done_callback(stop_reactor)
        process.start(stop_after_crawl=False, install_signal_handlers=False)
    sys.exit(not done.result())


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
