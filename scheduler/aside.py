"""aside(): work in a process of its own, which ends. Python does not give back what memory such work took."""

import math
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from scheduler.children import DONE, STOPPED, Bounds, Child, in_words
from scheduler.settings import Log
from storage.errors import RasidError, Stopped

T = TypeVar("T")
_UNBOUNDED = Bounds(memory=math.inf, patience=math.inf, silence=math.inf)


def aside(
    work: Callable[..., T],
    *given: object,
    name: str,
    seconds: float,
    log: Log,
    stopping: Callable[[], bool],
) -> T:
    """What work(*given) returns, which has to be picklable as all that is given.

    Raises what of RasidError the work raises; RasidError, which begins with the name of the work, where it is
    not done after so many seconds or its process dies; Stopped where it was ended because `stopping()` turned
    true. It outlives a caller that is killed by fifteen seconds at most.
    """
    said: list[T | RasidError] = []
    end = monotonic() + seconds
    child = Child(_say, work, *given, name="rasid-aside", log=log)
    why = child.listen(
        said.append,
        bounds=_UNBOUNDED,
        wrong=lambda _: f"came to no end within {seconds:g} s" if monotonic() > end else "",
        stopping=stopping,
    )
    for result in said:
        if isinstance(result, RasidError):
            raise result
        return result
    if stopping() or (child.exit == STOPPED and not why):
        raise Stopped(f"{name}: was asked to stop")
    raise RasidError(f"{name}: its process {why or in_words(child.exit)}")


def _say(work: Callable[..., object], *given: Any) -> int:
    *own, say = given
    say(work(*own))
    return DONE
