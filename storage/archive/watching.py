"""How sources stand, and what the operator knows of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Engine, Row, or_, select, update

from storage.archive import crawling
from storage.archive.engines import transaction
from storage.archive.rows import upsert
from storage.model import Standing, State
from storage.tables import articles
from storage.tables import standings as standing_table


class Watching:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def standings(self) -> tuple[Standing, ...]:
        """How each source stood when that was last noted, by source."""
        with transaction(self._reader) as connection:
            noted = select(standing_table).order_by(standing_table.c.source)
            return tuple(map(_standing, connection.execute(noted)))

    def note(self, standings: Iterable[Standing]) -> None:
        """Remember how sources stand; what the operator knows stays. One never crawled is passed over."""
        rows = [_row(each) for each in standings if each.since is not None]
        with transaction(self._writer) as connection:
            upsert(connection, standing_table, *rows, keep=("told", "begun"))

    def begin_notice(self, sources: Iterable[str], now: datetime, lease: timedelta) -> tuple[Standing, ...]:
        """Those of the sources of which nobody else is telling the operator, for the caller alone until
        `now + lease`; the beginning is counted in `begun` before anything is sent."""
        free = or_(standing_table.c.due.is_(None), standing_table.c.due <= now)
        chosen = update(standing_table).where(standing_table.c.source.in_(tuple(sources)), free)
        claim = chosen.values(due=now + lease, begun=standing_table.c.begun + 1)
        with transaction(self._writer) as connection:
            claimed = map(_standing, connection.execute(claim.returning(standing_table)))
            return tuple(sorted(claimed, key=lambda each: each.source))

    def end_notice(self, standings: Iterable[Standing]) -> None:
        """The operator has been told these states."""
        with transaction(self._writer) as connection:
            for each in standings:
                told = update(standing_table).where(standing_table.c.source == each.source)
                connection.execute(told.values(told=each.state.value, begun=0, due=None))

    def put_off_notice(self, standings: Iterable[Standing], due: datetime) -> None:
        """The operator has certainly not been told; try again then."""
        names = tuple(each.source for each in standings)
        with transaction(self._writer) as connection:
            untold = update(standing_table).where(standing_table.c.source.in_(names))
            connection.execute(untold.values(begun=0, due=due))

    def latency(self, source: str, since: datetime) -> timedelta | None:
        """The median from publication to record of the articles published and recorded since then."""
        told = select(articles.c.published, articles.c.recorded)
        told = told.where(articles.c.source == source, articles.c.recorded >= since)
        with transaction(self._reader) as connection:
            found = connection.execute(told.where(articles.c.published >= since)).all()
        waits = [max(timedelta(0), recorded - published) for published, recorded in found]
        return median(waits) if waits else None

    def forget_crawls(self, before: datetime) -> int:
        """Forget the crawls that ended before then; how many there were."""
        with transaction(self._writer) as connection:
            return crawling.forget_crawls(connection, before)


def _row(standing: Standing) -> dict[str, Any]:
    """A standing of which nothing has been told yet."""
    untold = {"told": State.HEALTHY.value, "begun": 0}
    stands = {"state": standing.state.value, "since": standing.since, "why": standing.why}
    lost = {"lacks": standing.lacks, "usual": standing.usual}
    return {"source": standing.source} | stands | lost | untold


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        source=row.source,
        state=State(row.state),
        since=row.since,
        why=row.why,
        told=State(row.told),
        begun=row.begun,
        lacks=row.lacks,
        usual=row.usual,
    )
