"""How sources have done lately, for a question that is asked every minute."""

from collections.abc import Mapping
from dataclasses import replace

from storage.archive import Archive
from storage.model import CrawlTotals, SourceHealth


class Lately:
    """Remembers how sources have done, and reads it again only of those that were crawled since.

    Two months of each of sixty sources are more than a minute's question is worth. By whom a source was
    crawled does not matter: its totals grow with every crawl.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._totals: Mapping[str, CrawlTotals] = {}
        self._health: dict[str, SourceHealth] = {}

    def health(self) -> tuple[SourceHealth, ...]:
        """What `archive.health()` says of each source that was ever crawled, but for its last article."""
        # Read before what they count, so that a crawl that ends meanwhile is seen the next time.
        totals = {each.source: each for each in self._archive.running.crawl_totals()}
        changed = {source for source, total in totals.items() if self._totals.get(source) != total}
        if changed or not self._totals:
            read = self._archive.health(changed if self._totals else None)
            self._health |= {each.source: each for each in read}
        self._totals = totals
        paused = self._archive.access.pauses()
        known = self._health.items()
        return tuple(replace(each, paused_until=paused.get(source)) for source, each in known)
