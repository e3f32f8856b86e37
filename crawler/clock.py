"""What time it is, as an argument: a crawl happens at the moment its clock says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]  # aware, UTC


def now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Shifted:
    """A clock that is ahead of this machine's, or behind it; can be pickled."""

    by: timedelta

    def __call__(self) -> datetime:
        """What it says."""
        return now() + self.by
