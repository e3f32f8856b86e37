"""A child process and how it is watched: what it says, how long it is silent, how much memory it holds.

What a child does and what its words mean is its caller's; children may be had by several threads at once.
"""

import math
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

from scheduler.log import set_up_logging
from scheduler.settings import Log
from storage.errors import RasidError

DONE, STOPPED, TOLD = 0, 3, 4
"""How a child exits: all done; stopped on request; a RasidError was told. Negative: the number of the signal
that ended it. Anything else is a bug."""

GRACE = 15.0  # seconds for a child that was asked to stop; a crawl gives itself ten
_ENDING = {signal.SIGINT, signal.SIGTERM}
_LOOK = 0.2  # seconds between two looks at a child
_FAR_BEYOND = 1.5  # times the memory it may hold: not waited for
BOOKS = threading.Lock()
"""Held while a process is begun or its end is noted: multiprocessing keeps its list for one thread alone."""

Context = SpawnContext | ForkServerContext
Say = Callable[[object], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """When a child is made to end."""

    memory: float  # MB it may hold
    patience: float  # seconds for one piece of its work
    silence: float = 120.0  # seconds without a word
    grace: float = GRACE  # seconds from being asked to stop to being killed


class Child:
    """A process that does some work and says things; it is stopped when its parent has died."""

    def __init__(
        self, work: Callable[..., int], *given: object, name: str, log: Log, context: Context | None = None
    ) -> None:
        """Begin work(*given, say) in a process of its own; what it returns is how the process exits."""
        made = context or multiprocessing.get_context("spawn")
        self._receiver, sender = made.Pipe(duplex=False)
        self._process = made.Process(target=_live, args=(work, given, log, sender), name=name, daemon=True)
        with BOOKS, _held_back(made):
            self._process.start()
        sender.close()

    def listen(
        self,
        hear: Callable[[Any], None],
        *,
        bounds: Bounds,
        wrong: Callable[[float], str],
        stopping: Callable[[], bool],
    ) -> str:
        """Let `hear` have what it says until it has ended, and why it was made to end, empty if it was not.

        It is killed when it is silent for too long. It is asked to stop where `wrong` says why, which hears
        how many MB it holds, or where `stopping()`; and killed where it does not, or holds far too much.
        """
        try:
            why = self._watched(hear, bounds, wrong, stopping)
            self._wait(bounds.grace)
            return why
        finally:
            self.kill()

    def says(self, seconds: float) -> bool:
        """Whether there is a word of it, or its end, within so many seconds."""
        return self._receiver.poll(seconds)

    def hear(self) -> Any:
        """What it says next. Raises EOFError when it has ended."""
        try:
            return self._receiver.recv()
        except ConnectionResetError as error:
            raise EOFError from error

    def kill(self) -> None:
        """End it at once, if it has not ended."""
        self._wait(0)

    @property
    def memory(self) -> float:
        """MB it holds now, see `memory_of`."""
        return memory_of(self._process.pid or 0)

    @property
    def exit(self) -> int:
        """How it has ended."""
        while self._process.exitcode is None:  # another thread is just being told
            self._process.join(_LOOK)
        return self._process.exitcode

    def _watched(
        self,
        hear: Callable[[Any], None],
        bounds: Bounds,
        wrong: Callable[[float], str],
        stopping: Callable[[], bool],
    ) -> str:
        heard, why, end = monotonic(), "", math.inf
        with suppress(EOFError):
            while monotonic() < end:
                if self.says(_LOOK):
                    hear(self.hear())
                    heard = monotonic()
                elif monotonic() - heard > bounds.silence:
                    why = why or f"gave no sign of life for {bounds.silence:g} s"
                    break
                held = self.memory
                if end < math.inf and held > _FAR_BEYOND * bounds.memory:
                    break
                if end == math.inf and ((why := wrong(held)) or stopping()):
                    self._process.terminate()
                    end = monotonic() + bounds.grace
            self.kill()
        return why

    def _wait(self, patience: float) -> None:
        """Wait for its end, which comes by force when patience does."""
        if not wait([self._process.sentinel], patience):
            self._process.kill()
            wait([self._process.sentinel])
        with BOOKS:
            self._process.join()


def memory_of(pid: int) -> float:
    """The MB a process holds now: its resident set, not the largest it has ever been.

    0 where the system does not tell (no /proc, as on macOS): there nothing is bounded.
    """
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def in_words(code: int) -> str:
    """What brought a child down that exits like this; empty: nothing did."""
    if code in (DONE, STOPPED, TOLD):
        return ""
    if code == -signal.SIGKILL:
        return "was killed (SIGKILL), which a system short of memory does"
    if code < 0:
        return f"died of {_name(-code)}"
    return f"broke off (exit {code}); the log says where, please report it"


def stop_with_parent() -> None:
    """Wait for the parent's death and end this process with it: what a thread of every child does."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        signal.alarm(int(GRACE))  # its default action ends the process, whatever hangs


@contextmanager
def _held_back(context: Context) -> Iterator[None]:
    """What is spawned in the block hears of no signal that ends it until it has said, after its imports, what
    it does then. One that is forked has them behind it."""
    if context.get_start_method() != "spawn":
        yield
        return
    resource_tracker.ensure_running()  # which would let the signals through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # such as those for real time
        return f"signal {number}"


def _live(work: Callable[..., int], given: tuple[object, ...], log: Log, sender: Connection) -> None:
    """What every child runs; what a person can mend is said."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    signal.signal(signal.SIGTERM, _stop_early)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    threading.Thread(target=stop_with_parent, daemon=True).start()
    set_up_logging(log)
    say = _voice(sender)
    try:
        sys.exit(work(*given, say))
    except RasidError as error:
        say(error)
        sys.exit(TOLD)


def _stop_early(number: int, _frame: object) -> NoReturn:  # noqa: ARG001 the signature of the library
    """Until a crawl minds signals by itself one must not look as if all were done."""
    sys.exit(STOPPED)


def _voice(sender: Connection) -> Say:
    """How a child says something, in any of its threads; where nobody listens any more it soon ends."""
    alone = threading.Lock()

    def say(said: object) -> None:
        with alone, suppress(BrokenPipeError):
            sender.send(said)

    return say
