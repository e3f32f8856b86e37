"""Issues and their deliveries: each exactly once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, ScalarSelect, Select, func, not_, or_, select, update

from storage.archive import issuing
from storage.archive.engines import transaction
from storage.archive.recording import lock
from storage.errors import NotFound
from storage.model import Delivery, DeliveryState, Issue, Schedule, SubscriberState
from storage.tables import deliveries as delivery_table
from storage.tables import issues as issue_table
from storage.tables import subscribers

FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=4)
TRUSTED = timedelta(days=3)  # after a mail was taken
BOUNCES = 3  # issues in a row that an address refuses for good, after which nothing is sent to it
_WAITING = delivery_table.c.state == DeliveryState.WAITING.value


class Posting:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def store_issue(self, issue: Issue, *, follows: bool = False) -> bool:
        """Keep an issue with one waiting delivery for each active subscriber of its series, in one; one
        without stories for those who want it. False if its series has one of that name already, or, where
        it `follows` the others, one that ends after this one begins.
        """
        series = issue.series.id
        with transaction(self._writer) as connection:
            lock(connection)
            last = issuing.last_cut_off(connection, issue_table.c.series == series) if follows else None
            if issuing.holds(connection, series, issue.name) or (last is not None and last > issue.since):
                return False
            issuing.store(connection, issue)
            return True

    def store_alert(
        self, issue: Issue, story: int, times: int, day: tuple[datetime, datetime], most: int
    ) -> bool:
        """Keep the alert of a story as `store_issue` does. False as well if somebody has been quicker: the
        series has told the story more than `times` already, or `most` stories on that day, [begin, end).
        """
        series = issue.series.id
        with transaction(self._writer) as connection:
            lock(connection)
            told = len(issuing.told_before(connection, series, story))
            full = issuing.count_stored(connection, series, day) >= most
            if told != times or full or issuing.holds(connection, series, issue.name):
                return False
            issuing.store(connection, issue)
            return True

    def holds(self, series: str, name: str) -> bool:
        """Whether a series, by its id, has an issue of that name."""
        with transaction(self._reader) as connection:
            return issuing.holds(connection, series, name)

    def stored(self, series: str, day: tuple[datetime, datetime]) -> int:
        """How many issues of a series were stored within [begin, end)."""
        with transaction(self._reader) as connection:
            return issuing.count_stored(connection, series, day)

    def issue(self, series: str, name: str) -> Issue:
        """One issue of a series, by its id. Raises NotFound."""
        with transaction(self._reader) as connection:
            row = connection.execute(issuing.named(series, name)).one_or_none()
            if row is None:
                raise NotFound(f"issue {name} of {series}: the archive has none; see rasid digests list")
            return issuing.issues(connection, [row])[0]

    def issues(self, series: str | None = None) -> tuple[Issue, ...]:
        """The issues of a series, by its id, or all, the newest first."""
        newest = select(issue_table).order_by(issue_table.c.until.desc(), issue_table.c.id.desc())
        if series is not None:
            newest = newest.where(issue_table.c.series == series)
        with transaction(self._reader) as connection:
            return issuing.issues(connection, connection.execute(newest).all())

    def public_issues(self, limit: int, after: int = 0) -> tuple[Issue, ...]:
        """The issues of series that ask no query, the newest first, `limit` of them after the first ones."""
        newest = select(issue_table).order_by(issue_table.c.until.desc(), issue_table.c.id.desc())
        newest = newest.where(issue_table.c.query == "").limit(limit).offset(after)
        with transaction(self._reader) as connection:
            return issuing.issues(connection, connection.execute(newest).all())

    def last_cut_off(self, series: str | None = None) -> datetime | None:
        """Where the next issue of a series begins, by its id; None: it has none yet. Of no series: where the
        last issue of a period, weekly or daily, ended."""
        of_period = issue_table.c.schedule != Schedule.INSTANT.value
        with transaction(self._reader) as connection:
            return issuing.last_cut_off(connection, issue_table.c.series == series if series else of_period)

    def told(self, series: str, story: int) -> tuple[float, ...]:
        """How important a story was each time that the series told it, or what has become part of it; in the
        order in which that was stored."""
        with transaction(self._reader) as connection:
            return issuing.told_before(connection, series, story)

    def deliveries(self, series: str, name: str) -> tuple[Delivery, ...]:
        """The deliveries of an issue, in order of subscription."""
        asked = _with_issue().where(issue_table.c.series == series, issue_table.c.name == name)
        with transaction(self._reader) as connection:
            return tuple(map(_delivery, connection.execute(asked.order_by(delivery_table.c.id))))

    def is_due(self, now: datetime, *, webhooks: bool) -> bool:
        """Whether `claim_delivery` would find something, be it that somebody is about it."""
        with transaction(self._reader) as connection:
            return connection.scalar(_due(now, timedelta(), webhooks).limit(1)) is not None

    def claim_delivery(
        self,
        now: datetime,
        lease: timedelta,
        issue: tuple[str, str] | None = None,
        *,
        webhooks: bool | None = None,
    ) -> Delivery | None:
        """A waiting delivery that is due, for the caller alone until `now + lease`: the first of the oldest
        issue, or of the one named by the id of its series and its name; to webhooks only (True), to none
        (False), or whatever it is to.

        The try is counted. None: nothing is due. If the caller dies, it is due again after the lease. What is
        due later than anything can be was put off by a clock that was ahead: it is due.
        """
        due = _due(now, lease, webhooks)
        if issue:
            of_issue = select(issuing.named(*issue).subquery().c.id).scalar_subquery()
            due = due.where(delivery_table.c.issue == of_issue)
        first = due.order_by(delivery_table.c.issue, delivery_table.c.id).limit(1)
        first = first.with_for_update(skip_locked=True)
        claim = update(delivery_table).where(delivery_table.c.id == first.scalar_subquery())
        begun = func.coalesce(delivery_table.c.begun, now)
        claim = claim.values(due=now + lease, tries=delivery_table.c.tries + 1, begun=begun)
        with transaction(self._writer) as connection:
            claimed = connection.execute(claim.returning(delivery_table.c.id)).scalar_one_or_none()
            return None if claimed is None else _by_id(connection, claimed)

    def put_off(self, delivery_id: int, error: str, now: datetime, least: timedelta = timedelta()) -> None:
        """Let a claimed delivery wait: it is due again after 15 minutes, twice as long after each try,
        at most 4 hours; but not before `least` is over. Raises NotFound."""
        with transaction(self._writer) as connection:
            doublings = min(max(0, _by_id(connection, delivery_id).tries - 1), 10)
            pause = max(min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE), least)
            _mark(connection, delivery_id, error=error, due=now + pause)

    def give_back(self, delivery_id: int, error: str, due: datetime) -> None:
        """Let a claimed delivery wait that was not tried: the try is not counted. Raises NotFound."""
        with transaction(self._writer) as connection:
            tries = max(0, _by_id(connection, delivery_id).tries - 1)
            first = {} if tries else {"begun": None}
            _mark(connection, delivery_id, error=error, due=due, tries=tries, **first)

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
            lock(connection)  # as an issue may be stored for those who get no more
            marked = _mark(connection, delivery_id, state=DeliveryState.FAILED.value, error=error)
            if marked and bounced:
                _count_bounces(connection, delivery_id, again=True)


def _due(now: datetime, lease: timedelta, webhooks: bool | None) -> Select[int]:
    """The ids of the deliveries that are due: to webhooks, to none, or whatever they are to."""
    ahead = delivery_table.c.due > now + max(LONGEST_PAUSE, lease)
    due = select(delivery_table.c.id).where(_WAITING, (delivery_table.c.due <= now) | ahead)
    if webhooks is None:
        return due
    to_one = or_(*(delivery_table.c.address.like(f"{scheme}://%") for scheme in ("https", "http")))
    return due.where(to_one if webhooks else not_(to_one))


def _mark(connection: Connection, number: int, **values: Any) -> bool:
    """Whether it was still waiting."""
    one = update(delivery_table).where(delivery_table.c.id == number, _WAITING)
    if connection.execute(one.values(values)).rowcount:
        return True
    _by_id(connection, number)  # which is over, if there is one
    return False


def _count_bounces(connection: Connection, number: int, *, again: bool) -> None:
    """One more of an address, in any of its series; or none any more."""
    lower = func.lower(delivery_table.c.address)  # an address is the same whatever its case
    address = select(lower).where(delivery_table.c.id == number).scalar_subquery()
    same = func.lower(subscribers.c.address) == address
    bounces = subscribers.c.bounces + 1 if again else 0
    connection.execute(update(subscribers).where(same).values(bounces=bounces))
    if not again or _has_worked(connection, number, address):
        return
    bouncing = {"state": SubscriberState.BOUNCING.value}
    over = (same, subscribers.c.bounces >= BOUNCES, subscribers.c.state == SubscriberState.ACTIVE.value)
    if connection.execute(update(subscribers).where(*over).values(bouncing)).rowcount:
        waiting = update(delivery_table).where(lower == address, _WAITING)
        failed = {"state": DeliveryState.FAILED.value, "error": "its mails come back"}
        connection.execute(waiting.values(failed))


def _has_worked(connection: Connection, number: int, address: ScalarSelect[str]) -> bool:
    """Whether the address took a mail in the days before this delivery: several issues may go out at once,
    and its server may be wrong for an hour."""
    begun = connection.scalar(select(delivery_table.c.begun).where(delivery_table.c.id == number))
    to_it = func.lower(delivery_table.c.address) == address
    last = connection.scalar(select(func.max(delivery_table.c.sent)).where(to_it))
    return bool(begun and last and last > begun - TRUSTED)


def _with_issue() -> Select[Any]:
    named = select(delivery_table, issue_table.c.series, issue_table.c.name, subscribers.c.token)
    named = named.join(issue_table, issue_table.c.id == delivery_table.c.issue)
    return named.outerjoin(subscribers, subscribers.c.id == delivery_table.c.subscriber)


def _by_id(connection: Connection, number: int) -> Delivery:
    row = connection.execute(_with_issue().where(delivery_table.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"delivery {number}: the archive has none of that id")
    return _delivery(row)


def _delivery(row: Row[Any]) -> Delivery:
    names = ("id", "series", "address", "language", "tries", "begun", "error", "sent")
    said = {name: getattr(row, name) for name in names}
    return Delivery(**said, issue=row.name, state=DeliveryState(row.state), token=row.token or "")
