"""aside(): work in a process of its own, which ends. Python does not give back what memory such work took."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

from scheduler.children import DONE, Bounds, Child, in_words
from scheduler.settings import Log
from storage.errors import RasidError

T = TypeVar("T")
_UNBOUNDED = Bounds(memory=math.inf, patience=math.inf, silence=math.inf)


def aside(work: Callable[..., T], *given: object, log: Log, stopping: Callable[[], bool]) -> T:
    """What work(*given) returns, which has to be picklable as all that is given.

    Ended when `stopping()` turns true. Raises what of RasidError the work raises, and RasidError where it is
    ended or its process dies.
    """
    said: list[T | RasidError] = []
    child = Child(_say, work, *given, name="rasid-aside", log=log)
    child.listen(said.append, bounds=_UNBOUNDED, wrong=lambda _: "", stopping=stopping)
    for result in said:
        if isinstance(result, RasidError):
            raise result
        return result
    raise RasidError(f"its process {in_words(child.exit) or 'was asked to stop'}")


def _say(work: Callable[..., object], *given: Any) -> int:
    *own, say = given
    say(work(*own))
    return DONE
