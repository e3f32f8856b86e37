"""Pace: how many turns there are in a minute."""

import threading
import time

import pytest

from scheduler.pace import MINUTE, Pace, steady


class Clock(threading.Event):
    """A stop that is never set, whose waiting is the time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def wait(self, timeout: float | None = None) -> bool:
        """Let time pass."""
        self.now += timeout or 0
        return self.is_set()


@pytest.mark.parametrize(("a_minute", "takes"), [(1, 0.0), (3, 0.5), (10, 7.0), (60, 0.0)])
def test_there_are_no_more_turns_in_any_minute_than_are_set(a_minute: int, takes: float) -> None:
    clock = Clock()
    pace = Pace(a_minute, clock, lambda: clock.now)
    begun, ended = [], []
    for _ in range(4 * a_minute):
        with pace.turn() as is_ours:
            assert is_ours
            begun.append(clock.now)
            clock.now += takes
            ended.append(clock.now)
    for at in range(3 * a_minute):
        assert begun[at + a_minute] - ended[at] >= MINUTE
    assert begun[-1] - begun[0] < 4 * (MINUTE + takes * a_minute)


def test_without_a_number_nobody_waits() -> None:
    clock = Clock()
    pace = Pace(0, clock, lambda: clock.now)
    for _ in range(1000):
        with pace.turn() as is_ours:
            assert is_ours
    assert clock.now == 1000.0


def test_who_waits_is_woken_when_all_is_to_stop() -> None:
    stop = threading.Event()
    pace = Pace(1, stop)
    with pace.turn() as first:
        assert first
    begun = time.monotonic()
    threading.Timer(0.1, stop.set).start()
    with pace.turn() as second:
        assert not second
    assert 0.05 < time.monotonic() - begun < 5
    assert pace.is_over


def test_one_turn_is_taken_at_a_time() -> None:
    pace = Pace(1000)
    inside, most = 0, 0
    lock = threading.Lock()

    def take() -> None:
        nonlocal inside, most
        for _ in range(20):
            with pace.turn():
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.001)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=take) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == 1


def test_who_knows_nothing_of_the_turns_before_keeps_the_pace_all_the_same() -> None:
    clock = Clock()
    begun: list[float] = []
    for _ in range(5):  # one process after the other
        pace = steady(6, clock, lambda: clock.now)
        for _ in range(4):
            with pace.turn() as is_ours:
                assert is_ours
                begun.append(clock.now)
    assert all(begun[at + 6] - begun[at] >= MINUTE for at in range(14))
    assert begun[-1] - begun[0] == pytest.approx(19 * MINUTE / 6)


def test_without_a_number_a_steady_pace_is_none() -> None:
    with steady(0, threading.Event()).turn() as is_ours:
        assert is_ours
