"""Taking in articles of a file: many in one transaction, each once, with its own number if that is free."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, select, text, update

from storage.archive import grouping, marking, tying
from storage.archive.connecting import connect
from storage.archive.numbering import ids_for, raise_counter, taken, wanted_ids
from storage.archive.numbers import Numbers
from storage.archive.ready import Ready, Values
from storage.archive.recording import lock, planned
from storage.archive.rows import chunks, upsert
from storage.archive.vocabulary import learn
from storage.model import Placement
from storage.model.bulk import Taken
from storage.search.dialects import dialect
from storage.search.serial import serial_of
from storage.tables import (
    article_entities,
    articles,
    bands,
    cases,
    judgements,
    marks,
    pages,
    revisions,
    snapshots,
    state,
    stories,
)
from storage.writing import write_all


class Named(Protocol):
    """An article of a file, as far as it can be known again."""

    @property
    def id(self) -> str: ...
    @property
    def story(self) -> str: ...
    @property
    def copy_of(self) -> str: ...
    @property
    def component(self) -> str: ...
    @property
    def keys(self) -> tuple[str, ...]: ...


class Known(NamedTuple):
    """An article the archive has."""

    id: int
    story: int


def take(connection: Connection, batch: Sequence[Ready], numbers: Numbers) -> Taken:
    """Write those articles of a batch that the archive has under none of their keys."""
    _be_alone(connection)
    new, there = _sorted_out(connection, batch, numbers)
    tying.tie_newer(connection, (tie for each in batch for tie in each.ties))
    if new:
        connection.execute(update(state).values(version=state.c.version + 1))
        _write(connection, new, _stories(connection, new, numbers), numbers)
    return Taken(added=len(new), there=there)


def place(connection: Connection, each: Ready, placement: Placement, numbers: Numbers) -> Taken:
    """Write an article where it belongs, unless the archive has it."""
    _be_alone(connection)
    new, there = _sorted_out(connection, [each], numbers)
    tying.tie_newer(connection, each.ties)
    if new:
        each = each._replace(article=each.article | {"placed": placement.why})
        homes = planned(connection, each.article["url"], placement)
        home = grouping.home_of(each.article["key"], homes)
        _write(connection, new, [home], numbers)
        grouping.settle(connection, placement, homes)
    return Taken(added=len(new), there=there)


def known(connection: Connection, keys: Iterable[str]) -> dict[str, Known]:
    """The articles that keys name, by key."""
    found: dict[str, Known] = {}
    own = select(articles.c.key, articles.c.id, articles.c.story)
    other = select(pages.c.key, articles.c.id, articles.c.story).join(
        articles, articles.c.id == pages.c.article
    )
    for some in chunks(keys):
        for row in connection.execute(own.where(articles.c.key.in_(some))):
            found[row.key] = Known(row.id, row.story)
        for row in connection.execute(other.where(pages.c.key.in_(some))):
            found[row.key] = Known(row.id, row.story)
    return found


def note(batch: Iterable[Named], found: dict[str, Known], numbers: Numbers) -> None:
    """Articles and stories of the file that are there have the numbers they have there.

    Copies among them wait for their heads, as they did when an import that was killed had written them.
    """
    here = [(each, at) for each in batch if (at := _of(each.keys, found))]
    numbers.wait({at.id: each.copy_of for each, at in here if each.copy_of})
    numbers.note("article", {each.id: at.id for each, at in here if each.id})
    stories_of = {each.story: at.story for each, at in reversed(here) if each.story}
    placed = numbers.of("story", stories_of)
    numbers.note("story", {name: home for name, home in stories_of.items() if name not in placed})
    together = {each.component: at.story for each, at in reversed(here) if each.component}
    numbers.note("component", together | numbers.of("component", together))


def _be_alone(connection: Connection) -> None:
    """Nothing is recorded and no page becomes known meanwhile; on SQLite every writer is alone anyway."""
    lock(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE pages IN SHARE ROW EXCLUSIVE MODE"))


def _of(keys: Iterable[str], found: dict[str, Known]) -> Known | None:
    return next((found[key] for key in keys if key in found), None)


def _sorted_out(connection: Connection, batch: Sequence[Ready], numbers: Numbers) -> tuple[list[Ready], int]:
    """What is new of a batch, and how many are not."""
    found = known(connection, dict.fromkeys(key for each in batch for key in each.keys))
    note(batch, found, numbers)
    new: list[Ready] = []
    seen: set[str] = set(found)
    for each in batch:
        if seen.isdisjoint(each.keys):
            new.append(each)
            seen.update(each.keys)
    return new, len(batch) - len(new)


def _write(connection: Connection, new: Sequence[Ready], homes: Sequence[int], numbers: Numbers) -> None:
    ids = _article_ids(connection, new, numbers)
    heads = numbers.of("article", {each.copy_of for each in new if each.copy_of})
    sealed = connection.scalar(select(state.c.sealed))
    rows = [
        each.article
        | {"backfilled": each.article["backfilled"] or _is_closed(each, sealed)}
        | {
            "id": number,
            "story": home,
            "copy_of": heads.get(each.copy_of) if heads.get(each.copy_of) != number else None,
        }
        | {"serial": serial_of(each.article["moment"], number)}
        for each, number, home in zip(new, ids, homes, strict=True)
    ]
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))  # a copy may come before its head
    write_all(connection, articles, rows)
    _describe(connection, new, rows)
    _name(connection, new, rows)
    terms = {row["serial"]: each.terms for each, row in zip(new, rows, strict=True)}
    dialect(connection).add(connection, terms)
    numbers.learn(learn(connection, (row["title"] for row in rows), numbers.words))
    _mark(connection, new, ids)
    connect(connection, new, ids, heads, numbers)


def _is_closed(each: Ready, sealed: datetime | None) -> bool:
    """Whether it is of a period of which everything has been told: it is in no digest."""
    return sealed is not None and each.article["recorded"] < sealed


def _describe(connection: Connection, new: Sequence[Ready], rows: Sequence[Values]) -> None:
    both = list(zip(new, (row["id"] for row in rows), strict=True))
    write_all(
        connection,
        judgements,
        [row | {"article": number} for each, number in both for row in each.judgements],
    )
    named = [
        {"article": row["id"], "position": at, "entity": entity, "moment": row["moment"]}
        for each, row in zip(new, rows, strict=True)
        for at, entity in enumerate(each.entities)
    ]
    write_all(connection, article_entities, named)
    write_all(
        connection, bands, [{"article": number, "band": band} for each, number in both for band in each.bands]
    )
    write_all(
        connection, cases, [{"article": number, "case": case} for each, number in both for case in each.cases]
    )
    write_all(
        connection, revisions, [row | {"article": number} for each, number in both for row in each.revisions]
    )
    write_all(
        connection, snapshots, [row | {"article": number} for each, number in both for row in each.snapshots]
    )


def _name(connection: Connection, new: Sequence[Ready], rows: Sequence[Values]) -> None:
    """Let the articles be known by their keys."""
    said = {key: _page_row(key, row) for each, row in zip(new, rows, strict=True) for key in each.keys}
    met: set[str] = set()
    for some in chunks(said):
        met.update(connection.scalars(select(pages.c.key).where(pages.c.key.in_(some))))
    write_all(connection, pages, [row for key, row in said.items() if key not in met])
    upsert(connection, pages, *(said[key] for key in met))


def _mark(connection: Connection, new: Sequence[Ready], ids: Sequence[int]) -> None:
    """Their marks count, and those that the archive has of their keys; of two the newer."""
    mine = {(mark["key"], mark["topic"]): mark for each in new for mark in each.marks}
    made: dict[tuple[str, str], datetime] = {}
    for some in chunks(
        dict.fromkeys([*(key for each in new for key in each.keys), *(key for key, _ in mine)])
    ):
        made |= {
            (row.key, row.topic): row.made
            for row in connection.execute(select(marks).where(marks.c.key.in_(some)))
        }
    upsert(connection, marks, *(row for at, row in mine.items() if at not in made or made[at] < row["made"]))
    marked = {key for key, _ in made}
    for each, number in zip(new, ids, strict=True):
        if each.marks or not marked.isdisjoint(each.keys):
            marking.apply(connection, number)


def _page_row(key: str, row: Values) -> Values:
    same = ("url", "source", "published", "published_offset", "backfilled")
    told = {"outcome": "accepted", "reason": "", "title": "", "summary": "", "missing": {}, "tries": 0}
    own = {"key": key, "decided": row["recorded"], "article": row["id"], "due": None}
    return {name: row[name] for name in same} | told | own


def _article_ids(connection: Connection, new: Sequence[Ready], numbers: Numbers) -> list[int]:
    ids = ids_for(connection, articles, [each.id for each in new])
    numbers.note("article", {each.id: number for each, number in zip(new, ids, strict=True) if each.id})
    return ids


def _stories(connection: Connection, new: Sequence[Ready], numbers: Numbers) -> list[int]:
    """The story of each article; those that the file tells of for the first time are made."""
    known = numbers.of("story", {each.story for each in new if each.story})
    first = dict.fromkeys(each.story for each in new if each.story and each.story not in known)
    alone = sum(not each.story for each in new)
    ids = ids_for(connection, stories, [*first, *[""] * alone])
    made = dict(zip(first, ids, strict=False))
    numbers.note("story", made)
    write_all(connection, stories, [{"id": number, "became": None} for number in ids])
    known |= made
    own = iter(ids[len(first) :])
    homes = [known[each.story] if each.story else next(own) for each in new]
    _hang_together(connection, zip((each.component for each in new), homes, strict=True), numbers)
    _redirect(connection, {name: home for each, home in zip(new, homes, strict=True) for name in each.merged})
    return homes


def _hang_together(connection: Connection, told: Iterable[tuple[str, int]], numbers: Numbers) -> None:
    """Stories of one component of the file are of one here."""
    homes = dict.fromkeys((name, home) for name, home in told if name)
    first = numbers.of("component", {name for name, _ in homes})
    for name, home in homes:
        if first.setdefault(name, home) != home:
            grouping.merge(connection, home, first[name])
    numbers.note("component", first)


def _redirect(connection: Connection, merged: dict[str, int]) -> None:
    """Let the ids of stories that were merged lead on, as far as they are free."""
    ids = wanted_ids(connection, stories, list(merged))
    wanted = {number: merged[name] for name, number in ids.items()}
    used = taken(connection, stories, wanted)
    rows = [{"id": number, "became": home} for number, home in wanted.items() if number not in used]
    write_all(connection, stories, rows)
    raise_counter(connection, stories, max((row["id"] for row in rows), default=0))
