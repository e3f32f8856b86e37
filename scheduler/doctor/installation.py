"""What several subjects look at, looked at once: settings, archive, catalogue, sites."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path

from crawler.probing.told import Access
from scheduler import jobs, probes
from scheduler.settings import Settings
from storage.archive import Archive
from storage.errors import ArchiveError, RasidError
from storage.model import Portrait, Source

SECONDS = 60  # for all sites together
_SQLITE = "sqlite:///"
_SOME = 5  # sources whose clocks tell enough


class Installation:
    """One installation: `settings` as read from `file`, which need not be there."""

    def __init__(
        self,
        settings: Settings,
        file: Path,
        *,
        clock: Callable[[], datetime],
        published: Callable[[str], bytes | None],
    ) -> None:
        self.settings, self.file, self.clock, self.published = settings, file, clock, published
        self._access: dict[str, Access] = {}

    @property
    def database_file(self) -> Path | None:
        """The file of SQLite; None: the database is on a server."""
        url = self.settings.database.url
        return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        """The archive, if there is one. Raises ArchiveError, without making any."""
        if self._unreachable:
            raise self._unreachable
        file = self.database_file
        if file and not file.exists():
            raise ArchiveError(f"{file}: there is none yet; rasid service makes it, or rasid db upgrade")
        with Archive(self.settings.database.url) as archive:
            yield archive

    @cached_property
    def _unreachable(self) -> ArchiveError | None:
        """Why the database cannot be asked, so that it is waited for once."""
        file = self.database_file
        if file and not file.exists():
            return None
        try:
            with Archive(self.settings.database.url) as archive:
                archive.keeping.portrait()
        except ArchiveError as error:
            return error
        return None

    def portrait(self) -> Portrait:
        """What the database is. Raises ArchiveError."""
        with self.archive() as archive:
            return archive.keeping.portrait()

    @cached_property
    def catalogue(self) -> tuple[tuple[Source, ...], tuple[RasidError, ...]]:
        """The enabled sources, and what is wrong with files of others. Raises ConfigError."""
        known, problems = jobs.read_catalogue(self.settings)
        return tuple(each for each in known if each.enabled), problems

    def access(self, *, some: bool = False) -> tuple[Access, ...]:
        """Whether the enabled sources let us in, or a few of them; each is asked once. Raises ConfigError."""
        sources = self.catalogue[0]
        wanted = [each for each in (sources[:_SOME] if some else sources) if each.id not in self._access]
        if wanted and not (some and self._access):
            for each in probes.access(self.settings, wanted, seconds=SECONDS):
                self._access[each.source] = each
        return tuple(self._access[each.id] for each in sources if each.id in self._access)
