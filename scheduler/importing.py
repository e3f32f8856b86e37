"""Articles of a file into the archive: other processes read them while this one writes."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from typing import IO, Any, TypeVar

from crawler.stories import settle
from scheduler.reading_in import Line, Means, Read, names, read
from storage.archive import Archive
from storage.archive.numbers import Numbers
from storage.archive.ready import Ready
from storage.errors import InputError
from storage.model import Account
from storage.model.bulk import Taken

_ROWS = 1_000  # of a piece, which is written in one transaction
_BYTES = 8_000_000  # of a piece
_LONGEST = 64_000_000  # bytes of a line
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What an import comes to; every line that is not blank is counted once."""

    imported: int = 0
    there: int = 0  # already
    bad: int = 0
    irrelevant: int = 0
    same: int = 0  # rows that say they are the same as another
    stopped: bool = False

    @property
    def read(self) -> int:
        """The lines that are not blank."""
        return self.imported + self.there + self.bad + self.irrelevant + self.same

    def count(self, taken: Taken) -> None:
        """Note what became of articles."""
        self.imported += taken.added
        self.there += taken.there


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be imported: `file` is read from its beginning, perhaps twice, and has so many lines."""

    file: IO[bytes]
    lines: int
    means: Means
    complain: Callable[[str], None]  # hears each bad line
    tell: Callable[[Outcome], None] = field(default=lambda _: None)  # hears how far it has come
    stopping: Callable[[], bool] = field(default=lambda: False)


def import_file(archive: Archive, asked: Asked) -> Outcome:
    """Take in what the archive lacks of a file, a thousand rows at a time.

    It may be killed at any moment; run again, it passes over what is there.
    """
    outcome = Outcome()
    with closing(Numbers()) as numbers, _readers(asked.lines) as pool:
        if not archive.bulk.is_empty():
            for named in _in_order(pool, names, asked):
                archive.bulk.note(named, numbers)
        archive.bulk.prepare(asked.lines)
        for found in _in_order(pool, read, asked):
            if asked.stopping():  # not asked behind the last piece: then it has come to its end
                outcome.stopped = True
                break
            _take(archive, found, numbers, outcome, asked.complain)
            asked.tell(outcome)
    archive.bulk.finish()
    return outcome


def _take(
    archive: Archive, found: Read, numbers: Numbers, outcome: Outcome, complain: Callable[[str], None]
) -> None:
    for line in found.bad:
        complain(line)
    outcome.bad += len(found.bad)
    outcome.same += found.same
    outcome.irrelevant += found.irrelevant
    for to_place, some in groupby(found.articles, lambda each: each.account is not None):
        if not to_place:
            outcome.count(archive.bulk.take(list(some), numbers))
            continue
        for each in some:
            if each.account is not None:
                outcome.count(_placed(archive, each, each.account, numbers))


def _placed(archive: Archive, each: Ready, account: Account, numbers: Numbers) -> Taken:
    """One article as the crawl groups it, placed anew as long as others change its stories first."""
    return settle(archive, account, lambda placement: archive.bulk.place(each, placement, numbers))


def _in_order(pool: Executor, work: Callable[[list[Line], Means], T], asked: Asked) -> Iterator[T]:
    """What readers make of the pieces of the file, in their order; few pieces are begun ahead."""
    begun: deque[Future[T]] = deque()
    try:
        for piece in _pieces(asked.file):
            begun.append(pool.submit(work, piece, asked.means))
            if len(begun) > 2 * (os.cpu_count() or 1):
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    except BrokenProcessPool as error:
        raise InputError(f"{asked.means.name}: a process that reads it was killed; run it again") from error
    finally:
        for each in begun:
            each.cancel()


def _pieces(file: IO[bytes]) -> Iterator[list[Line]]:
    file.seek(0)
    piece: list[Line] = []
    size = 0
    for number, line in enumerate(iter(lambda: file.readline(_LONGEST), b""), 1):
        piece.append((number, line))
        size += len(line)
        if len(piece) >= _ROWS or size >= _BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _readers(lines: int) -> Executor:
    """As many processes as cores, for the one that writes waits for its disk or server at times.

    What is a single piece is read beside the writer: a process takes longer to start.
    """
    if lines <= _ROWS:
        return ThreadPoolExecutor(1)
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context, initializer=_begin)


def _begin() -> None:
    """A reader leaves signals to the process it reads for, and does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent: Any = multiprocessing.parent_process()
    threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()


def lines_of(file: IO[bytes]) -> int:
    """How many lines a file has."""
    file.seek(0)
    blocks: Iterable[bytes] = iter(lambda: file.read(1 << 20), b"")
    return sum(block.count(b"\n") for block in blocks)
