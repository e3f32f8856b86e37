"""A spider's memory, made of archive, rules and examination: what a crawl thinks and remembers meet here."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from crawler.examine import examine
from crawler.fetching.keeping import kept
from crawler.fetching.means import Means
from crawler.fetching.memory import Memory
from crawler.fetching.rereading import remember_visit
from crawler.fetching.searching import links_of, with_owners
from crawler.revising import known_as
from crawler.sites import home_of
from crawler.stories import neighbourhood, place
from crawler.urls import url_key
from storage.archive import Archive
from storage.errors import ArchiveError, CleaningError, Outdated, PageError
from storage.event import event
from storage.model import (
    Accepted,
    ArchivedArticle,
    Article,
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

Repeated = Callable[[], frozenset[int]]
_PLACINGS = 20  # how often a page is placed anew because others were faster

logger = logging.getLogger(__name__)


def memory_of(source: Source, means: Means) -> Memory:
    """What a spider needs to crawl `source` into the archive."""
    archive, clock = means.archive, means.clock

    @cache
    def repeated() -> frozenset[int]:
        return archive.habits.repeated(source.id)

    return Memory(
        entry_state=archive.entry_state,
        remember_entry=archive.remember_entry,
        due=lambda links: archive.due(links, clock()),
        retries=lambda: archive.retries(source.id, clock()),
        begin_try=lambda link: archive.begin_try(link, clock()),
        withdraw_try=lambda link: archive.withdraw_try(link, clock()),
        keep=lambda page: _keep(page, source, means, repeated),
        give_up=lambda page, why: _record_only(page, why, means),
        pause=lambda until: _pause(source, until, means),
        robots_file=lambda origin: archive.access.robots_file(origin, clock()),
        keep_robots=archive.access.keep_robots,
        may_fetch=lambda host: archive.access.may_fetch(host, source.daily_pages, clock()),
        postpone=lambda links: archive.access.postpone(links, _midnight(clock())),
        revisits=lambda: archive.revisions.due(source.id, clock()),
        begin_revisit=lambda revisit: archive.revisions.begin(revisit, clock()),
        end_revisit=lambda revisit, seen: _end_revisit(revisit, seen, source, means, repeated),
        take_tips=lambda tips: _take_tips(tips, means),
        backfill=archive.backfills.of,
        remember_backfill=lambda backfill: _remember_backfill(backfill, means),
        clock=clock,
    )


def _keep(page: Page, source: Source, means: Means, repeated: Repeated) -> Verdict:
    """Examine a page and record the verdict, with a snapshot of what is accepted; note what is learned.

    One bad page never stops the others. Raises ArchiveError if the archive fails.
    """
    page = replace(page, backfilled=means.backfilling or page.link.backfilled)
    with means.examining:
        recorded = _taken_in(page, _examined(page, source, means, repeated()), source, means, repeated())
    if isinstance(recorded, Accepted | Rejected) and recorded.marks:
        means.archive.habits.note(source.id, recorded.marks)
    return recorded


def _examined(page: Page, source: Source, means: Means, repeated: frozenset[int]) -> Verdict:
    try:
        marks = means.archive.judging.marks((page.link.key, *page.link.aliases, url_key(page.url)))
        return examine(page, source, means.rules, neighbourhood(means.archive), repeated, marks)
    except ArchiveError:
        raise
    except CleaningError as error:
        logger.error(event("examination failed", url=page.url, error=error), exc_info=error)
    except PageError as error:
        detail = str(error).removeprefix(f"{page.url}: ")
        return Unavailable(reason="not a page that can be read", detail=detail, kind="parse")
    except Exception:
        logger.exception(event("examination failed", url=page.url))
    return Unavailable(reason="examination failed", again=True, kind="parse")


def _end_revisit(
    revisit: Revisit, seen: Page | Sight, source: Source, means: Means, repeated: Repeated
) -> str:
    with means.examining:
        return remember_visit(revisit, seen, source, means, repeated())


def _take_tips(found: Iterable[Tip], means: Means) -> None:
    known = means.archive.sources()
    tips = with_owners(found, known)
    means.archive.tips.record(tips, links_of(tips, known), means.clock())


def _remember_backfill(backfill: Backfill, means: Means) -> None:
    means.archive.backfills.remember(backfill, means.clock())
    means.tell(backfill)


def _taken_in(
    page: Page, verdict: Verdict, source: Source, means: Means, repeated: frozenset[int]
) -> Verdict:
    """Record a verdict. An article that has only got another address is the one it was, maybe revised.

    Sites make an address of the title, and another one when it is edited. What is back-filled may be older
    than what is known, and revises nothing.
    """
    if not isinstance(verdict, Accepted):
        return _recorded(page, verdict, means)
    known = _known(verdict.article, means.archive, repeated)
    if known is None:
        return _recorded(kept(page, means.snapshots), verdict, means)
    aliases = (*verdict.article.aliases, known.article.key)
    verdict = replace(verdict, article=replace(verdict.article, aliases=aliases))
    recorded = _recorded(page, verdict, means)
    if not page.backfilled:
        again = Revisit(article=known.id, link=page.link)
        remember_visit(again, page, source, means, repeated)
    return recorded


def _known(article: Article, archive: Archive, repeated: frozenset[int]) -> ArchivedArticle | None:
    """What the article is recorded as under another address."""
    if article.published is None:
        return None
    same_minute = archive.revisions.of_minute(article.source, article.published)
    return known_as(article, same_minute, repeated)


def _recorded(page: Page, verdict: Verdict, means: Means) -> Verdict:
    """Record a verdict, placing the article anew as long as others change its stories first."""
    for _ in range(_PLACINGS):
        try:
            means.archive.record(page, verdict, now=means.clock(), rules=means.judged_by)
        except Outdated:
            verdict = _placed_again(verdict, means.archive)
        else:
            return verdict
    _record_only(page, given_up := Unavailable(reason="stories change too fast", again=True), means)
    return given_up


def _placed_again(verdict: Verdict, archive: Archive) -> Verdict:
    if not isinstance(verdict, Accepted):
        return verdict
    newcomer = replace(verdict.placement.account, story=None, copy_of=None)
    return replace(verdict, placement=place(newcomer, neighbourhood(archive)(newcomer)))


def _pause(source: Source, until: datetime, means: Means) -> None:
    """Leave the source alone, and those on its host."""
    same = (each.id for each in means.known if home_of(each) == home_of(source))
    for name in dict.fromkeys((source.id, *same)):
        means.archive.access.pause(name, until)


def _midnight(now: datetime) -> datetime:
    """When the next day of UTC begins."""
    return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _record_only(page: Page, why: Unavailable, means: Means) -> None:
    means.archive.record(page, why, now=means.clock())
