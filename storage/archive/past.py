"""Looking back from a period: what had been told before, and how much in earlier ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, or_, select

from storage.archive.engines import transaction
from storage.archive.rows import chunks
from storage.model import Earlier, Figures, Relevance, Span, Status
from storage.search.dialects import dialect
from storage.tables import articles, judgements


class Past:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, _writer: Engine, reader: Engine) -> None:
        self._reader = reader

    def told(self, stories: Iterable[int], before: datetime, topic: str) -> Mapping[int, tuple[Earlier, ...]]:
        """What of these stories was relevant to a topic and recorded before a moment, or back-filled and told
        before it: one account a language, the one to show first first. A story without any is left out."""
        with transaction(self._reader) as connection:
            found: dict[int, dict[str, Earlier]] = {}
            for some in chunks(stories):
                for each in _told(connection, some, before, topic):
                    found.setdefault(each.story, {}).setdefault(each.language, each)
            return {story: tuple(told.values()) for story, told in found.items()}

    def figures(self, spans: Sequence[Span], topic: str) -> tuple[Figures | None, ...]:
        """How much was relevant to a topic in each of some spans that do not overlap, back-filled articles
        left out; None of a span that began before anything was recorded and judged for the topic."""
        with transaction(self._reader) as connection:
            began = _began(connection, topic)
            counted = _counted(connection, spans, topic) if began and spans else {}
            known = (began is not None and each.since >= began for each in spans)
            return tuple(
                counted.get(at, Figures()) if is_known else None for at, is_known in enumerate(known)
            )


def _told(connection: Connection, stories: list[int], before: datetime, topic: str) -> list[Earlier]:
    own = articles.c
    asked = (
        select(own.story, own.language, own.title, own.url, own.moment)
        .join(judgements, _relevant(topic))
        .where(own.story.in_(stories), or_(own.recorded < before, and_(own.backfilled, own.moment < before)))
        .order_by(
            own.copy_of.is_not(None), own.status != Status.FULL.value, own.reposts, own.moment, own.id
        )  # as Story.lead has it
    )
    rows = dialect(connection).by_index(connection, asked)
    return [
        Earlier(story=row.story, language=row.language, title=row.title, url=row.url, when=row.moment)
        for row in rows
    ]


def _began(connection: Connection, topic: str) -> datetime | None:
    """When the first article that is judged for a topic was recorded, back-filled ones left out."""
    judged = (judgements.c.article == articles.c.id) & (judgements.c.topic == topic)
    asked = select(articles.c.recorded).join(judgements, judged).where(~articles.c.backfilled)
    rows = dialect(connection).by_index(connection, asked.order_by(articles.c.recorded).limit(1))
    return rows[0].recorded if rows else None


def _counted(connection: Connection, spans: Sequence[Span], topic: str) -> dict[int, Figures]:
    """By the place of the span: those with anything."""
    own = articles.c
    since, until = min(each.since for each in spans), max(each.until for each in spans)
    slot = case(*((_within(each), at) for at, each in enumerate(spans))).label("slot")
    asked = (
        select(slot, func.count(own.story.distinct()).label("stories"), func.count().label("accounts"))
        .join(judgements, _relevant(topic))
        .where(own.recorded >= since, own.recorded < until, ~own.backfilled)
        .group_by("slot")
    )
    rows = dialect(connection).by_index(connection, asked)
    return {
        row.slot: Figures(stories=row.stories, accounts=row.accounts) for row in rows if row.slot is not None
    }


def _within(span: Span) -> ColumnElement[bool]:
    own = articles.c
    return and_(own.recorded >= span.since, own.recorded < span.until, own.moment >= span.published_after)


def _relevant(topic: str) -> ColumnElement[bool]:
    relevant = judgements.c.relevance == Relevance.RELEVANT.value
    return and_(judgements.c.article == articles.c.id, judgements.c.topic == topic, relevant)
