"""Back-fill from WARC files, on every core.

Each worker is a process that reads one piece after another. One that dies or says nothing for a while is
killed and the piece begun anew by another: the page that broke it has had its try and is left out.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from time import monotonic

from crawler.backfill.pieces import Piece, pieces_of
from scheduler.children import BOOKS
from scheduler.log import set_up_logging
from scheduler.settings import Settings
from storage.errors import RasidError
from storage.model import Backfill

_PATIENCE = 120.0  # seconds in which a worker has to say something
_TRIES = 4  # of a piece


@dataclass(slots=True)
class _Worker:
    """A process, the way to it, and what it is about."""

    process: SpawnProcess
    line: Connection
    piece: Piece
    heard: float = field(default_factory=monotonic)

    def stop(self) -> None:
        self.process.kill()
        with BOOKS:
            self.process.join()
        self.line.close()


def read_files(
    settings: Settings,
    files: Iterable[Path],
    *,
    progress: Callable[[Backfill], None],
    stopping: Callable[[], bool],
    workers: int | None = None,
) -> tuple[str, ...]:
    """Record the articles of our sources that are in WARC files, the newest file first.

    Returns a line for each piece that could not be read to its end. Ends early when `stopping()` turns true;
    the next call goes on from there. Raises InputError for a file that is no WARC file, and what a worker
    raises of RasidError.
    """
    pool = _Pool(settings, deque(pieces_of(files)), progress)
    try:
        for _ in pool.run(workers or os.cpu_count() or 1):
            if stopping():
                break
    finally:
        pool.stop()
    return tuple(pool.problems)


class _Pool:
    """The workers, and the pieces nobody has begun."""

    def __init__(
        self, settings: Settings, pieces: deque[Piece], progress: Callable[[Backfill], None]
    ) -> None:
        self._settings, self._pieces, self._progress = settings, pieces, progress
        self._tries: dict[Piece, int] = {}
        self._workers: list[_Worker] = []
        self.problems: list[str] = []

    def run(self, most: int) -> Iterator[None]:
        """Read all pieces; yields a few times a second."""
        for _ in range(min(most, len(self._pieces))):
            self._employ()
        while self._workers:
            for line in wait([worker.line for worker in self._workers], timeout=0.2):
                self._listen(next(worker for worker in self._workers if worker.line is line))
            for worker in tuple(self._workers):
                if monotonic() - worker.heard > _PATIENCE:
                    self._replace(worker, f"says nothing for {_PATIENCE:g} s")
            yield

    def stop(self) -> None:
        """End every worker; what was noted stays."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def _employ(self) -> None:
        context = multiprocessing.get_context("spawn")
        line, other = context.Pipe()
        arguments = (self._settings, other)
        process = context.Process(target=_work, args=arguments, name="rasid-backfill", daemon=True)
        with BOOKS:
            process.start()
        other.close()
        worker = _Worker(process, line, self._pieces[0])
        self._workers.append(worker)
        self._assign(worker)

    def _assign(self, worker: _Worker) -> None:
        worker.piece = self._pieces.popleft()
        worker.heard = monotonic()
        with suppress(BrokenPipeError):  # it has just died, which its line tells next
            worker.line.send(worker.piece)

    def _listen(self, worker: _Worker) -> None:
        try:
            said = worker.line.recv()
        except (EOFError, ConnectionResetError):  # the latter where it died with a piece unread
            self._replace(worker, "ended")
            return
        if isinstance(said, RasidError):
            raise said
        worker.heard = monotonic()
        self._progress(said)
        if said.done:
            self._next(worker)

    def _next(self, worker: _Worker) -> None:
        if self._pieces:
            self._assign(worker)
            return
        self._workers.remove(worker)
        worker.stop()

    def _replace(self, worker: _Worker, why: str) -> None:
        """Another worker for the piece of one that died or hangs."""
        self._workers.remove(worker)
        worker.stop()
        tries = self._tries[worker.piece] = self._tries.get(worker.piece, 0) + 1
        if tries < _TRIES:
            self._pieces.appendleft(worker.piece)
        else:
            self.problems.append(f"{worker.piece.name}: left after {tries} tries: its reader {why}")
        if self._pieces:
            self._employ()


def _work(settings: Settings, line: Connection) -> None:
    """What a worker runs: one piece after another, until the line is closed."""
    from crawler.backfill.files import FileReader
    from crawler.catalogue import readable_sources
    from crawler.rules import load_rules
    from storage.archive import Archive
    from storage.warc import WarcFolder

    set_up_logging(settings.log)
    try:
        sources = readable_sources(settings.catalogue.directory)[0]
        rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
        with Archive(settings.database.url) as archive:
            folder = WarcFolder(settings.snapshots.directory) if settings.snapshots.keep else None
            reader = FileReader(
                sources=sources, archive=archive, rules=rules, tell=line.send, snapshots=folder
            )
            while True:
                reader.read(line.recv())
    except EOFError:
        return
    except RasidError as error:
        line.send(error)
