"""Who gets what: each wish of an address once."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, delete, func, insert, select, update

from storage.archive.engines import transaction
from storage.archive.recording import lock
from storage.errors import NotFound, TooMany
from storage.model import DeliveryState, Schedule, Series, Subscriber, SubscriberState, is_webhook
from storage.tables import deliveries as delivery_table
from storage.tables import subscribers as table

ASK_AGAIN = timedelta(hours=24)  # after which an address may be asked once more whether it was them
KEEP_PENDING = timedelta(days=7)
MOST_OF_ONE = 3  # wishes of one address, in a day, that it is asked about
MOST_ASKED = 200  # addresses in an hour that are asked whether it was them
_WISHES = ("topic", "schedule", "query", "minimum")
_PENDING, _ACTIVE = SubscriberState.PENDING.value, SubscriberState.ACTIVE.value


class Subscribing:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def add(
        self, address: str, series: Series, language: str, now: datetime, *, empty: bool = True
    ) -> Subscriber:
        """Subscribe an address to a series, or change its language and whether it gets empty issues.

        An address of e-mail is the same whatever its case. Who was pending or bouncing is active from now on.
        """
        active = {"state": _ACTIVE, "bounces": 0, "asked": None}
        changed: dict[str, Any] = {"language": language, "empty": empty} | active
        with transaction(self._writer) as connection:
            lock(connection)
            if _state(connection, address, series) != _ACTIVE:
                changed["added"] = now
            return _put(connection, address, series, now, changed)

    def ask(self, address: str, series: Series, language: str, now: datetime, *, empty: bool = True) -> bool:
        """Note that somebody wants an address subscribed, so that its owner is asked; False: nothing to do.

        Who is subscribed already stays as they are, and who was asked lately is not asked again, nor is an
        address more than three times a day, whatever is wanted for it; whose mails
        came back is asked like anybody new. Raises TooMany, whoever it is, when more addresses are to be
        asked than people would give.
        """
        with transaction(self._writer) as connection:
            lock(connection)
            hour = (table.c.added > now - timedelta(hours=1), table.c.added <= now)
            many = select(func.count()).where(table.c.state == _PENDING, *hour)
            if connection.execute(many).scalar_one() >= MOST_ASKED:
                raise TooMany("too many have subscribed within an hour; try again later")
            lately = (table.c.state == _PENDING, table.c.added > now - ASK_AGAIN, table.c.added <= now)
            same = func.lower(table.c.address) == address.lower()
            asked = connection.scalars(select(table.c.series).where(same, *lately)).all()
            if series.id in asked or len(asked) >= MOST_OF_ONE:
                return False
            if _state(connection, address, series) == _ACTIVE:
                return False
            changed = {"language": language, "empty": empty, "state": _PENDING, "asked": now, "added": now}
            _put(connection, address, series, now, changed)
            return True

    def has_question(self, now: datetime) -> bool:
        """Whether `claim_question` would find somebody."""
        with transaction(self._reader) as connection:
            return connection.scalar(_to_ask(now, timedelta()).limit(1)) is not None

    def claim_question(self, now: datetime, lease: timedelta) -> Subscriber | None:
        """A pending subscriber who is to be asked now, for the caller alone until `now + lease`."""
        first = (
            _to_ask(now, lease).order_by(table.c.asked, table.c.id).limit(1).with_for_update(skip_locked=True)
        )
        claim = update(table).where(table.c.id == first.scalar_subquery()).values(asked=now + lease)
        with transaction(self._writer) as connection:
            row = connection.execute(claim.returning(table)).one_or_none()
        return to_subscriber(row) if row else None

    def mark_asked(self, number: int) -> None:
        """Say that a pending subscriber has been asked."""
        with transaction(self._writer) as connection:
            connection.execute(update(table).where(table.c.id == number).values(asked=None))

    def ask_later(self, number: int, due: datetime) -> None:
        """Let a pending subscriber who could not be asked wait."""
        later = update(table).where(table.c.id == number, table.c.state == _PENDING)
        with transaction(self._writer) as connection:
            connection.execute(later.values(asked=due))

    def confirm(self, token: str, now: datetime | None = None) -> Subscriber:
        """It was them: from now on they get what they asked for; said again it changes nothing. Raises
        NotFound. now: since when they are subscribed, by default since they asked."""
        pending = update(table).where(table.c.token == token, table.c.state == _PENDING)
        said = {"state": _ACTIVE, "asked": None, "bounces": 0} | ({"added": now} if now else {})
        with transaction(self._writer) as connection:
            lock(connection)
            connection.execute(pending.values(said))
            return _by_token(connection, token)

    def of_token(self, token: str) -> Subscriber:
        """The subscriber of a token. Raises NotFound."""
        with transaction(self._reader) as connection:
            return _by_token(connection, token)

    def leave(self, token: str) -> None:
        """Forget the subscriber of a token; what still waits for it is not sent. Raises NotFound."""
        with transaction(self._writer) as connection:
            lock(connection)  # as an issue may be stored for them
            _forget(connection, (_by_token(connection, token).id,))

    def remove(self, address: str, series: str | None = None) -> int:
        """Forget an address, or its subscription to one series; how many it had. Raises NotFound."""
        folded = func.lower(table.c.address) == address.lower()
        same = table.c.address == address if is_webhook(address) else folded
        wanted = select(table.c.id).where(same, *([table.c.series == series] if series else []))
        with transaction(self._writer) as connection:
            lock(connection)
            numbers = connection.scalars(wanted).all()
            if not numbers:
                what = f" to {series}" if series else ""
                raise NotFound(f"{address} is not subscribed{what}; see rasid subscribers list")
            _forget(connection, numbers)
            return len(numbers)

    def tidy(self, now: datetime) -> int:
        """Forget who has not said for a week that it was them; how many."""
        old = delete(table).where(table.c.state == _PENDING, table.c.added < now - KEEP_PENDING)
        with transaction(self._writer) as connection:
            return connection.execute(old).rowcount

    def all(self) -> tuple[Subscriber, ...]:
        """All subscribers, the oldest first."""
        with transaction(self._reader) as connection:
            return tuple(map(to_subscriber, connection.execute(select(table).order_by(table.c.id))))

    def first_added(self, series: str) -> datetime | None:
        """Since when somebody gets a series, by its id; None: nobody does."""
        asked = select(func.min(table.c.added)).where(table.c.series == series, table.c.state == _ACTIVE)
        with transaction(self._reader) as connection:
            first: datetime | None = connection.scalar(asked)
            return first

    def series(self) -> tuple[Series, ...]:
        """What somebody gets, by id."""
        asked = select(*(table.c[each] for each in _WISHES)).where(table.c.state == _ACTIVE).distinct()
        with transaction(self._reader) as connection:
            return tuple(sorted(map(to_series, connection.execute(asked)), key=lambda each: each.id))


def _to_ask(now: datetime, lease: timedelta) -> Select[int]:
    """The numbers of the pending subscribers who are to be asked now."""
    ahead = table.c.asked > now + max(ASK_AGAIN, lease)  # by a clock that was
    return select(table.c.id).where(table.c.state == _PENDING, (table.c.asked <= now) | ahead)


def to_subscriber(row: Row[Any]) -> Subscriber:
    """The subscriber of a row."""
    names = ("id", "address", "language", "added", "token", "empty", "bounces")
    said = {name: getattr(row, name) for name in names}
    return Subscriber(**said, series=to_series(row), state=SubscriberState(row.state))


def to_series(row: Row[Any]) -> Series:
    """The series of a row."""
    return Series(topic=row.topic, schedule=Schedule(row.schedule), query=row.query, minimum=row.minimum)


def series_row(series: Series) -> dict[str, Any]:
    """A series as part of a row."""
    return {name: getattr(series, name) for name in _WISHES} | {"series": series.id}


def _is(address: str, series: Series) -> ColumnElement[bool]:
    return table.c.key == _key(address, series)


def _key(address: str, series: Series) -> str:
    return f"{address if is_webhook(address) else address.casefold()} {series.id}"


def _state(connection: Connection, address: str, series: Series) -> str | None:
    found: str | None = connection.scalar(select(table.c.state).where(_is(address, series)))
    return found


def _put(
    connection: Connection, address: str, series: Series, now: datetime, changed: dict[str, Any]
) -> Subscriber:
    row = connection.execute(
        update(table).where(_is(address, series)).values(changed).returning(table)
    ).one_or_none()
    if row is None:
        own = {
            "key": _key(address, series),
            "address": address,
            "token": secrets.token_urlsafe(24),
            "bounces": 0,
        }
        values = own | series_row(series) | {"added": now} | changed
        row = connection.execute(insert(table).values(values).returning(table)).one()
    return to_subscriber(row)


def _by_token(connection: Connection, token: str) -> Subscriber:
    row = connection.execute(select(table).where(table.c.token == token, table.c.token != "")).one_or_none()
    if row is None:
        raise NotFound("nobody is subscribed by this link; it was used before, or it is not whole")
    return to_subscriber(row)


def _forget(connection: Connection, numbers: Iterable[int]) -> None:
    which = list(numbers)
    connection.execute(delete(table).where(table.c.id.in_(which)))
    waiting = update(delivery_table).where(
        delivery_table.c.subscriber.in_(which), delivery_table.c.state == DeliveryState.WAITING.value
    )
    connection.execute(waiting.values(state=DeliveryState.FAILED.value, error="unsubscribed"))
