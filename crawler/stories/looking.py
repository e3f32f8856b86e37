"""What any two accounts are to each other, looked at once. Pure, but that it remembers."""

from crawler.stories.links import Link, link
from crawler.stories.tellings import Telling

_REMEMBERED = 100_000  # links, of some 500 bytes
_looked_at: dict[tuple[int, int], tuple[Link, Telling, Telling]] = {}


def look(one: Telling, other: Telling) -> Link:
    """Their link. `read` gives the same telling for the same account, so that who is placed beside a large
    story, or placed again, need not wait for links that are known.

    A telling is known by its identity, and held so that no other can have that.
    """
    pair = id(one), id(other)
    found = _looked_at.get(pair)
    if found is None:
        if len(_looked_at) >= _REMEMBERED:
            _looked_at.clear()
        found = _looked_at[pair] = link(one, other), one, other
    return found[0]
