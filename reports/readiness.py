"""readiness: whether all that a service needs is there, as checks that others know how to do. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """What came of looking at one thing; what is said of it is one line, what to do at its end."""

    ready: bool
    said: str


Checks = Mapping[str, Callable[[], Check]]  # name -> how to look, in the order in which they are told


def examined(checks: Checks, exclude: Collection[str] = ()) -> dict[str, Check]:
    """What came of each, those left out that are excluded."""
    return {name: look() for name, look in checks.items() if name not in exclude}
