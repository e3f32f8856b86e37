"""What of the archive a newcomer has to do with, and where it belongs among it."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from crawler.stories.partition import place, touched
from storage.errors import Outdated
from storage.model import Account, Neighbours, Placement

Kept = TypeVar("Kept")
Ask = Callable[[Account], Neighbours]
_TRIES = 20  # how often an account is placed anew because others were faster


class Stories(Protocol):
    """An archive, as far as stories go."""

    def neighbours(self, account: Account) -> Neighbours:
        """The accounts an article may link to."""

    def around(self, near: Neighbours, components: Iterable[int]) -> Neighbours:
        """The neighbours with every account of these components."""


def neighbourhood(archive: Stories) -> Ask:
    """What tells of an account its neighbours, and all that hangs together with those it links to."""

    def ask(newcomer: Account) -> Neighbours:
        near = archive.neighbours(newcomer)
        return archive.around(near, touched(newcomer, near))

    return ask


def settle(archive: Stories, newcomer: Account, keep: Callable[[Placement], Kept]) -> Kept:
    """Place an account and keep what comes of it, anew as long as others change its stories first.

    Raises Outdated if they always do, and what `keep` raises besides.
    """
    ask = neighbourhood(archive)
    for _ in range(_TRIES):
        try:
            return keep(place(newcomer, ask(newcomer)))
        except Outdated:
            continue
    raise Outdated(f"{newcomer.article.url}: the stories change too fast; stop the service, or try again")
