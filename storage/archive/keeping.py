"""An archive as a whole: backups, whether it is in order, what it may forget."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from storage.archive import (
    backups,
    checking,
    forgetting,
    indexing,
    moving,
    portrait,
    postgresql_backup,
    schema,
    sqlite_backup,
    tidying,
)
from storage.archive.engines import transaction
from storage.model import Backup, Finding, Moved, Portrait


class Keeping:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def backup(self, file: Path, now: datetime) -> Backup:
        """Write everything the archive holds at one moment to a new file, while others read and write.

        The file is whole and on the disk when this returns, else there is none; its owner alone may read it,
        for it holds the addresses of subscribers. Snapshots are files of their own and not in it. An archive
        of an older schema can be backed up too. Raises InputError for a file that is there already.
        """
        if self._reader.dialect.name == "postgresql":
            return postgresql_backup.back_up(self._reader, file, now)
        return sqlite_backup.back_up(self._writer, file)

    def restore(self, file: Path, *, replace: bool = False) -> Backup:
        """Let the archive be what it was when the backup was made, at this version's schema, all or nothing.

        Numbers that were given are never given again. Raises InputError where the file is no backup of this
        kind of database, is not whole or is newer than this version; ArchiveError where the archive holds
        something, unless `replace`, or (SQLite) where anybody else has it open.
        """
        backups.require_kind(file, self._writer.dialect.name)
        if self._writer.dialect.name == "postgresql":
            return postgresql_backup.restore(self._writer, file, replace=replace)
        self._reader.dispose()
        return sqlite_backup.restore(self._writer, file, replace=replace)

    def portrait(self) -> Portrait:
        """What the database is, whatever its schema; SQLite makes a file where there is none.

        Raises ArchiveError where it cannot be reached or is of a newer version of Rasid.
        """
        return portrait.portrait(self._reader)

    def older(self) -> str | None:
        """The schema, if it is older than this version's and there is something to lose; else None."""
        return portrait.older(self._reader)

    def write_nothing(self) -> None:
        """Take the turn to write and commit to the disk, changing nothing: whether and how soon that can be
        done."""
        portrait.write_nothing(self._writer)

    def move(
        self,
        target: "Keeping",
        now: datetime,
        tell: Callable[[str, int, int], None] = lambda _table, _done, _of: None,
    ) -> Moved:
        """Copy everything the archive holds to an empty database of either kind; stay as it is.

        All or nothing, in one transaction there and in little memory; ids and numbers stay. The search index
        is made anew; then rows are counted, the copy checked, and both asked the same. `tell` hears of which
        table how many rows of how many are done. Others read this one meanwhile, and wait with writing.
        Raises ArchiveError where the other holds something or is this one by another name, where this one is
        not in order, and where somebody who writes to it does not end.
        """
        return moving.move(self._writer, target._writer, now, tell)

    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the archive; nothing where it is in order.

        On SQLite others wait with writing while the search index is looked at. Raises ArchiveError where the
        database cannot be reached or is not of this version.
        """
        return checking.findings(self._writer, self._reader)

    def reindex(self, tell: Callable[[int], None] = lambda _done: None) -> int:
        """Make the search index anew from the articles, all or nothing; how many articles it holds.

        Others wait with writing until it is done; `tell` hears how many articles are.
        """
        with transaction(self._writer) as connection:
            schema.check(connection)
            indexing.clear(connection)
            indexing.renumber(connection, tuple(checking.misnumbered(connection)))
            return indexing.rebuild(connection, tell)

    def forget_rejected(self, before: datetime) -> int:
        """Forget what the pages said that were rejected before then; how many pages.

        That they were rejected stays known, so that none is fetched again. What is marked is not forgotten.
        """
        forgotten = 0
        while True:
            with transaction(self._writer) as connection:
                some = forgetting.forget_rejected(connection, before)
            forgotten += some
            if some < forgetting.AT_ONCE:
                return forgotten

    def chores(self) -> Mapping[str, Callable[[], str]]:
        """What keeps the database quick and small, by name: each a call that says what it came to.

        Each may raise ArchiveError, which is no reason to leave the others; nobody waits long for any.
        """
        return tidying.chores(self._writer, self._reader)
