"""Earlier texts of articles, when they are visited again, snapshots."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine, delete, select

from storage.archive import folding, recording, revisits
from storage.archive.engines import transaction
from storage.archive.rows import archived, full_rows, to_revision, to_snapshot
from storage.model import Accepted, ArchivedArticle, Page, Revision, Revisit, Sight, Snapshot
from storage.tables import revisions as revision_table
from storage.tables import revisits as revisit_table
from storage.tables import snapshots as snapshot_table


class Revisions:
    """A part of the archive, which promises as the whole does.

    An article of which there is a text is due to be visited 1, 6, 24 and 72 hours after it was recorded
    (a press review not after 24), unless it was published more than 7 days before.
    """

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader

    def due(self, source: str, now: datetime) -> tuple[Revisit, ...]:
        """The visits of a source that are due, the longest due first; not what fell due 4 days ago."""
        with transaction(self._reader) as connection:
            return revisits.due(connection, source, now)

    def due_sources(self, now: datetime) -> frozenset[str]:
        """The ids of the sources that have a visit due."""
        asked = select(revisit_table.c.source).distinct().where(revisits.is_due(now))
        with transaction(self._reader) as connection:
            return frozenset(connection.scalars(asked))

    def begin(self, revisit: Revisit, now: datetime) -> None:
        """Count a try before the page is asked for, so that a page that kills its process is left in the end.

        Unless an outcome is recorded, the visit is due again an hour later, at most twice, then given up.
        """
        with transaction(self._writer) as connection:
            revisits.try_visit(connection, revisit.article, now)

    def saw(self, revisit: Revisit, sight: Sight, now: datetime, keys: Iterable[str] = ()) -> bool:
        """Remember what a visit came to where nothing is new; whether the article is removed since now.

        Removed is what answers 410, or what is missing twice in a row, from the first time on; it is not any
        more once its page is there again. A page that is the same is remembered with the `etag` and
        `last_modified` of the visit, and the article is known by the further `keys` of the page.
        """
        with transaction(self._writer) as connection:
            if keys:
                recording.know_as(connection, revisit.article, revisit.link, keys, now)
            return revisits.saw(connection, revisit, sight, now)

    def revise(self, revisit: Revisit, page: Page, verdict: Accepted) -> None:
        """Give the article of a visit the text of its page, all or nothing.

        What it said becomes a revision (of a live page only the first text), evidence, search terms, entities
        and stories become those of the new text; key, URL, publication and when it was recorded stay. Raises
        Outdated if stories changed since `placement.seen`: place and revise again.
        """
        with transaction(self._writer) as connection:
            recording.revise(connection, revisit.article, page, verdict)
            also = verdict.article.aliases
            recording.know_as(connection, revisit.article, revisit.link, also, page.fetched)
            revisits.saw(connection, revisit, Sight.SAME, page.fetched)

    def of_minute(self, source: str, published: datetime) -> tuple[ArchivedArticle, ...]:
        """What a source published in that minute, as far as its pages say so."""
        with transaction(self._reader) as connection:
            rows = full_rows(connection, folding.of_minute(source, published))
            return archived(connection, rows)

    def fold(self, article_id: int, keys: Iterable[str]) -> int:
        """The id of an article whose page has any of these keys: one article, however often recorded.

        Those of its source and minute that a key names become the one that was recorded first, which has
        their pages, revisions and snapshots from then on; their ids are no more.
        """
        with transaction(self._writer) as connection:
            return folding.fold(connection, article_id, keys)

    def of(self, article_id: int) -> tuple[Revision, ...]:
        """The earlier texts of an article, the first one first."""
        asked = select(revision_table).where(revision_table.c.article == article_id)
        with transaction(self._reader) as connection:
            return tuple(map(to_revision, connection.execute(asked.order_by(revision_table.c.id))))

    def snapshots(self, article_id: int) -> tuple[Snapshot, ...]:
        """Where the pages of an article are kept, the newest first."""
        asked = select(snapshot_table).where(snapshot_table.c.article == article_id)
        with transaction(self._reader) as connection:
            return tuple(map(to_snapshot, connection.execute(asked.order_by(snapshot_table.c.id.desc()))))

    def forget_snapshots(self, before: datetime) -> int:
        """Know no longer of the snapshots taken before then; how many they were."""
        old = delete(snapshot_table).where(snapshot_table.c.taken < before)
        with transaction(self._writer) as connection:
            return connection.execute(old).rowcount
