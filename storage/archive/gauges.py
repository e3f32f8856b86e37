"""The gauges that monitoring shows, each from an index or a small table: none counts all rows of one that
grows with the articles."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, func, select

from storage.archive import schema
from storage.model import (
    DeliveryState,
    Gauges,
    Heartbeat,
    JobRun,
    Schedule,
    State,
    SubscriberState,
    Watched,
)
from storage.tables import (
    articles,
    crawl_totals,
    crawls,
    deliveries,
    heartbeats,
    issues,
    job_runs,
    pages,
    pauses,
    revisits,
    sources,
    standings,
    stories,
    subscribers,
)

LATE = timedelta(hours=1)  # beyond the longest that a source should wait for its turn
WEEK = timedelta(days=7)


def gauges(connection: Connection, now: datetime, house: str) -> Gauges:
    """All of them, at one moment. Raises ArchiveError if the schema is not this version's."""
    schema.check(connection)
    rows = connection.execute(_by_source(now)).all()
    people = _people(connection)
    waiting = connection.execute(select(func.count()).where(_asked_by(now))).scalar_one()
    return Gauges(
        schema=schema.HEAD,
        totals=tuple(connection.scalars(select(crawl_totals.c.totals).order_by(crawl_totals.c.source))),
        sources=tuple(_watched(row, now) for row in rows if row.definition.enabled),
        retries=sum(row.retries for row in rows),
        revisits=sum(row.revisits for row in rows),
        deliveries={state: _deliveries(connection, state, now) for state in DeliveryState},
        subscribers=people,
        questions=waiting,
        jobs=tuple(JobRun(**row._mapping) for row in connection.execute(_all(job_runs.c.name))),
        heartbeats=tuple(Heartbeat(**row._mapping) for row in connection.execute(_all(heartbeats.c.role))),
        issues=_last_issues(connection, house),
        articles=connection.scalar(select(func.max(articles.c.id))) or 0,
        stories=connection.scalar(select(func.max(stories.c.id))) or 0,
        last_article=connection.scalar(select(func.max(articles.c.recorded))),
    )


def _by_source(now: datetime) -> Select[Any]:
    """A row for each source of the catalogue; what grows is looked up by the index of its source."""
    mine = sources.c.id
    last = select(func.max(crawls.c.finished)).where(crawls.c.source == mine)
    again = select(func.count()).where(pages.c.source == mine, pages.c.due <= now)
    anew = select(func.count()).where(revisits.c.source == mine, revisits.c.due <= now)
    known = sources.outerjoin(standings, standings.c.source == mine).outerjoin(
        pauses, pauses.c.source == mine
    )
    return (
        select(
            sources.c.definition,
            standings.c.state,
            pauses.c.until,
            last.scalar_subquery().label("last"),
            again.scalar_subquery().label("retries"),
            anew.scalar_subquery().label("revisits"),
        )
        .select_from(known)
        .order_by(mine)
    )


def _watched(row: Row[Any], now: datetime) -> Watched:
    wait = timedelta(minutes=row.definition.poll_most) + LATE
    is_late = row.last is None or now - row.last > wait
    return Watched(
        source=row.definition.id,
        state=State(row.state) if row.state else None,
        last_crawl=row.last,
        is_overdue=is_late and not (row.until and row.until > now),
    )


def _deliveries(connection: Connection, state: DeliveryState, now: datetime) -> int:
    """All that wait; of the others those of the last week, because those of all time are many."""
    asked = select(func.count()).where(deliveries.c.state == state.value)
    if state is not DeliveryState.WAITING:
        asked = asked.where(deliveries.c.due > now - WEEK)
    return connection.execute(asked).scalar_one()


def _people(connection: Connection) -> Mapping[str, int]:
    found = connection.execute(select(subscribers.c.state, func.count()).group_by(subscribers.c.state))
    return {each.value: 0 for each in SubscriberState} | {row[0]: row[1] for row in found}


def _asked_by(now: datetime) -> ColumnElement[bool]:
    return (subscribers.c.state == SubscriberState.PENDING.value) & (subscribers.c.asked <= now)


def _all(key: Column[str]) -> Select[Any]:
    return select(key.table).order_by(key)


def _last_issues(connection: Connection, house: str) -> dict[str, datetime]:
    """Series -> cut-off of its last issue, of the house's own and of those that somebody gets; no alerts.

    Weeks and days sort as they are named, so that the last is found by the index of series and name.
    """
    wanted = select(subscribers.c.series).where(
        subscribers.c.state == SubscriberState.ACTIVE.value, subscribers.c.schedule != Schedule.INSTANT.value
    )
    found = {series: _last(connection, series) for series in {house, *connection.scalars(wanted.distinct())}}
    return {series: until for series, until in sorted(found.items()) if until is not None}


def _last(connection: Connection, series: str) -> datetime | None:
    of_series = select(issues.c.until).where(issues.c.series == series)
    last: datetime | None = connection.scalar(of_series.order_by(issues.c.name.desc()).limit(1))
    return last
