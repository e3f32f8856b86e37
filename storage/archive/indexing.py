"""The search index, made from the rows of articles: anew where judgements, entities or text change."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.archive import schema
from storage.archive.rows import archived, chunks, full_rows
from storage.archive.vocabulary import learn
from storage.search.dialects import dialect
from storage.search.prepared import prepared
from storage.search.serial import serial_of
from storage.tables import articles, state

VERSION = 2  # of what the index has of an article; where it is another one `upgrade` makes it anew
_AT_ONCE = 500


def number(connection: Connection, article: int, moment: datetime) -> None:
    """Give an article its serial."""
    given = update(articles).where(articles.c.id == article)
    connection.execute(given.values(serial=serial_of(moment, article)))


def index(connection: Connection, numbers: Iterable[int]) -> None:
    """Make articles found by what their rows say now."""
    for some in chunks(numbers):
        rows = full_rows(connection, articles.c.id.in_(some))
        serials = {row.id: row.serial for row in rows}
        own = dialect(connection)
        anew = {
            serials[each.id]: own.row(prepared(each.article, each.judgements, each.entities))
            for each in archived(connection, rows)
        }
        learn(connection, (row.title for row in rows))
        own.forget(connection, list(serials.values()))
        own.add(connection, anew)


def forget(connection: Connection, article: int) -> None:
    """Find an article no longer."""
    asked = select(articles.c.serial).where(articles.c.id == article)
    dialect(connection).forget(connection, list(connection.scalars(asked)))


def upgrade(connection: Connection) -> None:
    """Bring the schema and the index to this version's."""
    schema.upgrade(connection)
    if is_behind(connection):
        rebuild(connection)
    dialect(connection).ensure_index(connection)


def create(connection: Connection) -> None:
    """Create the schema where there is none, and an index that has nothing to make up for.

    Raises ArchiveError if there is one of another version.
    """
    if schema.revision(connection) is None:
        upgrade(connection)
    schema.check(connection)


def is_behind(connection: Connection) -> bool:
    """Whether the index is of another version, or was never made."""
    return connection.scalar(select(state.c.indexed)) != VERSION


def clear(connection: Connection) -> None:
    """Find no article any more."""
    dialect(connection).clear(connection)


def renumber(connection: Connection, numbers: Iterable[int]) -> None:
    """Give articles, none of which is in the index, the serials they should have."""
    for some in chunks(numbers):
        rows = connection.execute(select(articles.c.id, articles.c.moment).where(articles.c.id.in_(some)))
        for row in rows.all():
            number(connection, row.id, row.moment)


def rebuild(connection: Connection, tell: Callable[[int], None] = lambda _done: None) -> int:
    """Make the whole index anew; how many articles are in it. `tell` hears how many are done."""
    clear(connection)
    done = last = 0
    while some := _after(connection, last):
        index(connection, some)
        last, done = some[-1], done + len(some)
        tell(done)
    connection.execute(update(state).values(indexed=VERSION))
    return done


def _after(connection: Connection, last: int) -> list[int]:
    following = select(articles.c.id).where(articles.c.id > last).order_by(articles.c.id)
    return list(connection.scalars(following.limit(_AT_ONCE)))
