"""A spider's memory, made of archive, rules and examination: what a crawl thinks and remembers meet here."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from crawler.examine import examine
from crawler.fetching.keeping import kept
from crawler.fetching.memory import Memory
from crawler.fetching.rereading import remember_visit
from crawler.fetching.searching import links_of, with_owners
from crawler.rules import Rules
from crawler.sites import home_of
from crawler.stories import place
from storage.archive import Archive
from storage.errors import ArchiveError, CleaningError, Outdated, PageError
from storage.model import (
    Accepted,
    Backfill,
    Page,
    Rejected,
    Revisit,
    Sight,
    Source,
    Tip,
    Unavailable,
    Verdict,
)
from storage.warc import WarcFolder

_PLACINGS = 20  # how often a page is placed anew because others were faster

logger = logging.getLogger(__name__)


def memory_of(
    source: Source,
    archive: Archive,
    rules: Rules,
    examining: threading.Lock,
    neighbours: Iterable[Source] = (),
    snapshots: WarcFolder | None = None,
    *,
    tell: Callable[[Backfill], None] = lambda _: None,
    backfilling: bool = False,
) -> Memory:
    """What a spider needs to crawl `source` into `archive`; where `snapshots` is given, pages are kept there.

    `examining` is shared by the spiders of a process: two examinations at once would only take turns on the
    interpreter and hold up the network. What pauses `source` pauses the `neighbours` on its host. `tell`
    hears how far a back-fill has come; what is recorded while `backfilling` is no news.
    """
    paused = (source.id, *(each.id for each in neighbours if home_of(each) == home_of(source)))

    @cache
    def repeated() -> frozenset[int]:
        return archive.habits.repeated(source.id)

    def keep(page: Page) -> Verdict:
        with examining:
            return keep_page(
                replace(page, backfilled=backfilling), source, archive, rules, snapshots, repeated()
            )

    def end_revisit(revisit: Revisit, seen: Page | Sight) -> str:
        with examining:
            return remember_visit(revisit, seen, source, archive, rules, snapshots, repeated())

    def take_tips(found: Iterable[Tip]) -> None:
        known = archive.sources()
        tips = with_owners(found, known)
        archive.tips.record(tips, links_of(tips, known), datetime.now(UTC))

    def remember_backfill(backfill: Backfill) -> None:
        archive.backfills.remember(backfill, datetime.now(UTC))
        tell(backfill)

    return Memory(
        entry_state=archive.entry_state,
        remember_entry=archive.remember_entry,
        due=lambda links: archive.due(links, datetime.now(UTC)),
        retries=lambda: archive.retries(source.id, datetime.now(UTC)),
        begin_try=lambda link: archive.begin_try(link, datetime.now(UTC)),
        withdraw_try=lambda link: archive.withdraw_try(link, datetime.now(UTC)),
        keep=keep,
        give_up=lambda page, why: _record_only(page, why, archive),
        pause=lambda until: _pause(dict.fromkeys(paused), until, archive),
        robots_file=lambda origin: archive.access.robots_file(origin, datetime.now(UTC)),
        keep_robots=archive.access.keep_robots,
        may_fetch=lambda host: archive.access.may_fetch(host, source.daily_pages, datetime.now(UTC)),
        postpone=lambda links: archive.access.postpone(links, _midnight(datetime.now(UTC))),
        revisits=lambda: archive.revisions.due(source.id, datetime.now(UTC)),
        begin_revisit=lambda revisit: archive.revisions.begin(revisit, datetime.now(UTC)),
        end_revisit=end_revisit,
        take_tips=take_tips,
        backfill=archive.backfills.of,
        remember_backfill=remember_backfill,
    )


def keep_page(
    page: Page,
    source: Source,
    archive: Archive,
    rules: Rules,
    snapshots: WarcFolder | None = None,
    repeated: frozenset[int] = frozenset(),
) -> Verdict:
    """Examine a page and record the verdict, with a snapshot of what is accepted where `snapshots` is given.

    One bad page never stops the others.

    The lines of an article are noted, so that what its source repeats is learned.
    Raises ArchiveError if the archive fails.
    """
    try:
        verdict = examine(page, source, rules, archive.neighbours, repeated)
    except ArchiveError:
        raise
    except CleaningError as error:
        logger.error("%s", error, exc_info=error)
        verdict = Unavailable(reason="examination failed", again=True, kind="parse")
    except PageError as error:
        detail = _without(page.url, str(error))
        verdict = Unavailable(reason="not a page that can be read", detail=detail, kind="parse")
    except Exception:
        logger.exception("%s: examination failed", page.url)
        verdict = Unavailable(reason="examination failed", again=True, kind="parse")
    if isinstance(verdict, Accepted):
        page, verdict = kept(page, snapshots), _under_its_key(verdict, archive)
    recorded = _recorded(page, verdict, archive)
    if isinstance(recorded, Accepted | Rejected) and recorded.marks:
        archive.habits.note(source.id, recorded.marks)
    return recorded


def _under_its_key(verdict: Accepted, archive: Archive) -> Accepted:
    """An article that has only got another address is the one it was."""
    article = verdict.article
    key = archive.revisions.known_as(article)
    if key in ("", article.key):
        return verdict
    return replace(verdict, article=replace(article, aliases=(*article.aliases, key)))


def _recorded(page: Page, verdict: Verdict, archive: Archive) -> Verdict:
    """Record a verdict, placing the article anew as long as others change its stories first."""
    for _ in range(_PLACINGS):
        try:
            archive.record(page, verdict)
        except Outdated:
            verdict = _placed_again(verdict, archive)
        else:
            return verdict
    archive.record(page, Unavailable(reason="stories change too fast", again=True))
    return Unavailable(reason="stories change too fast", again=True)


def _placed_again(verdict: Verdict, archive: Archive) -> Verdict:
    if not isinstance(verdict, Accepted):
        return verdict
    newcomer = replace(verdict.placement.account, story=None, copy_of=None)
    return replace(verdict, placement=place(newcomer, archive.neighbours(newcomer)))


def _pause(sources: Iterable[str], until: datetime, archive: Archive) -> None:
    for source in sources:
        archive.pause(source, until)


def _midnight(now: datetime) -> datetime:
    """When the next day of UTC begins."""
    return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _record_only(page: Page, why: Unavailable, archive: Archive) -> None:
    archive.record(page, why)


def _without(url: str, text: str) -> str:
    return text.removeprefix(f"{url}: ")
