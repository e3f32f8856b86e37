"""Places: so many at once, of however many threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOOK = 0.2  # seconds between two looks whether to stop


class Places:
    """A number of places, each of which one thread may take."""

    def __init__(self, number: int) -> None:
        self._free = threading.Semaphore(number)

    def is_free(self) -> bool:
        """Whether there is a place just now."""
        free = self._free.acquire(blocking=False)
        if free:
            self._free.release()
        return free

    @contextmanager
    def taken(self, stopping: Callable[[], bool]) -> Iterator[bool]:
        """Wait for a place and keep it until the block ends; false where `stopping()` comes first."""
        while not stopping():
            if self._free.acquire(timeout=_LOOK):
                try:
                    yield True
                finally:
                    self._free.release()
                return
        yield False
