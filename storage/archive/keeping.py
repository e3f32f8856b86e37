"""An archive as a whole: backups, whether it is in order, what it may forget."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from storage.archive import backups, postgresql_backup, sqlite_backup
from storage.model import Backup


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
