"""What sources repeat on their pages."""

from sqlalchemy import Connection, Engine, Select, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.archive.engines import transaction
from storage.archive.rows import chunks
from storage.tables import lines

_PAGES = 0  # the mark under which the pages themselves are counted
_FEWEST = 5  # pages: fewer may be one story told in parts
_SHARE = 0.2  # of the pages: a section's boilerplate is on as many, a series or a wire text on fewer
_WINDOW = 100  # pages, after which what was counted counts half
_COPY = 0.75  # of the lines of a page: one that has as many from earlier pages is a copy or a correction


class Habits:
    """A part of the archive, which promises as the whole does.

    Every line of the last pages is counted by its mark (see `crawler.cleaning.repeats`).
    """

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def repeated(self, source: str) -> frozenset[int]:
        """The marks of the lines that stand on at least 5 of the source's pages, and on a fifth of them."""
        with transaction(self._reader) as connection:
            asked = select(lines.c.mark, lines.c.pages).where(
                lines.c.source == source, (lines.c.pages >= _FEWEST) | (lines.c.mark == _PAGES)
            )
            return _repeated(_counts(connection, asked))

    def note(self, source: str, marks: frozenset[int]) -> None:
        """Count the lines of one more page of a source; the caller sees to it that no page comes twice.

        A page most of whose lines are known from others, those apart that the source repeats, is the same
        text at another address or a corrected one: it counts for nothing. After 100 pages all counts are
        halved, and again after 50 more, so that a source which changes its boilerplate is followed.
        """
        with transaction(self._writer) as connection:
            known = _counted(connection, source, marks | {_PAGES})
            own = marks - _repeated(known)
            if not own or len(own & known.keys()) >= _COPY * len(own):
                return
            _count(connection, source, marks | {_PAGES})
            if known.get(_PAGES, 0) + 1 >= _WINDOW:
                _halve(connection, source)


def _repeated(pages: dict[int, int]) -> frozenset[int]:
    least = max(_FEWEST, _SHARE * pages.get(_PAGES, 0))
    return frozenset(mark for mark, count in pages.items() if count >= least) - {_PAGES}


def _counted(connection: Connection, source: str, marks: frozenset[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in chunks(marks):
        asked = select(lines.c.mark, lines.c.pages).where(lines.c.source == source, lines.c.mark.in_(some))
        found |= _counts(connection, asked)
    return found


def _counts(connection: Connection, asked: Select[tuple[int, int]]) -> dict[int, int]:
    return {row.mark: row.pages for row in connection.execute(asked)}


def _count(connection: Connection, source: str, marks: frozenset[int]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    key = [lines.c.source, lines.c.mark]
    for some in chunks(sorted(marks)):
        first = dialect.insert(lines).values([{"source": source, "mark": mark, "pages": 1} for mark in some])
        again = first.on_conflict_do_update(index_elements=key, set_={"pages": lines.c.pages + 1})
        connection.execute(again)


def _halve(connection: Connection, source: str) -> None:
    of_source = lines.c.source == source
    connection.execute(delete(lines).where(of_source, lines.c.pages < 2))
    connection.execute(update(lines).where(of_source).values(pages=lines.c.pages // 2))
