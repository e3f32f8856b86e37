"""Subscribers, issues and their deliveries: each exactly once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, delete, insert, select, update

from storage.archive.engines import transaction
from storage.archive.recording import lock
from storage.errors import NotFound
from storage.model import Delivery, DeliveryState, Issue, Subscriber
from storage.tables import deliveries as delivery_table
from storage.tables import issues as issue_table
from storage.tables import subscribers as subscriber_table

FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=4)
_ISSUE = ("topic", "name", "since", "until", "created", "stories", "editions")
_WAITING = delivery_table.c.state == DeliveryState.WAITING.value


class Posting:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def add_subscriber(self, email: str, language: str, now: datetime) -> Subscriber:
        """Subscribe an address, or change its language; one address is one subscriber whatever its case."""
        row = {"address": email.casefold(), "email": email, "language": language, "added": now}
        same = subscriber_table.c.address == row["address"]
        changed = update(subscriber_table).where(same).values(language=language).returning(subscriber_table)
        with transaction(self._writer) as connection:
            lock(connection)
            found = connection.execute(changed).one_or_none()
            if found is None:
                added = insert(subscriber_table).values(row).returning(subscriber_table)
                found = connection.execute(added).one()
        return _subscriber(found)

    def remove_subscriber(self, email: str) -> None:
        """Forget a subscriber; what still waits for it is not sent. Raises NotFound."""
        same = subscriber_table.c.address == email.casefold()
        forgotten = delete(subscriber_table).where(same).returning(subscriber_table.c.email)
        with transaction(self._writer) as connection:
            found = connection.execute(forgotten).one_or_none()
            if found is None:
                raise NotFound(f"{email} is no subscriber; see rasid subscribers list")
            waiting = update(delivery_table).where(delivery_table.c.email == found.email, _WAITING)
            connection.execute(waiting.values(state=DeliveryState.FAILED.value, error="unsubscribed"))

    def subscribers(self) -> tuple[Subscriber, ...]:
        """All subscribers, the oldest first."""
        with transaction(self._reader) as connection:
            return _subscribers(connection)

    def store_issue(self, issue: Issue) -> bool:
        """Keep an issue with one waiting delivery per subscriber, in one; False if its topic has one of that
        name already (then nothing changes)."""
        with transaction(self._writer) as connection:
            lock(connection)
            if connection.execute(_named(issue.topic, issue.name)).one_or_none() is not None:
                return False
            _store(connection, issue)
            return True

    def issue(self, topic: str, name: str) -> Issue:
        """One issue. Raises NotFound."""
        with transaction(self._reader) as connection:
            row = connection.execute(_named(topic, name)).one_or_none()
        if row is None:
            raise NotFound(f"issue {name} of {topic}: the archive has none; see rasid digests list")
        return _issue(row)

    def issues(self) -> tuple[Issue, ...]:
        """All issues, the newest first."""
        newest = select(issue_table).order_by(issue_table.c.until.desc(), issue_table.c.id.desc())
        with transaction(self._reader) as connection:
            return tuple(map(_issue, connection.execute(newest)))

    def last_cut_off(self, topic: str) -> datetime | None:
        """Where the next issue of a topic begins; None: it has none yet."""
        until = select(issue_table.c.until).where(issue_table.c.topic == topic)
        with transaction(self._reader) as connection:
            return connection.scalar(until.order_by(issue_table.c.until.desc()).limit(1))

    def deliveries(self, topic: str, name: str) -> tuple[Delivery, ...]:
        """The deliveries of an issue, in order of subscription."""
        asked = _with_issue().where(issue_table.c.topic == topic, issue_table.c.name == name)
        with transaction(self._reader) as connection:
            return tuple(map(_delivery, connection.execute(asked.order_by(delivery_table.c.id))))

    def claim_delivery(self, topic: str, name: str, now: datetime, lease: timedelta) -> Delivery | None:
        """One waiting delivery of an issue that is due, for the caller alone until `now + lease`.

        The try is counted. None: nothing is due. If the caller dies, it is due again after the lease.
        """
        of_issue = delivery_table.c.issue == select(_named(topic, name).subquery().c.id).scalar_subquery()
        due = select(delivery_table.c.id).where(of_issue, _WAITING, delivery_table.c.due <= now)
        first = due.order_by(delivery_table.c.id).limit(1).with_for_update(skip_locked=True)
        claim = update(delivery_table).where(delivery_table.c.id == first.scalar_subquery())
        claim = claim.values(due=now + lease, tries=delivery_table.c.tries + 1)
        with transaction(self._writer) as connection:
            claimed = connection.execute(claim.returning(delivery_table.c.id)).scalar_one_or_none()
            return None if claimed is None else _by_id(connection, claimed)

    def mark_delivery(self, delivery_id: int, state: DeliveryState, error: str, now: datetime) -> None:
        """Say what became of a claimed delivery.

        SENT and FAILED are for ever. WAITING is due again after 15 minutes, twice as long after each
        further try, at most 4 hours. Raises NotFound.
        """
        with transaction(self._writer) as connection:
            pause = min(FIRST_PAUSE * 2 ** max(0, _by_id(connection, delivery_id).tries - 1), LONGEST_PAUSE)
            values: dict[str, Any] = {"state": state.value, "error": error, "due": now + pause}
            if state is DeliveryState.SENT:
                values["sent"] = now
            claimed = update(delivery_table).where(delivery_table.c.id == delivery_id, _WAITING)
            connection.execute(claimed.values(values))


def _subscribers(connection: Connection) -> tuple[Subscriber, ...]:
    oldest = select(subscriber_table).order_by(subscriber_table.c.id)
    return tuple(map(_subscriber, connection.execute(oldest)))


def _store(connection: Connection, issue: Issue) -> None:
    row = {name: getattr(issue, name) for name in _ISSUE}
    number = connection.execute(insert(issue_table).values(row).returning(issue_table.c.id)).scalar_one()
    waiting = {"issue": number, "state": DeliveryState.WAITING.value, "tries": 0, "error": ""}
    rows = [
        waiting | {"due": issue.created, "email": each.email, "language": each.language}
        for each in _subscribers(connection)
    ]
    if rows:
        connection.execute(insert(delivery_table), rows)


def _with_issue() -> Select[Any]:
    return select(delivery_table, issue_table.c.topic, issue_table.c.name).join(issue_table)


def _by_id(connection: Connection, number: int) -> Delivery:
    row = connection.execute(_with_issue().where(delivery_table.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"delivery {number}: the archive has none of that id")
    return _delivery(row)


def _named(topic: str, name: str) -> Select[Any]:
    return select(issue_table).where(issue_table.c.topic == topic, issue_table.c.name == name)


def _subscriber(row: Row[Any]) -> Subscriber:
    return Subscriber(id=row.id, email=row.email, language=row.language, added=row.added)


def _issue(row: Row[Any]) -> Issue:
    return Issue(**{name: getattr(row, name) for name in _ISSUE})


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        topic=row.topic,
        issue=row.name,
        email=row.email,
        language=row.language,
        state=DeliveryState(row.state),
        tries=row.tries,
        error=row.error,
        sent=row.sent,
    )
