"""Issues as they are kept, and what they have told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select

from storage.archive.subscribing import series_row, to_series
from storage.model import DeliveryState, Issue, SubscriberState
from storage.tables import deliveries as delivery_table
from storage.tables import issues as issue_table
from storage.tables import stories, subscribers, told

_ISSUE = ("name", "since", "until", "created", "stories", "editions")


def holds(connection: Connection, series: str, name: str) -> bool:
    """Whether a series has an issue of that name."""
    return connection.scalar(select(named(series, name).exists())) or False


def count_stored(connection: Connection, series: str, day: tuple[datetime, datetime]) -> int:
    """How many issues of a series were stored within [begin, end)."""
    created = issue_table.c.created
    asked = select(func.count()).where(issue_table.c.series == series, created >= day[0], created < day[1])
    return connection.execute(asked).scalar_one()


def last_cut_off(connection: Connection, which: ColumnElement[bool]) -> datetime | None:
    """Where the last of these issues ended."""
    latest: datetime | None = connection.scalar(select(func.max(issue_table.c.until)).where(which))
    return latest


def told_before(connection: Connection, series: str, story: int) -> tuple[float, ...]:
    """How important a story, or what has become it, was each time that the series told it."""
    same = select(stories.c.id).where(stories.c.id == story).cte("same", recursive=True)
    same = same.union(select(stories.c.id).join(same, stories.c.became == same.c.id))
    asked = select(told.c.weight).join(issue_table, issue_table.c.id == told.c.issue)
    asked = asked.where(issue_table.c.series == series, told.c.story.in_(select(same.c.id)))
    return tuple(connection.scalars(asked.order_by(issue_table.c.id)))


def store(connection: Connection, issue: Issue) -> None:
    """Keep an issue, a waiting delivery for each who is to get it, and what it tells."""
    row = {name: getattr(issue, name) for name in _ISSUE} | series_row(issue.series)
    number = connection.execute(insert(issue_table).values(row).returning(issue_table.c.id)).scalar_one()
    of_series = subscribers.c.series == issue.series.id
    active = select(subscribers).where(of_series, subscribers.c.state == SubscriberState.ACTIVE.value)
    if not issue.stories:
        active = active.where(subscribers.c.empty)
    waiting = {"issue": number, "state": DeliveryState.WAITING.value, "tries": 0, "error": ""}
    rows = [
        waiting
        | {"subscriber": each.id, "address": each.address, "language": each.language, "due": issue.created}
        for each in connection.execute(active.order_by(subscribers.c.id))
    ]
    if rows:
        connection.execute(insert(delivery_table), rows)
    if issue.told:
        told_rows = [
            {"issue": number, "story": story, "weight": weight} for story, weight in issue.told.items()
        ]
        connection.execute(insert(told), told_rows)


def named(series: str, name: str) -> Select[Any]:
    """The issue of a series and name."""
    return select(issue_table).where(issue_table.c.series == series, issue_table.c.name == name)


def issues(connection: Connection, rows: Iterable[Row[Any]]) -> tuple[Issue, ...]:
    """The issues of these rows, with what they told."""
    found = list(rows)
    weights: dict[int, dict[int, float]] = {row.id: {} for row in found}
    for row in connection.execute(select(told).where(told.c.issue.in_(list(weights)))):
        weights[row.issue][row.story] = row.weight
    return tuple(
        Issue(**{name: getattr(row, name) for name in _ISSUE}, series=to_series(row), told=weights[row.id])
        for row in found
    )
