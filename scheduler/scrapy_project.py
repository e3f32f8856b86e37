"""What scrapy.cfg names: the settings and the spiders of this installation, for Scrapy's own command.

`scrapy list` shows the enabled sources; `scrapy crawl elaph` crawls one into the configured archive, exactly
as `rasid crawl elaph` does, but in this process and with no deadline. The only Scrapy file that reads
rasid.toml.
"""

import logging
from contextlib import ExitStack
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.catalogue import readable_sources
from crawler.fetching.means import Means
from crawler.fetching.politeness import scrapy_settings, source_settings
from crawler.fetching.recording import memory_of
from crawler.rules import load_rules
from crawler.run import report_of
from crawler.sites import hosts_of
from crawler.spider import SourceSpider
from scheduler import jobs
from scheduler.limits import limits_of
from scheduler.loading import load_settings
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import RasidError
from storage.event import event
from storage.model import Source

Ids = list[str]
logger = logging.getLogger(__name__)


def _settings(*, needed: bool) -> Settings:
    """What rasid.toml says; where it is wrong, one line instead of Scrapy's traceback."""
    try:
        settings = load_settings(needed=needed)
        limits_of(settings)
        return settings
    except RasidError as error:
        raise SystemExit(str(error)) from error


# Scrapy takes the upper-case names of this module for its settings.
SPIDER_LOADER_CLASS = "scheduler.scrapy_project.Catalogue"
_rasid = _settings(needed=False)
globals().update(scrapy_settings(limits_of(_rasid)))
LOG_LEVEL = _rasid.log.level.upper()
LOG_INSTALL_ROOT_HANDLER = True


class Catalogue:
    """Scrapy's spider loader over the catalogue: one spider a source, whose name is the source's id."""

    def __init__(self) -> None:
        try:
            sources, problems = readable_sources(_rasid.catalogue.directory)
        except RasidError as error:
            raise SystemExit(str(error)) from error
        self._sources = {source.id: source for source in sources if source.enabled}
        for problem in problems:
            logger.error(event("source not read", error=problem))

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> "Catalogue":  # noqa: ARG003 - rasid.toml has them
        """Called by Scrapy."""
        return cls()

    def list(self) -> Ids:
        """The ids of the enabled sources."""
        return Ids(self._sources)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a source; an id nobody knows ends the command with one line."""
        if spider_name not in self._sources:
            raise SystemExit(f"{spider_name}: no such source; see `scrapy list`")
        return spider_class(self._sources[spider_name], _settings(needed=True))

    def find_by_request(self, request: Request) -> Ids:  # noqa: ARG002 - asked by `scrapy fetch` only
        """No source claims a URL."""
        return []


def spider_class(source: Source, settings: Settings) -> type[Spider]:
    """A class whose spider brings its collaborators along, because Scrapy makes spiders from classes."""
    limits = limits_of(settings)

    class InstalledSpider(SourceSpider):
        name = source.id
        archive: Archive
        turn: ExitStack

        @classmethod
        def update_settings(cls, settings: BaseSettings) -> None:
            settings.update(source_settings(source, limits), priority="spider")

        @classmethod
        def from_crawler(cls, crawler: Crawler, *_: Any, **__: Any) -> "InstalledSpider":
            archive = _opened(settings)
            turn = _turn(source, archive)
            means = Means(
                archive=archive,
                rules=load_rules(settings.catalogue.directory, settings.catalogue.topics),
                known=readable_sources(settings.catalogue.directory)[0],
            )
            spider = cls(source, memory_of(source, means), limits)
            spider.archive, spider.turn = archive, turn
            spider._set_crawler(crawler)
            crawler.signals.connect(spider.record_report, signal=signals.spider_closed)
            return spider

        def record_report(self) -> None:
            report = report_of(self.crawler)
            self.archive.record_crawl(report)
            self.turn.close()
            self.archive.close()
            logger.info(event("crawl ended", source=report.source, outcome=report.outcome, report=report))

    return InstalledSpider


def _turn(source: Source, archive: Archive) -> ExitStack:
    """The source's hosts, ours until it is closed; where another process is on them, one line and the end."""
    turn = ExitStack()
    if not turn.enter_context(archive.access.turn(hosts_of(source))):
        raise SystemExit(f"{source.id}: another crawl of it is under way; try again later")
    return turn


def _opened(settings: Settings) -> Archive:
    archive = Archive(settings.database.url)
    archive.upgrade()
    jobs.load_catalogue(settings, archive)
    return archive
