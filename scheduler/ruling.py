"""What an analyst says of stories, kept: several are one, some articles of one are another."""

from collections.abc import Callable, Sequence

from crawler.stories.by_hand import Ruling
from storage.archive import Archive
from storage.errors import Outdated
from storage.model import Neighbours

Decide = Callable[[Neighbours, Sequence[int]], Ruling]
_TRIES = 20  # how often it is decided anew because a crawl was faster


def rule(archive: Archive, stories: Sequence[int], decide: Decide) -> dict[str, int]:
    """Decide on all accounts that hang together with stories, by the ids these have then, and keep it.

    Returns the story of each key. Raises NotFound for a story that never was, what `decide` raises, and
    Outdated if crawls are always faster.
    """
    for _ in range(_TRIES):
        held, homes = archive.ties.around(stories)
        ruling = decide(held, homes)
        try:
            return archive.ties.keep(ruling.made, ruling.forgotten, ruling.plans, held.seen)
        except Outdated:
            continue
    raise Outdated("the stories change too fast; stop the service, or try again")
