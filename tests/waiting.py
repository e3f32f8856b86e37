"""Waiting for something that another process does."""

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], seconds: float = 60, pause: float = 0.05) -> None:
    """Waits until the condition holds, looking after each pause; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(pause)
