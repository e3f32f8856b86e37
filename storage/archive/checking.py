"""Whether an archive is in order: what is wrong with it, each with what mends it."""

import sqlite3
from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Engine, Select, exists, or_, select

from storage.archive import schema
from storage.archive.connecting import circling
from storage.archive.engines import driver, transaction
from storage.model import Finding
from storage.search.dialects import dialect
from storage.search.serial import serial_of
from storage.tables import article_entities, articles, bands, cases, judgements, revisions, stories

_RESTORE = "put back a backup: rasid db restore FILE --replace"
_REINDEX = "run: rasid db reindex"
_REPORT = "put back a backup, and report it: no command of Rasid does this"
_MOST = 10  # of one kind are named

Check = Callable[[Connection], Iterator[Finding]]


def findings(writer: Engine, reader: Engine) -> tuple[Finding, ...]:
    """What is wrong with an archive of this version's schema. Raises ArchiveError if it is of another one."""
    with transaction(reader) as connection:
        schema.check(connection)
        found = list(wrong(connection))
    damaged = any(each.remedy == _RESTORE for each in found)
    if writer.dialect.name == "sqlite" and not damaged:
        found += _index_damage(writer)
    return tuple(found)


def wrong(connection: Connection) -> Iterator[Finding]:
    """What is wrong with what a transaction sees; where the file itself is damaged, that alone."""
    damage = tuple(_damage(connection))
    yield from damage
    if not damage:  # what else is found would follow from it
        for check in CHECKS:
            yield from check(connection)


def misnumbered(connection: Connection) -> Iterator[int]:
    """The articles whose serial is not that of their moment and number."""
    asked = select(articles.c.id, articles.c.moment, articles.c.serial)
    rows = connection.execute(asked.execution_options(yield_per=10_000))
    return (each.id for each in rows if each.serial != serial_of(each.moment, each.id))


def _damage(connection: Connection) -> Iterator[Finding]:
    """SQLite: pages of the file that are not what they should be, rows that refer to none."""
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})"):
        if said != "ok":
            yield Finding(what=f"the file is damaged: {' '.join(said.split())}", remedy=_RESTORE)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST)
    for name, row, parent, _ in broken:
        yield Finding(what=f"{name}: row {row} refers to a row of {parent} that is not there", remedy=_REPORT)


def _index_damage(writer: Engine) -> Iterator[Finding]:
    """SQLite: what the search index says of itself; to ask changes nothing, but takes the turn to write."""
    with driver(writer) as connection:
        try:
            connection.execute("INSERT INTO article_fts (article_fts) VALUES ('integrity-check')")
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            yield Finding(what="the search index is damaged", remedy=_REINDEX)


def _unindexed(connection: Connection) -> Iterator[Finding]:
    index = dialect(connection).index
    key = index.c.rowid if connection.dialect.name == "sqlite" else index.c.serial
    missing = select(articles.c.id).where(~exists().where(key == articles.c.serial))
    yield from _told(connection, missing, "article {} is not in the search index", _REINDEX)
    over = select(key).where(~exists().where(articles.c.serial == key))
    yield from _told(connection, over, "the search index holds {}, which is no article", _REINDEX)


def _index(connection: Connection) -> Iterator[Finding]:
    if not dialect(connection).has_index(connection):
        what = "search is slow: an import left out its index and is running or was killed"
        yield Finding(what=what, remedy="when none is running, run: rasid db upgrade")


def _serials(connection: Connection) -> Iterator[Finding]:
    wrong = list(misnumbered(connection))
    yield from _named(wrong, "article {}: its serial is not that of its moment and number", _REINDEX)


def _copies(connection: Connection) -> Iterator[Finding]:
    original = articles.alias()
    pairs = select(articles.c.id).join(original, original.c.id == articles.c.copy_of)
    strange = or_(articles.c.copy_of == articles.c.id, original.c.story != articles.c.story)
    said = "article {} is a copy of itself or of an article of another story"
    yield from _told(connection, pairs.where(strange), said, _REPORT)
    in_circles = "article {} is a copy of a copy of itself"
    yield from _named(circling(connection), in_circles, _REPORT)


def _stories(connection: Connection) -> Iterator[Finding]:
    heir = stories.alias()
    merged = select(stories.c.id).join(heir, heir.c.id == stories.c.became)
    nowhere = merged.where(or_(heir.c.became.is_not(None), heir.c.id == stories.c.id))
    yield from _told(connection, nowhere, "story {} became one that is itself merged", _REPORT)
    told = exists().where(articles.c.story == stories.c.id)
    empty = select(stories.c.id).where(stories.c.became.is_(None), ~told)
    yield from _told(connection, empty, "story {} has no article and became no other", _REPORT)
    homeless = select(articles.c.id).where(~exists().where(stories.c.id == articles.c.story))
    yield from _told(connection, homeless, "article {} is of no story", _REPORT)


def _orphans(connection: Connection) -> Iterator[Finding]:
    for owned in (judgements, article_entities, bands, cases, revisions):
        nobody = ~exists().where(articles.c.id == owned.c.article)
        asked = select(owned.c.article).distinct().where(nobody)
        said = f"{owned.name} of article {{}}, which is not there"
        yield from _told(connection, asked, said, _REPORT)


def _told(connection: Connection, asked: Select[int], what: str, remedy: str) -> Iterator[Finding]:
    yield from _named(list(connection.scalars(asked)), what, remedy)


def _named(numbers: list[int], what: str, remedy: str) -> Iterator[Finding]:
    for number in numbers[:_MOST]:
        yield Finding(what=what.format(number), remedy=remedy)
    if len(numbers) > _MOST:
        more = f"{what.format('N')}: {len(numbers) - _MOST:,} more"
        yield Finding(what=more, remedy=remedy)


CHECKS: tuple[Check, ...] = (_index, _unindexed, _serials, _copies, _stories, _orphans)
