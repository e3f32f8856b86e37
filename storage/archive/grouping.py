"""The stories: who may belong together, and the partition as decided."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, literal, select, union_all, update

from storage.archive.rows import chunks, entities_of, full_rows, to_article
from storage.columns import short_key
from storage.errors import ArchiveError, Outdated
from storage.model import Account, Neighbours, StoryPlan
from storage.tables import article_entities, articles, bands, state, stories

WINDOW = timedelta(days=21)
MOST = 200  # accounts looked at, before the rest of their stories
_BAND_WEIGHT = 1000  # a shared band says more than any number of entities


def neighbours(connection: Connection, account: Account) -> Neighbours:
    """The accounts an article may belong to, with every account of their stories."""
    seen: int = connection.execute(select(state.c.version)).scalar_one()
    found = _sharing(connection, account)
    theirs = select(articles.c.story).where(articles.c.id.in_(found))
    rows = full_rows(connection, articles.c.story.in_(theirs))
    return Neighbours(accounts=_accounts(connection, rows), seen=seen)


def homes(connection: Connection, plans: Iterable[StoryPlan]) -> dict[str, int]:
    """Short key -> the id of its story as planned; new stories are made.

    Raises Outdated where a plan names a story the archive does not have.
    """
    given: dict[str, int] = {}
    for plan in plans:
        given |= dict.fromkeys(map(short_key, plan.members), _story(connection, plan.story))
    return given


def home_of(key: str, homes: Mapping[str, int]) -> int:
    """The story planned for an article. Raises ArchiveError where the plan leaves it out."""
    home = homes.get(short_key(key))
    if home is None:
        raise ArchiveError(f"{key}: its own placement leaves it out of every story")
    return home


def apply(connection: Connection, plans: Iterable[StoryPlan], homes: Mapping[str, int]) -> None:
    """Move the accounts to their stories; a story left empty becomes the one its first account went to.

    Raises Outdated where a plan names an account the archive does not have.
    """
    rows = _members(connection, homes)
    ids = {row.key: row.id for row in rows}
    if len(ids) < len(homes):
        missing = min(homes.keys() - ids)
        raise Outdated(f"{missing}: planned into a story, but not in the archive; place again")
    heads = {short_key(key): ids.get(short_key(head)) for plan in plans for key, head in plan.copies.items()}
    for row in rows:
        home, head = homes[row.key], heads.get(row.key)
        if (row.story, row.copy_of) != (home, head):
            moved = update(articles).where(articles.c.id == row.id)
            connection.execute(moved.values(story=home, copy_of=head))
    redirect_empty(connection, {row.story: homes[row.key] for row in reversed(rows)})


def _sharing(connection: Connection, account: Account) -> list[int]:
    pivot = account.article.published or connection.scalar(select(func.max(articles.c.moment)))
    if pivot is None:
        return []
    around = (pivot - WINDOW, pivot + WINDOW)
    near = (
        select(bands.c.article, literal(_BAND_WEIGHT).label("weight"))
        .join(articles, articles.c.id == bands.c.article)
        .where(bands.c.band.in_(account.bands), articles.c.moment.between(*around))
    )
    named = select(article_entities.c.article, literal(1).label("weight")).where(
        article_entities.c.entity.in_(account.entities), article_entities.c.moment.between(*around)
    )
    shared = union_all(near, named).subquery()
    most = func.sum(shared.c.weight).desc()
    ranked = select(shared.c.article).group_by(shared.c.article).order_by(most, shared.c.article)
    return list(connection.scalars(ranked.limit(MOST)))


def _accounts(connection: Connection, rows: Iterable[Row[Any]]) -> tuple[Account, ...]:
    rows = tuple(rows)
    keys = {row.id: row.key for row in rows}
    named = entities_of(connection, keys)
    banded: dict[int, list[int]] = {each: [] for each in keys}
    for some in chunks(keys):
        for row in connection.execute(select(bands).where(bands.c.article.in_(some)).order_by(bands.c.band)):
            banded[row.article].append(row.band)
    return tuple(
        Account(
            article=to_article(row),
            entities=named[row.id],
            bands=tuple(banded[row.id]),
            story=row.story,
            copy_of=keys.get(row.copy_of),
            reposts=row.reposts,
        )
        for row in rows
    )


def _story(connection: Connection, planned: int | None) -> int:
    if planned is None:
        made: int = connection.execute(
            insert(stories).values(became=None).returning(stories.c.id)
        ).scalar_one()
        return made
    found = connection.execute(update(stories).where(stories.c.id == planned).values(became=None))
    if not found.rowcount:
        raise Outdated(f"story {planned} is not in the archive; place again")
    return planned


def _members(connection: Connection, keys: Iterable[str]) -> list[Row[int, str, int, int | None]]:
    columns = select(articles.c.id, articles.c.key, articles.c.story, articles.c.copy_of)
    return [
        row
        for some in chunks(keys)
        for row in connection.execute(columns.where(articles.c.key.in_(some)).order_by(articles.c.id))
    ]


def redirect_empty(connection: Connection, left: Mapping[int, int]) -> None:
    """Let each story that has been left become its new home, if nothing has stayed."""
    for story, home in left.items():
        if connection.scalar(select(articles.c.id).where(articles.c.story == story).limit(1)) is None:
            connection.execute(update(stories).where(stories.c.became == story).values(became=home))
            connection.execute(update(stories).where(stories.c.id == story).values(became=home))
