"""What a crawl says besides its reports, as values; they can be pickled. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Begun:
    """The crawl of a source has begun: it no longer waits for a place or for its hosts."""

    source: str


@dataclass(frozen=True, slots=True)
class Beat:
    """The loop that all crawls of a process share is alive; no word of any of them."""
