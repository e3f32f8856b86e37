"""How long two ways of asking take, by turns."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")
_LEAST = 8  # turns, however long they take


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of single answers."""

    all: tuple[float, ...]

    @property
    def p50(self) -> float:
        """Half of them are faster."""
        return median(self.all)

    @property
    def p95(self) -> float:
        """All but one in twenty are faster."""
        return sorted(self.all)[-(-95 * len(self.all) // 100) - 1]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """A result, and the milliseconds it took."""
    began = time.perf_counter()
    result = work()
    return result, 1000 * (time.perf_counter() - began)


def by_turns(
    ours: Callable[[T], object], theirs: Callable[[T], object], asked: Sequence[T], seconds: float
) -> tuple[Times, Times]:
    """The times of both, each question once for the caches and once for the watch, each beginning as often.

    After `seconds` no further question is asked, once there were eight.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    began = time.perf_counter()
    for number, each in enumerate(asked):
        if number >= _LEAST and time.perf_counter() - began > seconds:
            break
        ours(each)
        theirs(each)
        turns = [(taken[0], ours), (taken[1], theirs)]
        for times, work in turns if number % 2 else reversed(turns):
            times.append(timed(lambda work=work, each=each: work(each))[1])  # type: ignore[misc]
    return Times(tuple(taken[0])), Times(tuple(taken[1]))


def repeated(work: Callable[[], object], times: int) -> Times:
    """The times of one thing done again and again, after once for the caches."""
    work()
    return Times(tuple(timed(work)[1] for _ in range(times)))


def middle(numbers: Iterable[float]) -> float:
    """The median; 0 of nothing."""
    found = tuple(numbers)
    return median(found) if found else 0.0
