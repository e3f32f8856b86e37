"""pace: at most so many mails in any minute, also of several threads; who waits is woken by a stop."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MINUTE = 60.0  # seconds


class Pace:
    """The turns of one process.

    a_minute: how many there are in any minute; 0: as many as are wanted. stop: no turn is given once it is
    set. seconds: a clock that is never put back.
    """

    def __init__(
        self,
        a_minute: int = 0,
        stop: threading.Event | None = None,
        seconds: Callable[[], float] = time.monotonic,
        minute: float = MINUTE,
    ) -> None:
        self._stop = stop or threading.Event()
        self._seconds, self._minute = seconds, minute
        self._ends: deque[float] = deque(maxlen=a_minute)
        self._lock = threading.Lock()

    def rest(self) -> None:
        """Count a turn that nobody here has had."""
        self._ends.append(self._seconds())

    @property
    def is_over(self) -> bool:
        """Whether no turn is given any more."""
        return self._stop.is_set()

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """A turn, as soon as there is one, for the block; False: there is none any more.

        A minute is counted from the end of a turn to the beginning of another, so that what arrives late
        does not arrive with what comes after it.
        """
        if self._ends.maxlen == 0:
            yield not self.is_over
            return
        with self._lock:
            stopped = self._stop.wait(self._left())
            try:
                yield not stopped
            finally:
                if not stopped:
                    self._ends.append(self._seconds())

    def _left(self) -> float:
        """Seconds until the next turn."""
        if len(self._ends) < (self._ends.maxlen or 0):
            return 0
        return max(0.0, self._ends[0] + self._minute - self._seconds())


def steady(a_minute: int, stop: threading.Event, seconds: Callable[[], float] = time.monotonic) -> Pace:
    """So many turns in any minute for who does not know what others did just before, if all do this and one
    at a time: evenly, and a pause before the first."""
    if not a_minute:
        return Pace(0, stop)
    pace = Pace(1, stop, seconds, MINUTE / a_minute)
    pace.rest()
    return pace
