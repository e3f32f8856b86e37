"""Work aside: a process of its own, which says what it came to."""

import multiprocessing
import os
import signal
import threading
import time
from typing import Any

import pytest

from scheduler.aside import aside
from scheduler.settings import Log
from storage.errors import InputError, RasidError, Stopped

GIVEN: dict[str, Any] = {"name": "a work", "seconds": 60.0, "log": Log(), "stopping": lambda: False}


def whose(name: str) -> tuple[str, int]:
    return name, os.getpid()


def nothing() -> None:
    return None


def errs() -> None:
    raise InputError("nobody: no such source")


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hangs() -> None:
    time.sleep(60)


def test_what_it_came_to_is_had_from_another_process() -> None:
    name, process = aside(whose, "ours", **GIVEN)
    assert name == "ours"
    assert process != os.getpid()
    aside(nothing, **GIVEN)  # is an answer, too


def test_what_a_person_can_mend_is_raised_here() -> None:
    with pytest.raises(InputError, match=r"^nobody: no such source$"):
        aside(errs, **GIVEN)


def test_a_process_that_dies_is_named() -> None:
    with pytest.raises(RasidError, match=r"^a work: its process was killed \(SIGKILL\), "):
        aside(dies, **GIVEN)


def test_it_is_ended_when_its_caller_has_to_stop() -> None:
    began = time.monotonic()
    with pytest.raises(Stopped, match=r"^a work: was asked to stop$"):
        aside(hangs, **GIVEN | {"stopping": lambda: time.monotonic() > began + 3})
    assert time.monotonic() - began < 30


def test_it_is_ended_when_it_takes_too_long() -> None:
    with pytest.raises(RasidError, match=r"^a work: its process came to no end within 2 s$"):
        aside(hangs, **GIVEN | {"seconds": 2.0})


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_is_no_failure_however_early(
    number: signal.Signals, seconds: float
) -> None:
    """Ctrl+C in a terminal ends the service, which asks its children; some systems ask all at once."""
    threading.Timer(seconds, signal_children, [number]).start()
    if number == signal.SIGINT:
        assert aside(briefly, **GIVEN)
    else:
        with pytest.raises(Stopped):
            aside(briefly, **GIVEN)


def briefly() -> bool:
    time.sleep(1)
    return True


def signal_children(number: signal.Signals) -> None:
    while not (found := [each for each in multiprocessing.active_children() if each.name == "rasid-aside"]):
        time.sleep(0.01)
    for each in found:
        os.kill(each.pid or 0, number)
