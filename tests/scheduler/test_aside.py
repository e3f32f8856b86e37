"""Work aside: a process of its own, which says what it came to."""

import os
import signal
import time

import pytest

from scheduler.aside import aside
from scheduler.settings import Log
from storage.errors import InputError, RasidError


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
    name, process = aside(whose, "ours", log=Log(), stopping=lambda: False)
    assert name == "ours"
    assert process != os.getpid()
    aside(nothing, log=Log(), stopping=lambda: False)  # is an answer, too


def test_what_a_person_can_mend_is_raised_here() -> None:
    with pytest.raises(InputError, match=r"^nobody: no such source$"):
        aside(errs, log=Log(), stopping=lambda: False)


def test_a_process_that_dies_is_named() -> None:
    with pytest.raises(RasidError, match=r"^its process was killed \(SIGKILL\), "):
        aside(dies, log=Log(), stopping=lambda: False)


def test_it_is_ended_when_its_caller_has_to_stop() -> None:
    began = time.monotonic()
    with pytest.raises(RasidError, match="was asked to stop"):
        aside(hangs, log=Log(), stopping=lambda: time.monotonic() > began + 3)
    assert time.monotonic() - began < 30
