"""What an analyst says of stories, kept: several are one, some articles of one are another."""

from collections.abc import Callable, Sequence

from crawler.stories.by_hand import Ruling
from storage.archive import Archive
from storage.errors import Outdated
from storage.model import Neighbours

Decide = Callable[[Neighbours, Sequence[int]], Ruling]
_TRIES = 20  # how often it is decided anew because a crawl was faster


def rule(archive: Archive, stories: Sequence[int], decide: Decide) -> tuple[int, ...]:
    """Decide on all accounts that hang together with stories, by the ids these have then, and keep it.

    Returns the stories that their articles are in now. Raises NotFound for a story that never was, what
    `decide` raises, and Outdated if crawls are always faster.
    """
    for _ in range(_TRIES):
        held, numbers = archive.ties.around(stories)
        ruling = decide(held, numbers)
        try:
            homes = archive.ties.keep(ruling.made, ruling.forgotten, ruling.plans, held.seen)
        except Outdated:
            continue
        keys = (each.article.key for each in held.accounts if each.story in numbers)
        return tuple(sorted({homes[key] for key in keys}))
    raise Outdated("the stories change too fast; stop the service, or try again")
