"""What a crawl needs to remember: entries, tries, reports, pauses."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from storage.archive.rows import chunks, link_row, to_link, upsert
from storage.columns import short_key
from storage.model import CrawlReport, EntryState, Link, SourceHealth
from storage.tables import articles, crawls, entries, pages, pauses
from storage.tables import sources as source_table

TRIES = 3
RETRY_AFTER = timedelta(hours=1)
_LATEST = 50  # crawls looked at for failures in a row


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
    """Keep what a crawl came to."""
    row = {"source": report.source, "finished": report.finished, "problems": len(report.problems)}
    connection.execute(insert(crawls).values(row | {"report": report}))


def pause(connection: Connection, source: str, until: datetime | None) -> None:
    """Leave a source alone until then, or no longer."""
    if until is None:
        connection.execute(delete(pauses).where(pauses.c.source == source))
    else:
        upsert(connection, pauses, {"source": source, "until": until})


def health(connection: Connection) -> tuple[SourceHealth, ...]:
    """How each source has done lately."""
    listed = connection.scalars(select(source_table.c.id).order_by(source_table.c.position))
    crawled = connection.scalars(select(crawls.c.source).distinct().order_by(crawls.c.source))
    paused = connection.scalars(select(pauses.c.source).order_by(pauses.c.source))
    return tuple(_health(connection, source) for source in dict.fromkeys((*listed, *crawled, *paused)))


def _health(connection: Connection, source: str) -> SourceHealth:
    latest = select(crawls).where(crawls.c.source == source).limit(_LATEST)
    latest = latest.order_by(crawls.c.finished.desc(), crawls.c.id.desc())
    rows: list[Row[Any]] = list(connection.execute(latest))
    newest = select(func.max(articles.c.recorded)).where(articles.c.source == source)
    return SourceHealth(
        source=source,
        last_crawl=rows[0].report if rows else None,
        last_article=connection.scalar(newest),
        failures=sum(1 for _ in takewhile(lambda row: _failed(row.report), rows)),
        paused_until=connection.scalar(select(pauses.c.until).where(pauses.c.source == source)),
    )


def _failed(report: CrawlReport) -> bool:
    """Whether a crawl came to nothing: a broken page among good ones is no failure of the source."""
    return bool(report.problems) and not report.fetched
