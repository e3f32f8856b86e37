"""When the page of an article is looked at again, and where it is kept."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from storage.archive.crawling import RETRY_AFTER, TRIES
from storage.archive.rows import to_link
from storage.model import Article, Page, Revisit, Sight, Status
from storage.tables import articles, pages, revisits, snapshots

AFTER = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72))  # since it was recorded
_REVIEW_FOR = timedelta(hours=24)  # a press review is not added to after its day
_NEWS_FOR = timedelta(days=7)  # what was older than that when it was recorded is not edited any more
_MISSED = timedelta(days=4)  # a visit that could not be made for so long is left


def begin(connection: Connection, number: int, page: Page, article: Article, recorded: datetime) -> None:
    """An article has been recorded: if there is a text that may change, visit it again."""
    if article.status is not Status.FULL or (article.published or recorded) < page.fetched - _NEWS_FOR:
        return
    said = dict(page.headers)
    row = {
        "article": number,
        "source": article.source,
        "tries": 0,
        "due": next_due(recorded, article.genre, recorded),
        "etag": said.get("etag", ""),
        "last_modified": said.get("last-modified", ""),
    }
    connection.execute(insert(revisits).values(row))


def next_due(recorded: datetime, genre: str, now: datetime) -> datetime | None:
    """When an article is to be visited after `now`; None: never again. Pure."""
    longest = _REVIEW_FOR if genre == "review" else AFTER[-1]
    return next((recorded + each for each in AFTER if each <= longest and recorded + each > now), None)


def due(connection: Connection, source: str, now: datetime) -> tuple[Revisit, ...]:
    """The visits of a source that are due, the longest due first."""
    named = and_(pages.c.article == articles.c.id, pages.c.key == articles.c.key)
    asked = (
        select(pages, revisits.c.article.label("number"), revisits.c.etag, revisits.c.last_modified)
        .join(articles, articles.c.id == revisits.c.article)
        .join(pages, named)
        .where(revisits.c.source == source, is_due(now))
        .order_by(revisits.c.due, revisits.c.article)
    )
    return tuple(
        Revisit(article=row.number, link=to_link(row), etag=row.etag, last_modified=row.last_modified)
        for row in connection.execute(asked)
    )


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a row of `revisits` is."""
    return revisits.c.due.between(now - _MISSED, now)


def try_visit(connection: Connection, number: int, now: datetime) -> None:
    """Count a try; after the last one without an outcome the visit is given up."""
    tries = connection.scalar(select(revisits.c.tries).where(revisits.c.article == number)) or 0
    if tries + 1 < TRIES:
        _next(connection, number, now + RETRY_AFTER, tries=tries + 1)
    else:
        _next(connection, number, _planned(connection, number, now))


def saw(connection: Connection, revisit: Revisit, sight: Sight, now: datetime) -> bool:
    """Remember what a visit came to; whether the article has been found to be removed just now.

    410 says that it is gone for good (RFC 9110 section 15.5.11); a page that is only not found has to be so
    twice in a row, the second time an hour later: sites lose a page for a moment while it is edited.
    """
    number = revisit.article
    match sight:
        case Sight.SAME:
            _remember(connection, number, etag=revisit.etag, last_modified=revisit.last_modified)
        case Sight.MISSING if _missing_since(connection, number) is None:
            connection.execute(update(revisits).where(revisits.c.article == number).values(missing=now))
            _next(connection, number, now + RETRY_AFTER)
            return False
    _next(connection, number, _planned(connection, number, now))
    return sight in (Sight.GONE, Sight.MISSING) and _remove(connection, number, now)


def keep_snapshot(connection: Connection, number: int, page: Page) -> None:
    """Remember where the page of an article is kept, if it is."""
    if page.kept is not None:
        file, offset, length = page.kept
        row = {"article": number, "taken": page.fetched, "file": file, "offset": offset, "length": length}
        connection.execute(insert(snapshots).values(row))


def _remember(connection: Connection, number: int, *, etag: str, last_modified: str) -> None:
    """The page is there, and was so fetched."""
    said = {"etag": etag, "last_modified": last_modified, "missing": None}
    connection.execute(update(revisits).where(revisits.c.article == number).values(said))
    connection.execute(update(articles).where(articles.c.id == number).values(removed=None))


def _remove(connection: Connection, number: int, now: datetime) -> bool:
    since = _missing_since(connection, number) or now
    there = (articles.c.id == number) & articles.c.removed.is_(None)
    return bool(connection.execute(update(articles).where(there).values(removed=since)).rowcount)


def _missing_since(connection: Connection, number: int) -> datetime | None:
    return connection.scalar(select(revisits.c.missing).where(revisits.c.article == number))


def _planned(connection: Connection, number: int, now: datetime) -> datetime | None:
    """None also for an article that has been folded into another meanwhile."""
    told = select(articles.c.recorded, articles.c.genre).where(articles.c.id == number)
    row = connection.execute(told).one_or_none()
    return next_due(row.recorded, row.genre, now) if row else None


def _next(connection: Connection, number: int, due: datetime | None, tries: int = 0) -> None:
    changed = update(revisits).where(revisits.c.article == number)
    connection.execute(changed.values(due=due, tries=tries))
