"""The door: each method one transaction, carried out by the module that knows how."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from storage import model
from storage.archive import (
    asking,
    cataloguing,
    crawling,
    facets,
    grouping,
    indexing,
    reading,
    recording,
    schema,
)
from storage.archive.access import Access
from storage.archive.backfills import Backfills
from storage.archive.bulk import Bulk
from storage.archive.engines import open_engines, transaction
from storage.archive.habits import Habits
from storage.archive.judging import Judging
from storage.archive.keeping import Keeping
from storage.archive.past import Past
from storage.archive.posting import Posting
from storage.archive.revisions import Revisions
from storage.archive.rooms import Rooms
from storage.archive.running import Running
from storage.archive.subscribing import Subscribing
from storage.archive.ties import Ties
from storage.archive.tips import Tips
from storage.archive.watching import Watching


class Archive:
    """Everything Rasid remembers, in SQLite or PostgreSQL: the same promises and the same answers.

    An archive may be shared by threads; a child process opens its own. Every method may raise ArchiveError
    where the database cannot be reached or is not migrated. What is a subject of its own has a door of its
    own: `access`, `habits`, `watching`, `tips`, `revisions`, `backfills`, `judging`, `posting`,
    `subscribing`, `keeping`, `bulk`, `ties`, `past`, `running`, `rooms`.
    """

    def __init__(self, url: str) -> None:
        """Open `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST:PORT/NAME`; nothing is connected yet.
        Raises ArchiveError for any other URL."""
        self._writer, self._reader = engines = open_engines(url)
        self.access, self.habits = Access(*engines), Habits(*engines)
        self.watching, self.backfills = Watching(*engines), Backfills(*engines)
        self.tips, self.revisions, self.judging = Tips(*engines), Revisions(*engines), Judging(*engines)
        self.posting, self.keeping = Posting(*engines), Keeping(*engines)
        self.subscribing = Subscribing(*engines)
        self.bulk, self.ties, self.past = Bulk(*engines), Ties(*engines), Past(*engines)
        self.running, self.rooms = Running(*engines), Rooms(*engines)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self._writer.dispose()
        self._reader.dispose()

    def upgrade(self) -> None:
        """Create the schema or bring it to this version's; two at once wait for each other."""
        with transaction(self._writer) as connection:
            indexing.upgrade(connection)

    def create(self) -> None:
        """Create the schema where there is none. Raises ArchiveError if it is not this version's."""
        with transaction(self._writer) as connection:
            indexing.create(connection)

    def check(self) -> None:
        """Raise ArchiveError with the remedy unless the database answers and has this version's schema."""
        with transaction(self._reader) as connection:
            schema.check(connection)

    def load_catalogue(
        self, sources: Iterable[model.Source], topics: Iterable[model.Topic], entities: Iterable[model.Entity]
    ) -> None:
        """Replace sources, topics and entities, so that search and reports need no rule files."""
        with transaction(self._writer) as connection:
            cataloguing.load(connection, sources, topics, entities)

    def sources(self) -> tuple[model.Source, ...]:
        """The sources in the order they were loaded."""
        with transaction(self._reader) as connection:
            return cataloguing.sources(connection)

    def topics(self) -> tuple[model.Topic, ...]:
        """The topics in the order they were loaded."""
        with transaction(self._reader) as connection:
            return cataloguing.topics(connection)

    def entities(self) -> tuple[model.Entity, ...]:
        """The entities in the order they were loaded."""
        with transaction(self._reader) as connection:
            return cataloguing.entities(connection)

    def entry_state(self, url: str) -> model.EntryState:
        """What the site said of an entry the last time; an empty state where it was never fetched."""
        with transaction(self._reader) as connection:
            return crawling.entry_state(connection, url)

    def remember_entry(self, state: model.EntryState) -> None:
        """Keep what the site said of an entry, in place of what it said before."""
        with transaction(self._writer) as connection:
            crawling.remember_entry(connection, state)

    def due(self, links: Iterable[model.Link], now: datetime) -> tuple[model.Link, ...]:
        """The links never tried, and those whose retry is due, in their order; each key once."""
        with transaction(self._reader) as connection:
            return crawling.due(connection, links, now)

    def retries(self, source: str, now: datetime) -> tuple[model.Link, ...]:
        """The links of a source whose retry is due, whether or not its entries still tell them."""
        with transaction(self._reader) as connection:
            return crawling.retries(connection, source, now)

    def begin_try(self, link: model.Link, now: datetime) -> None:
        """Count a try of a link before it is fetched, so that a page that kills its process names itself.

        Unless an outcome is recorded, it is due again an hour later, at most twice, then set aside.
        """
        with transaction(self._writer) as connection:
            crawling.begin_try(connection, link, now)

    def withdraw_try(self, link: model.Link, now: datetime) -> None:
        """Take back a try that was broken off before the site answered; the link is due at once."""
        with transaction(self._writer) as connection:
            crawling.withdraw_try(connection, link, now)

    def record_crawl(self, report: model.CrawlReport) -> None:
        """Keep what a crawl came to."""
        with transaction(self._writer) as connection:
            crawling.record_crawl(connection, report)

    def health(self, sources: Iterable[str] | None = None) -> tuple[model.SourceHealth, ...]:
        """How these sources have done lately; else those of the catalogue, then others ever crawled."""
        with transaction(self._reader) as connection:
            return crawling.health(connection, sources)

    def neighbours(self, account: model.Account) -> model.Neighbours:
        """The accounts an article may link to, by moment, and its own; without their bands.

        They share a band with it, or an entity within 21 days: the 100 that share most of what few others
        do. An account without a date stands at the newest one of the archive.
        """
        with transaction(self._reader) as connection:
            return grouping.neighbours(connection, account)

    def around(self, near: model.Neighbours, components: Iterable[int]) -> model.Neighbours:
        """Neighbours with every account of these components, which come first."""
        with transaction(self._reader) as connection:
            return grouping.around(connection, near, components)

    def record(
        self, page: model.Page, verdict: model.Verdict, *, now: datetime | None = None, rules: str = ""
    ) -> int | None:
        """Remember what became of a page, all or nothing; the id of its article if it was accepted.

        An accepted article is known by the link's keys and its own, and not stored again under any of them;
        any other outcome is the link's alone. `recorded` is when it was fetched, but not before what `seal`
        closed. It was decided `now`, else when fetched, by the `rules` of this fingerprint. Raises Outdated
        if stories changed since `placement.seen`: place and record again.
        """
        with transaction(self._writer) as connection:
            return recording.record(connection, page, verdict, now, rules)

    def seal(self, until: datetime) -> None:
        """From now on nothing is recorded before `until`: what `stories_between` answers up to there is
        complete and stays so. Call it before an issue is built."""
        with transaction(self._writer) as connection:
            recording.seal(connection, until)

    def search(self, query: model.Query, *, limit: int = 20, after: str = "") -> model.Answer:
        """The articles that answer a query, `limit` of them, from the first or `after` a cursor on.

        By relevance, see `storage.search.ranking`; by date: the newest first. Of more than 20,000 the newest
        20,000 are ranked and counted, and `whole` is False. What the cursor of an answer pages stays as it
        was when first asked, whatever arrives meanwhile. Raises InputError for a cursor that is none or is
        of another query.
        """
        with transaction(self._reader) as connection:
            return asking.search(connection, query, limit, after)

    def facets(self, query: model.Query) -> model.Facets:
        """What the articles that answer a query consist of, by the weeks of the zone of `query.now`.

        All of them are counted by week, the newest 20,000 by all else: source, language, country of the
        source, entity (the 50 most frequent), topic for which they are kept (relevant or borderline). Empty
        weeks between others count too, unless nothing was told for more than a year.
        """
        with transaction(self._reader) as connection:
            return facets.facets(connection, query)

    def article(self, article_id: int) -> model.ArchivedArticle:
        """One article. Raises NotFound."""
        with transaction(self._reader) as connection:
            return reading.article(connection, article_id)

    def numbers(self, keys: Iterable[str]) -> dict[str, int]:
        """Key -> the id of its article, of those there are."""
        with transaction(self._reader) as connection:
            return reading.numbers(connection, keys)

    def story(self, story_id: int) -> model.Story:
        """One story; the id of a merged story leads to the one it became. Raises NotFound."""
        with transaction(self._reader) as connection:
            return reading.story(connection, story_id)

    def stories(self, *, limit: int = 50) -> tuple[model.Story, ...]:
        """The stories told last, the newest first."""
        with transaction(self._reader) as connection:
            return reading.stories(connection, limit)

    def stories_between(
        self,
        since: datetime,
        until: datetime,
        *,
        published_after: datetime,
        relevance: model.Relevance,
        topic: str | None = None,
    ) -> tuple[model.Story, ...]:
        """The stories of a period, with only those articles that were recorded in [since, until), published
        not before `published_after` and judged `relevance` (to `topic`; None: to any), back-filled ones left
        out. By story id."""
        with transaction(self._reader) as connection:
            return reading.stories_between(connection, since, until, published_after, relevance, topic)
