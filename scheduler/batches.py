"""The crawls a service has under way: each batch of sources in a thread of ours and a child of its own."""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from time import monotonic

from crawler.clock import Clock
from crawler.clock import now as real
from crawler.sites import hosts_of
from scheduler.children import Context
from scheduler.crawling import Crawling, bounds_of
from scheduler.places import Places
from scheduler.settings import Settings
from scheduler.telling import tell_crawl
from storage.errors import RasidError
from storage.event import event
from storage.model import CrawlReport, Source

log = logging.getLogger(__name__)
REST = 300.0  # seconds in which nothing is sent out after a batch that broke off
BUSY, MOST = 30.0, 300.0  # seconds for which a source rests on whose hosts somebody was, longer each time


class Batches:
    """The batches under way, at most [crawl] processes of them; `stopping` ends them all."""

    def __init__(
        self,
        settings: Settings,
        stopping: Callable[[], bool],
        context: Context | None = None,
        clock: Clock = real,
    ) -> None:
        self._settings, self._stopping = settings, stopping
        self._context, self._clock = context, clock
        self._bounds = bounds_of(settings)
        self._places = Places(settings.crawl.processes)
        self._batches: dict[threading.Thread, dict[str, Source]] = {}  # without those that are done
        self._alone = threading.Lock()
        self._error, self._rests_until = "", 0.0
        self._busy: dict[str, tuple[int, float]] = {}  # source -> how often in a row, when it is tried again

    def complain(self) -> None:
        """Raise RasidError if the batch that ended last broke off, as those after it will."""
        if self._error:
            raise RasidError(f"crawls break off: {self._error}")

    def free(self, sources: Iterable[Source]) -> tuple[Source, ...]:
        """Those that can be sent out now: no child has them or is on one of their hosts.

        Nothing where all places are taken, and for a while after a batch that broke off; a source on whose
        hosts somebody else was has a rest, too.
        """
        moment = monotonic()
        if self._stopping() or not self._places.is_free() or moment < self._rests_until:
            return ()
        with self._alone:
            taken = [source for batch in self._batches.values() for source in batch.values()]
            resting = {each for each, (_, end) in self._busy.items() if moment < end}
        ids = resting | {each.id for each in taken}
        hosts = {host for each in taken for host in hosts_of(each)}
        return tuple(each for each in sources if each.id not in ids and hosts.isdisjoint(hosts_of(each)))

    def send(self, sources: Iterable[Source], now: datetime) -> None:
        """Have sources crawled as one batch; returns at once."""
        batch = {source.id: source for source in sources}
        thread = threading.Thread(target=self._crawl, args=(batch, now), name="rasid-batch")
        with self._alone:
            self._batches[thread] = batch
        thread.start()

    def wait(self) -> None:
        """Wait for the end of all that is under way."""
        with self._alone:
            threads = tuple(self._batches)
        for thread in threads:
            thread.join()

    def _crawl(self, batch: dict[str, Source], now: datetime) -> None:
        """Crawl a batch; what its child leaves is free as soon as that has ended."""
        crawling = Crawling(
            settings=self._settings,
            tell=lambda report: self._tell(report, batch),
            now=now,
            stopping=self._stopping,
            context=self._context,
            clock=self._clock,
            bounds=self._bounds,
            places=self._places,
        )
        try:
            end = crawling.together(tuple(batch))
            self._leave(batch, set(batch) - set(end.suspects))
            crawling.apart(end)
            self._error = ""
        except RasidError as error:
            log.error(event("crawl broke off", sources=",".join(batch), error=error))
            self._error, self._rests_until = str(error), monotonic() + REST
        except Exception:  # the next batch may do better
            log.exception(event("crawl broke off", sources=",".join(batch), error="please report it"))
            self._error, self._rests_until = "a batch broke off", monotonic() + REST
        finally:
            with self._alone:
                del self._batches[threading.current_thread()]

    def _tell(self, report: CrawlReport, batch: dict[str, Source]) -> None:
        with self._alone:
            times, _ = self._busy.pop(report.source, (0, 0.0))
            if report.outcome == "busy":
                self._busy[report.source] = times + 1, monotonic() + min((times + 1) * BUSY, MOST)
        self._leave(batch, {report.source})
        tell_crawl(report)

    def _leave(self, batch: dict[str, Source], sources: set[str]) -> None:
        with self._alone:
            for source in sources:
                batch.pop(source, None)
