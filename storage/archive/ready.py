"""An article of a file as rows that have only to be written: made in another process. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from storage.archive.rows import article_row, judgement_row, offset_of
from storage.columns import short_key
from storage.model import Account, Mark, Revision, Snapshot, Tie
from storage.model.bulk import Incoming
from storage.search.dialects import of_database
from storage.search.prepared import prepared

Values = dict[str, Any]


class Ready(NamedTuple):
    """An article as rows that lack its number; `id`, `story` and `copy_of` are names of the file."""

    id: str
    story: str
    copy_of: str
    merged: tuple[str, ...]
    article: Values
    keys: tuple[str, ...]  # its own first, as the database has them
    judgements: list[Values]
    entities: tuple[str, ...]
    bands: tuple[int, ...]
    cases: tuple[str, ...]
    ties: tuple[Tie, ...]
    component: str
    marks: list[Values]
    revisions: list[Values]
    snapshots: list[Values]
    terms: Mapping[str, Any]  # as the search index of that database has them
    account: Account | None = None  # where it is to be placed among the stories


def ready(incoming: Incoming, database: str, *, place: bool = False) -> Ready:
    """The rows of an article for a database; `place`: it belongs to whatever story the archive has for it."""
    article = incoming.article
    own: Values = {"reposts": incoming.reposts, "backfilled": incoming.backfilled}
    own |= {"revised": incoming.revised, "removed": incoming.removed, "placed": incoming.placed}
    row = article_row(article, incoming.recorded) | own
    row["key"] = short_key(article.key)
    entities = tuple(dict.fromkeys(incoming.entities))
    return Ready(
        id=incoming.id,
        story=incoming.story,
        copy_of=incoming.copy_of,
        merged=incoming.merged,
        article=row,
        keys=keys_of(incoming),
        judgements=[judgement_row(0, each) for each in incoming.judgements],
        entities=entities,
        bands=tuple(dict.fromkeys(incoming.bands)),
        cases=tuple(dict.fromkeys(incoming.cases)),
        ties=incoming.ties,
        component=incoming.component,
        marks=[_mark_row(each) for each in incoming.marks],
        revisions=[_revision_row(each) for each in incoming.revisions],
        snapshots=[_snapshot_row(each) for each in incoming.snapshots],
        terms=of_database(database).row(prepared(article, incoming.judgements, entities)),
        account=_account(incoming) if place else None,
    )


def keys_of(incoming: Incoming) -> tuple[str, ...]:
    """What an article is known by, its own key first; its aliases unless the file says better."""
    others = incoming.article.aliases if incoming.keys is None else incoming.keys
    return tuple(dict.fromkeys(map(short_key, (incoming.article.key, *others))))


def _account(incoming: Incoming) -> Account:
    return Account(
        article=replace(incoming.article, key=short_key(incoming.article.key)),
        moment=incoming.article.published or incoming.recorded,
        entities=incoming.entities,
        bands=incoming.bands,
        cases=incoming.cases,
        reposts=incoming.reposts,
    )


def _mark_row(mark: Mark) -> Values:
    row = {"key": short_key(mark.key), "topic": mark.topic, "relevance": mark.relevance.value}
    return row | {"made": mark.made, "why": mark.why}


def _revision_row(revision: Revision) -> Values:
    names = ("replaced", "title", "subtitle", "text", "modified")
    said = {name: getattr(revision, name) for name in names}
    return said | {"modified_offset": offset_of(revision.modified)}


def _snapshot_row(snapshot: Snapshot) -> Values:
    return {name: getattr(snapshot, name) for name in ("taken", "file", "offset", "length")}
