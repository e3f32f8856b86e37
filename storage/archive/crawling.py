"""What a crawl needs to remember: entries, tries, reports, pauses."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from storage.archive.rows import chunks, link_row, to_link, upsert
from storage.columns import short_key
from storage.model import CrawlDay, CrawlReport, CrawlTotals, EntryState, Link, SourceHealth
from storage.tables import articles, crawl_days, crawl_totals, crawls, entries, pages, pauses
from storage.tables import sources as source_table

TRIES = 3
RETRY_AFTER = timedelta(hours=1)
LATEST_CRAWLS = 30  # looked at one by one
LATEST_DAYS = 57  # today and eight weeks: what is usual, also where trouble has lasted for four


def entry_state(connection: Connection, url: str) -> EntryState:
    """What the site said of an entry the last time."""
    row = connection.execute(select(entries).where(entries.c.url == url)).one_or_none()
    if row is None:
        return EntryState(url=url)
    return EntryState(url=url, etag=row.etag, last_modified=row.last_modified, fetched=row.fetched)


def remember_entry(connection: Connection, state: EntryState) -> None:
    """Keep what the site said of an entry."""
    said = {"etag": state.etag, "last_modified": state.last_modified}
    upsert(connection, entries, {"url": state.url, "fetched": state.fetched} | said)


def due(connection: Connection, links: Iterable[Link], now: datetime) -> tuple[Link, ...]:
    """The links never tried under any of their keys, or due again; each key once."""
    asked: dict[str, Link] = {}
    for link in links:
        asked.setdefault(short_key(link.key), link)
    names = {key: {key, *map(short_key, link.aliases)} for key, link in asked.items()}
    over: set[str] = set()
    for some in chunks(set().union(*names.values())):
        waits = or_(pages.c.due.is_(None), pages.c.due > now)
        over.update(connection.scalars(select(pages.c.key).where(pages.c.key.in_(some), waits)))
    return tuple(link for key, link in asked.items() if over.isdisjoint(names[key]))


def retries(connection: Connection, source: str, now: datetime) -> tuple[Link, ...]:
    """The links of a source whose retry is due."""
    asked = select(pages).where(pages.c.source == source, pages.c.due <= now)
    return tuple(map(to_link, connection.execute(asked.order_by(pages.c.due, pages.c.key))))


def begin_try(connection: Connection, link: Link, now: datetime) -> None:
    """Count a try; the last one leaves the link set aside unless its outcome is recorded."""
    tries = tries_of(connection, link.key) + 1
    row = {"outcome": "trying", "reason": "", "tries": tries, "due": retry(tries, now)}
    upsert(connection, pages, link_row(link) | row)


def withdraw_try(connection: Connection, link: Link, now: datetime) -> None:
    """Take back a try of which nothing came; the link is due at once."""
    begun = (pages.c.key == link.key) & (pages.c.outcome == "trying")
    connection.execute(update(pages).where(begun).values(tries=pages.c.tries - 1, due=now))


def tries_of(connection: Connection, key: str) -> int:
    """How often a link has been tried; locks its row, so that two tries count as two."""
    asked = select(pages.c.tries).where(pages.c.key == key).with_for_update()
    return connection.scalar(asked) or 0


def retry(tries: int, now: datetime) -> datetime | None:
    """When to try again after so many tries; None: never."""
    return now + RETRY_AFTER if tries < TRIES else None


def record_crawl(connection: Connection, report: CrawlReport) -> None:
    """Keep what a crawl came to, and add it to its day."""
    row = {"source": report.source, "finished": report.finished, "problems": len(report.problems)}
    connection.execute(insert(crawls).values(row | {"report": report}))
    day = report.finished.astimezone(UTC).date()
    days = _days(connection, report.source)
    unknown = CrawlDay(day=day, first=report.finished, last=report.finished)
    so_far = next((each for each in days if each.day == day), unknown)
    counts = so_far.with_crawl(report, first_contact=not any(each.answered for each in days))
    upsert(connection, crawl_days, {"source": report.source, "day": day.isoformat(), "counts": counts})
    _add_up(connection, report)


def _add_up(connection: Connection, report: CrawlReport) -> None:
    so_far = connection.scalar(select(crawl_totals.c.totals).where(crawl_totals.c.source == report.source))
    totals = (so_far or CrawlTotals(source=report.source)).with_crawl(report)
    upsert(connection, crawl_totals, {"source": report.source, "totals": totals})


def forget_crawls(connection: Connection, before: datetime) -> int:
    """Forget the crawls that ended before then, and their days; how many crawls."""
    day = before.astimezone(UTC).date().isoformat()
    connection.execute(delete(crawl_days).where(crawl_days.c.day < day))
    return connection.execute(delete(crawls).where(crawls.c.finished < before)).rowcount


def pause(connection: Connection, source: str, until: datetime | None) -> None:
    """Leave a source alone until then, or no longer."""
    if until is None:
        connection.execute(delete(pauses).where(pauses.c.source == source))
    else:
        upsert(connection, pauses, {"source": source, "until": until})


def health(connection: Connection, sources: Iterable[str] | None) -> tuple[SourceHealth, ...]:
    """How each source has done lately, or each of some."""
    if sources is not None:
        return tuple(_health(connection, source) for source in dict.fromkeys(sources))
    listed = connection.scalars(select(source_table.c.id).order_by(source_table.c.position))
    crawled = connection.scalars(select(crawl_days.c.source).distinct().order_by(crawl_days.c.source))
    paused = connection.scalars(select(pauses.c.source).order_by(pauses.c.source))
    return tuple(_health(connection, source) for source in dict.fromkeys((*listed, *crawled, *paused)))


def _health(connection: Connection, source: str) -> SourceHealth:
    latest = select(crawls.c.report).where(crawls.c.source == source).limit(LATEST_CRAWLS)
    latest = latest.order_by(crawls.c.finished.desc(), crawls.c.id.desc())
    newest = select(func.max(articles.c.recorded)).where(articles.c.source == source)
    return SourceHealth(
        source=source,
        crawls=tuple(connection.scalars(latest)),
        days=_days(connection, source),
        last_article=connection.scalar(newest),
        paused_until=connection.scalar(select(pauses.c.until).where(pauses.c.source == source)),
    )


def _days(connection: Connection, source: str) -> tuple[CrawlDay, ...]:
    """The latest days of a source, the last first."""
    latest = select(crawl_days.c.counts).where(crawl_days.c.source == source)
    return tuple(connection.scalars(latest.order_by(crawl_days.c.day.desc()).limit(LATEST_DAYS)))
