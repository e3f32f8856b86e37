"""Marks, and what changed rules are applied to: articles, and pages that were rejected."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.archive import indexing, marking, recording
from storage.archive.engines import transaction
from storage.archive.rows import archived, chunks, judgement_row, lost, to_mark
from storage.errors import NotFound
from storage.model import ArchivedArticle, LostPage, Mark, Marked, Placement
from storage.tables import articles, judgements, marks, pages, state

_AT_ONCE = 200  # articles or pages read and written in one transaction


class Judging:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def mark(self, mark: Mark) -> Marked:
        """Keep a mark in place of an earlier one of its topic, with what it is of as it is now.

        A mark outlives whatever becomes of the article or page, under any key of it. The page of a mark that
        wants it kept is due at once. Raises NotFound where the key names nothing the archive knows.
        """
        with transaction(self._writer) as connection:
            recording.lock(connection)
            marking.put(connection, mark)
            return Marked(mark=mark, found=_named(connection, mark.key))

    def unmark(self, topic: str, key: str) -> ArchivedArticle | LostPage:
        """Take a mark back: what it was of is again what the rules say. Raises NotFound if there is none."""
        with transaction(self._writer) as connection:
            recording.lock(connection)
            number, own = marking.named(connection, key)
            if not marking.take_back(connection, topic, own, number):
                raise NotFound(f"{key}: not marked for {topic}; see rasid topics marks")
            return _named(connection, key)

    def marks(self, keys: Iterable[str]) -> tuple[Mark, ...]:
        """The marks under any of these keys, for each topic the newest."""
        with transaction(self._reader) as connection:
            return marking.of_keys(connection, keys)

    def marked(self, topic: str) -> tuple[Marked, ...]:
        """What is marked for a topic, the first marked first, each article once."""
        asked = select(marks).where(marks.c.topic == topic).order_by(marks.c.made, marks.c.key)
        found: dict[int | str, Marked] = {}
        with transaction(self._reader) as connection:
            for mark in map(to_mark, connection.execute(asked)):
                number, key = marking.named(connection, mark.key)
                found[number or key] = Marked(mark=mark, found=marking.found(connection, number, key))
        return tuple(found.values())

    def articles(self, since: datetime | None = None) -> Iterator[tuple[ArchivedArticle, ...]]:
        """All articles recorded since then, some at a time, by id; each time read as they are by then."""
        wanted = articles.c.recorded >= since if since else articles.c.id > 0
        last = 0
        while True:
            asked = select(articles).where(wanted, articles.c.id > last).order_by(articles.c.id)
            with transaction(self._reader) as connection:
                some = archived(connection, connection.execute(asked.limit(_AT_ONCE)))
            if not some:
                return
            yield some
            last = some[-1].id

    def rejected(self, since: datetime | None = None) -> Iterator[tuple[LostPage, ...]]:
        """The rejected pages decided on since then that are not due, some at a time, each once, by key."""
        wanted = (*_rejected(), *([pages.c.decided >= since] if since else []))
        last = ""
        while True:
            asked = select(pages).where(*wanted, pages.c.key > last).order_by(pages.c.key)
            with transaction(self._reader) as connection:
                some = lost(connection, connection.execute(asked.limit(_AT_ONCE)))
            if not some:
                return
            yield some
            last = some[-1].link.key

    def rejudge(self, anew: Iterable[ArchivedArticle]) -> int:
        """Give articles the judgements they come with in place of theirs; to how many.

        Marks outweigh these as ever. An article that was revised or folded since it was read keeps its own.
        """
        with transaction(self._writer) as connection:
            recording.lock(connection)
            as_read = [each for each in anew if _is_as_read(connection, each)]
            for each in as_read:
                connection.execute(delete(judgements).where(judgements.c.article == each.id))
                for judgement in each.judgements:
                    connection.execute(insert(judgements).values(judgement_row(each.id, judgement)))
                marking.apply(connection, each.id)
            indexing.index(connection, [each.id for each in as_read])
            return len(as_read)

    def regroup(self, found: ArchivedArticle, placement: Placement) -> bool:
        """Place an article anew, with its entities, bands and cases; what an analyst said of it holds.

        False where it was revised or folded since it was read. Raises Outdated if stories changed since
        `placement.seen`: place it again.
        """
        with transaction(self._writer) as connection:
            return recording.regroup(connection, found, placement)

    def fetch_again(self, keys: Iterable[str], now: datetime) -> None:
        """Let pages that were rejected be due at once, as if never tried; each source fetches its own."""
        with transaction(self._writer) as connection:
            for some in chunks(keys):
                wanted = update(pages).where(*_rejected(), pages.c.key.in_(some))
                connection.execute(wanted.values(due=now, tries=0))

    def use_rules(self, fingerprint: str, now: datetime) -> None:
        """From now on articles are judged by the rules of this fingerprint, unless they already are."""
        others = or_(state.c.rules.is_(None), state.c.rules != fingerprint)
        with transaction(self._writer) as connection:
            connection.execute(update(state).where(others).values(rules=fingerprint, rules_since=now))

    def has_rejudged(self, now: datetime) -> None:
        """Everything has been judged by the rules in use."""
        with transaction(self._writer) as connection:
            connection.execute(update(state).values(rejudged=now))

    def is_behind(self) -> bool:
        """Whether an article was recorded by other rules than those in use, and not judged anew since."""
        done = or_(state.c.rejudged.is_(None), state.c.rejudged < state.c.rules_since)
        earlier = exists().where(articles.c.recorded < state.c.rules_since)
        since = func.coalesce(state.c.rejudged, state.c.rules_since)
        later = exists().where(pages.c.outcome == "accepted", pages.c.decided >= since)
        by_others = later.where(pages.c.rules != "", pages.c.rules != state.c.rules)
        behind = select(state.c.id).where(or_(and_(done, earlier), by_others))
        with transaction(self._reader) as connection:
            return connection.scalar(behind) is not None


def _named(connection: Connection, key: str) -> ArchivedArticle | LostPage:
    return marking.found(connection, *marking.named(connection, key))


def _rejected() -> tuple[ColumnElement[bool], ...]:
    """Rejected and not due; of the keys of one page the first, and none if another one is due."""
    other: Any = pages.alias()
    same = (other.c.outcome == "rejected", other.c.page == pages.c.page)
    stands_for_it = or_(other.c.key < pages.c.key, other.c.due.is_not(None))
    return pages.c.outcome == "rejected", pages.c.due.is_(None), ~exists().where(*same, stands_for_it)


def _is_as_read(connection: Connection, each: ArchivedArticle) -> bool:
    asked = select(articles.c.revised).where(articles.c.id == each.id)
    row = connection.execute(asked).one_or_none()
    return row is not None and row.revised == each.revised
