"""What an analyst says of stories."""

from collections.abc import Iterable

from sqlalchemy import Engine, func, select, update

from storage.archive import grouping, reading, tying
from storage.archive.engines import transaction
from storage.archive.recording import lock
from storage.errors import Outdated
from storage.model import Neighbours, StoryPlan, Tie
from storage.tables import state, stories


class Ties:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def around(self, numbers: Iterable[int]) -> tuple[Neighbours, tuple[int, ...]]:
        """Every account of the components of stories, with what was said of them, and the ids these have now.

        Raises NotFound for the id of no story; that of a merged one leads to the one it became.
        """
        with transaction(self._reader) as connection:
            homes = tuple(dict.fromkeys(reading.lasting(connection, each) for each in numbers))
            component = func.coalesce(stories.c.component, stories.c.id)
            wanted = connection.scalars(select(component).where(stories.c.id.in_(homes)))
            return grouping.held(connection, set(wanted)), homes

    def of(self, keys: Iterable[str]) -> tuple[Tie, ...]:
        """What was said of articles, each pair once."""
        with transaction(self._reader) as connection:
            return tuple(tying.of(connection, keys))

    def keep(
        self,
        made: Iterable[Tie],
        forgotten: Iterable[tuple[str, str]],
        plans: Iterable[StoryPlan],
        seen: int,
    ) -> dict[str, int]:
        """Keep what was said of pairs, in place of what was said before, and the stories that come of it;
        the story of each key.

        Raises Outdated if stories changed since `seen`: look around again.
        """
        plans = tuple(plans)
        with transaction(self._writer) as connection:
            lock(connection)
            version = connection.execute(select(state.c.version)).scalar_one()
            if version != seen:
                raise Outdated("the stories have changed meanwhile; look again")
            connection.execute(update(state).values(version=version + 1))
            tying.untie(connection, forgotten)
            tying.tie(connection, made)
            homes = grouping.homes(connection, plans)
            grouping.apply(connection, plans, homes)
            return homes
