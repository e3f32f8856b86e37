"""What a crawl of one source needs to know and to have remembered, as functions. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.clock import Clock, now
from storage.model import (
    Backfill,
    EntryState,
    Link,
    Page,
    Revisit,
    RobotsFile,
    Sight,
    Tip,
    Unavailable,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The spider's collaborators. Each may block and is called in a thread; one at a time for a source."""

    entry_state: Callable[[str], EntryState]  # of an entry's URL; without `fetched`: never met
    remember_entry: Callable[[EntryState], None]
    due: Callable[[Iterable[Link]], tuple[Link, ...]]  # never tried, or to be tried again by now
    retries: Callable[[], tuple[Link, ...]]  # of this source, to be tried again by now, listed or not
    begin_try: Callable[[Link], None]  # counts a try before the page is asked for
    withdraw_try: Callable[[Link], None]  # the crawl stops before the site has answered
    keep: Callable[[Page], Verdict]  # examines and records; a refusal of 401, 402, 403 or 451 too
    give_up: Callable[[Page, Unavailable], None]  # records what could not be had; the page is empty
    pause: Callable[[datetime], None]  # until then the source is left alone, with the others of its host
    robots_file: Callable[[str], RobotsFile | None]  # of an origin, if it need not be asked for
    keep_robots: Callable[[RobotsFile], None]
    may_fetch: Callable[[str], bool]  # one more page of this host today; if so, it is counted
    postpone: Callable[[Iterable[Link]], None]  # to tomorrow, whether or not their entry still names them
    revisits: Callable[[], tuple[Revisit, ...]]  # articles of this source that are due to be looked at again
    begin_revisit: Callable[[Revisit], None]  # counts a try before the page is asked for
    end_revisit: Callable[[Revisit, Page | Sight], str]  # "revised", "removed" or empty: nothing new
    take_tips: Callable[[Iterable[Tip]], None]  # headlines a search service reports
    backfill: Callable[[str], Backfill]  # how far the one of that name has come
    remember_backfill: Callable[[Backfill], None]
    clock: Clock = now
