"""What the crawls of a process work with, as one value."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version

from crawler.clock import Clock, now
from crawler.rules import Rules, fingerprint
from crawler.signs import Beat, Begun
from storage.archive import Archive
from storage.model import Backfill, CrawlReport, Source
from storage.warc import WarcFolder

Said = CrawlReport | Backfill | Begun | Beat
Tell = Callable[[Said], None]


@dataclass(frozen=True, kw_only=True)
class Means:
    """Shared by all crawls of a process; each of them may use it in a thread."""

    archive: Archive
    rules: Rules
    known: tuple[Source, ...] = ()  # what pauses one source pauses those of them on its host
    snapshots: WarcFolder | None = None  # where the pages of accepted articles are kept
    tell: Tell = lambda _: None  # hears each report, how far a back-fill has come, and signs of life
    backfilling: bool = False  # what is recorded is no news
    clock: Clock = now
    # Two examinations at once would only take turns on the interpreter and hold up the network.
    examining: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def judged_by(self) -> str:
        """The fingerprint of the rules."""
        return fingerprint(self.rules, version("rasid"))
