"""What of the archive a newcomer has to do with."""

from collections.abc import Callable, Iterable
from typing import Protocol

from crawler.stories.partition import touched
from storage.model import Account, Neighbours

Ask = Callable[[Account], Neighbours]


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
