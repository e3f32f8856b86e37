"""Issues and their deliveries: each exactly once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, update

from storage.archive.engines import transaction
from storage.archive.recording import lock
from storage.archive.subscribing import series_row, to_series
from storage.errors import NotFound
from storage.model import Delivery, DeliveryState, Issue, SubscriberState
from storage.tables import deliveries as delivery_table
from storage.tables import issues as issue_table
from storage.tables import stories, subscribers, told

FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=4)
BOUNCES = 3  # issues in a row that an address refuses for good, after which nothing is sent to it
_ISSUE = ("name", "since", "until", "created", "stories", "editions")
_WAITING = delivery_table.c.state == DeliveryState.WAITING.value


class Posting:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def store_issue(self, issue: Issue) -> bool:
        """Keep an issue with one waiting delivery for each active subscriber of its series, in one; one
        without stories for those who want it. False if its series has one of that name already.
        """
        with transaction(self._writer) as connection:
            lock(connection)
            if connection.execute(_named(issue.series.id, issue.name)).one_or_none() is not None:
                return False
            _store(connection, issue)
            return True

    def issue(self, series: str, name: str) -> Issue:
        """One issue of a series, by its id. Raises NotFound."""
        with transaction(self._reader) as connection:
            row = connection.execute(_named(series, name)).one_or_none()
            if row is None:
                raise NotFound(f"issue {name} of {series}: the archive has none; see rasid digests list")
            return _issues(connection, [row])[0]

    def issues(self, series: str | None = None) -> tuple[Issue, ...]:
        """The issues of a series, by its id, or all, the newest first."""
        newest = select(issue_table).order_by(issue_table.c.until.desc(), issue_table.c.id.desc())
        if series is not None:
            newest = newest.where(issue_table.c.series == series)
        with transaction(self._reader) as connection:
            return _issues(connection, connection.execute(newest).all())

    def last_cut_off(self, series: str) -> datetime | None:
        """Where the next issue of a series begins; None: it has none yet."""
        until = select(func.max(issue_table.c.until)).where(issue_table.c.series == series)
        with transaction(self._reader) as connection:
            latest: datetime | None = connection.scalar(until)
            return latest

    def told(self, series: str, story: int) -> tuple[float, ...]:
        """How important a story was each time that the series told it, or what has become part of it."""
        same = select(stories.c.id).where((stories.c.id == story) | (stories.c.became == story))
        asked = select(told.c.weight).join(issue_table, issue_table.c.id == told.c.issue)
        asked = asked.where(issue_table.c.series == series, told.c.story.in_(same))
        with transaction(self._reader) as connection:
            return tuple(connection.scalars(asked.order_by(issue_table.c.created, issue_table.c.id)))

    def deliveries(self, series: str, name: str) -> tuple[Delivery, ...]:
        """The deliveries of an issue, in order of subscription."""
        asked = _with_issue().where(issue_table.c.series == series, issue_table.c.name == name)
        with transaction(self._reader) as connection:
            return tuple(map(_delivery, connection.execute(asked.order_by(delivery_table.c.id))))

    def claim_delivery(
        self, now: datetime, lease: timedelta, issue: tuple[str, str] | None = None
    ) -> Delivery | None:
        """A waiting delivery that is due, for the caller alone until `now + lease`: the first of the oldest
        issue, or of the one named by the id of its series and its name.

        The try is counted. None: nothing is due. If the caller dies, it is due again after the lease.
        """
        due = select(delivery_table.c.id).where(_WAITING, delivery_table.c.due <= now)
        if issue:
            of_issue = select(_named(*issue).subquery().c.id).scalar_subquery()
            due = due.where(delivery_table.c.issue == of_issue)
        first = due.order_by(delivery_table.c.issue, delivery_table.c.id).limit(1)
        first = first.with_for_update(skip_locked=True)
        claim = update(delivery_table).where(delivery_table.c.id == first.scalar_subquery())
        begun = func.coalesce(delivery_table.c.begun, now)
        claim = claim.values(due=now + lease, tries=delivery_table.c.tries + 1, begun=begun)
        with transaction(self._writer) as connection:
            claimed = connection.execute(claim.returning(delivery_table.c.id)).scalar_one_or_none()
            return None if claimed is None else _by_id(connection, claimed)

    def put_off(self, delivery_id: int, error: str, now: datetime) -> None:
        """Let a claimed delivery wait: it is due again after 15 minutes, twice as long after each try,
        at most 4 hours. Raises NotFound."""
        with transaction(self._writer) as connection:
            pause = min(FIRST_PAUSE * 2 ** max(0, _by_id(connection, delivery_id).tries - 1), LONGEST_PAUSE)
            _mark(connection, delivery_id, error=error, due=now + pause)

    def mark_sent(self, delivery_id: int, now: datetime) -> None:
        """Say that a delivery was taken: for ever. Raises NotFound."""
        with transaction(self._writer) as connection:
            _mark(connection, delivery_id, state=DeliveryState.SENT.value, error="", sent=now)
            _count_bounces(connection, delivery_id, again=False)

    def mark_failed(self, delivery_id: int, error: str, *, bounced: bool = False) -> None:
        """Say that a delivery is given up: for ever. Raises NotFound.

        bounced: the address refuses for good; one that does so three issues in a row gets nothing more.
        """
        with transaction(self._writer) as connection:
            _mark(connection, delivery_id, state=DeliveryState.FAILED.value, error=error)
            if bounced:
                _count_bounces(connection, delivery_id, again=True)


def _store(connection: Connection, issue: Issue) -> None:
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


def _mark(connection: Connection, number: int, **values: Any) -> None:
    if not connection.execute(
        update(delivery_table).where(delivery_table.c.id == number, _WAITING).values(values)
    ).rowcount:
        _by_id(connection, number)  # which is over, if there is one


def _count_bounces(connection: Connection, number: int, *, again: bool) -> None:
    """One more of an address, in any of its series; or none any more."""
    address = select(delivery_table.c.address).where(delivery_table.c.id == number).scalar_subquery()
    same = subscribers.c.address == address
    bounces = subscribers.c.bounces + 1 if again else 0
    connection.execute(update(subscribers).where(same).values(bounces=bounces))
    if not again:
        return
    bouncing = {"state": SubscriberState.BOUNCING.value}
    over = (same, subscribers.c.bounces >= BOUNCES, subscribers.c.state == SubscriberState.ACTIVE.value)
    if connection.execute(update(subscribers).where(*over).values(bouncing)).rowcount:
        waiting = update(delivery_table).where(delivery_table.c.address == address, _WAITING)
        failed = {"state": DeliveryState.FAILED.value, "error": "its mails come back"}
        connection.execute(waiting.values(failed))


def _with_issue() -> Select[Any]:
    named = select(delivery_table, issue_table.c.series, issue_table.c.name, subscribers.c.token)
    named = named.join(issue_table, issue_table.c.id == delivery_table.c.issue)
    return named.outerjoin(subscribers, subscribers.c.id == delivery_table.c.subscriber)


def _by_id(connection: Connection, number: int) -> Delivery:
    row = connection.execute(_with_issue().where(delivery_table.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"delivery {number}: the archive has none of that id")
    return _delivery(row)


def _named(series: str, name: str) -> Select[Any]:
    return select(issue_table).where(issue_table.c.series == series, issue_table.c.name == name)


def _issues(connection: Connection, rows: Iterable[Row[Any]]) -> tuple[Issue, ...]:
    found = list(rows)
    weights: dict[int, dict[int, float]] = {row.id: {} for row in found}
    for row in connection.execute(select(told).where(told.c.issue.in_(list(weights)))):
        weights[row.issue][row.story] = row.weight
    return tuple(
        Issue(**{name: getattr(row, name) for name in _ISSUE}, series=to_series(row), told=weights[row.id])
        for row in found
    )


def _delivery(row: Row[Any]) -> Delivery:
    names = ("id", "series", "address", "language", "tries", "begun", "error", "sent")
    said = {name: getattr(row, name) for name in names}
    return Delivery(**said, issue=row.name, state=DeliveryState(row.state), token=row.token or "")
