"""A child process is watched, and how it exits means something."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.children import Bounds, Child, Say, in_words, memory_of
from scheduler.settings import Log
from storage.errors import InputError
from tests.children import forkserver

BOUNDS = Bounds(memory=10_000, patience=60, silence=60, grace=5)


def began(work: Callable[..., int], *given: object) -> Child:
    return Child(work, *given, name="test", log=Log(), context=forkserver())


def ended(
    child: Child, bounds: Bounds = BOUNDS, stopping: Callable[[], bool] = lambda: False
) -> tuple[list[object], str]:
    """What a child said, and why it was made to end."""
    said: list[object] = []
    why = child.listen(
        said.append, bounds=bounds, wrong=lambda held: too_large(held, bounds), stopping=stopping
    )
    return said, why


def too_large(held: float, bounds: Bounds) -> str:
    return "held too much" if held > bounds.memory else ""


def exits(code: int, say: Say) -> int:
    say("well")
    return code


def errs(say: Say) -> int:
    say("begun")
    raise InputError("nobody: no such source")


def breaks(say: Say) -> int:
    raise ValueError(say)


def waits(say: Say) -> int:
    say(os.getpid())
    time.sleep(60)
    return 0


def waits_on(say: Say) -> int:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return waits(say)


def swells(step: int, say: Say) -> int:
    """Hold so many MB, and far more once it is asked to stop."""
    held: list[bytes] = []
    signal.signal(signal.SIGTERM, lambda *_: held.append(b"x" * step * 4_000_000))
    held.append(b"x" * step * 1_000_000)
    say(os.getpid())
    time.sleep(60)
    return 0


def chatters(say: Say) -> int:
    """Say much in several threads at once."""
    several = [threading.Thread(target=say, args=(str(number) * 100_000,)) for number in range(8)]
    for each in several:
        each.start()
    for each in several:
        each.join()
    return 0


@pytest.mark.parametrize("code", [0, 3])
def test_a_child_exits_as_its_work_says(code: int) -> None:
    child = began(exits, code)
    assert ended(child) == (["well"], "")
    assert child.exit == code
    assert in_words(code) == ""


def test_what_a_person_can_mend_is_told() -> None:
    child = began(errs)
    (_, error), _ = ended(child)
    assert isinstance(error, InputError)
    assert child.exit == 4
    assert in_words(4) == ""


def test_a_bug_is_none_of_these() -> None:
    child = began(breaks)
    ended(child)
    assert child.exit == 1
    assert in_words(1) == "broke off (exit 1); the log says where, please report it"


@pytest.mark.parametrize(
    ("number", "words"),
    [(signal.SIGSEGV, "died of SIGSEGV"), (signal.SIGKILL, "was killed (SIGKILL), which a system short")],
)
def test_the_signal_that_ended_it_is_named(number: signal.Signals, words: str) -> None:
    child = began(waits)
    os.kill(child.hear(), number)
    assert ended(child) == ([], "")
    assert child.exit == -number
    assert in_words(child.exit).startswith(words)


def test_a_request_to_stop_that_comes_before_anything_minds_it_does_not_look_done() -> None:
    child = began(waits)
    os.kill(child.hear(), signal.SIGTERM)
    ended(child)
    assert child.exit == 3


def test_a_child_that_is_frozen_is_killed_for_its_silence() -> None:
    child = began(waits)
    os.kill(child.hear(), signal.SIGSTOP)
    assert ended(child, replace(BOUNDS, silence=1)) == ([], "gave no sign of life for 1 s")
    assert child.exit == -signal.SIGKILL


def test_a_child_that_does_not_heed_a_request_to_stop_is_killed() -> None:
    child = began(waits_on)
    child.hear()
    assert ended(child, replace(BOUNDS, grace=0.5), stopping=lambda: True) == ([], "")
    assert child.exit == -signal.SIGKILL


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell")
def test_what_counts_is_what_a_child_holds_now() -> None:
    before = memory_of(os.getpid())
    held = b"x" * 100_000_000
    assert memory_of(os.getpid()) > before + 90
    del held
    assert memory_of(os.getpid()) < before + 50  # ru_maxrss would still have it
    assert memory_of(0) == 0


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell")
def test_a_child_that_holds_too_much_is_asked_to_stop_and_killed_where_it_goes_on_growing() -> None:
    child = began(swells, 150)
    bounds = replace(BOUNDS, memory=memory_of(child.hear()) - 50, grace=30)
    started = time.monotonic()
    assert ended(child, bounds) == ([], "held too much")
    assert child.exit == -signal.SIGKILL
    assert time.monotonic() - started < 20


def test_words_of_several_threads_do_not_mix() -> None:
    said, _ = ended(began(chatters))
    assert sorted(map(str, said)) == [str(number) * 100_000 for number in range(8)]


def test_a_child_is_not_left_behind_where_its_word_cannot_be_borne() -> None:
    def choke(_: object) -> None:
        raise ZeroDivisionError

    child = began(waits)
    with pytest.raises(ZeroDivisionError):
        child.listen(choke, bounds=BOUNDS, wrong=lambda _: "", stopping=lambda: False)
    assert child.exit == -signal.SIGKILL
