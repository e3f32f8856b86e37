"""A clock that is set."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.clock import Shifted, now


@dataclass(slots=True)
class Clock:
    """What time it is in a simulation; it goes on from when it was last set. Can be pickled."""

    shifted: Shifted = field(default_factory=lambda: Shifted(timedelta(0)))

    def __call__(self) -> datetime:
        """What it says."""
        return self.shifted()

    def set(self, moment: datetime) -> None:
        """Let it say this from now on."""
        self.shifted = Shifted(moment - now())
