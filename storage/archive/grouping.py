"""The stories: who may belong together, and the partition as decided.

A *component* is the stories that hang together by links between their accounts, known by the first of them:
what a newcomer may join or part lies in the components of those it links to, and nowhere else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    String,
    cast,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from storage.archive import tying
from storage.archive.rows import chunks, entities_of, keys_of, local
from storage.columns import short_key
from storage.errors import ArchiveError, Outdated
from storage.model import Account, Article, Neighbours, StoryPlan
from storage.tables import article_entities, articles, bands, state, stories

WINDOW = timedelta(days=22)  # 21 days and any hour: what belongs together is decided by days
MOST = 100  # neighbours
_NEAREST = 150  # of those who name an entity, before an account and after it
_BANDED = 1.0  # weight of a shared band: as much as an entity that nobody else names

_component = func.coalesce(stories.c.component, stories.c.id)


def neighbours(connection: Connection, account: Account) -> Neighbours:
    """The accounts an article may link to, without their bands, and its own."""
    own = short_key(account.article.key)
    tied = [each.other if each.one == own else each.one for each in tying.of(connection, [own])]
    named = select(articles.c.id).where(articles.c.key.in_((own, *tied)))
    near = {*_sharing(connection, account), *connection.scalars(named)}
    return _neighbours(connection, articles.c.id.in_(near), own, banded=False)


def around(connection: Connection, near: Neighbours, components: Iterable[int]) -> Neighbours:
    """The neighbours with every account of these components."""
    whole = held(connection, components)
    keys = {each.article.key for each in whole.accounts}
    rest = (each for each in near.accounts if each.article.key not in keys)
    ties = {(each.one, each.other): each for each in (*near.ties, *whole.ties)}
    return Neighbours(accounts=(*whole.accounts, *rest), ties=tuple(ties.values()), seen=near.seen)


def held(connection: Connection, components: Iterable[int]) -> Neighbours:
    """Every account of these components."""
    wanted = sorted(components)
    return _neighbours(connection, or_(stories.c.id.in_(wanted), stories.c.component.in_(wanted)))


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
    why = {short_key(key): lines for plan in plans for key, lines in plan.why.items()}
    for row in rows:
        now = homes[row.key], heads.get(row.key), why.get(row.key, row.placed)
        if (row.story, row.copy_of, row.placed) != now:
            moved = update(articles).where(articles.c.id == row.id)
            connection.execute(moved.values(dict(zip(("story", "copy_of", "placed"), now, strict=True))))
    redirect_empty(connection, {row.story: homes[row.key] for row in reversed(rows)})
    hang_together(connection, homes.values())


def hang_together(connection: Connection, numbers: Iterable[int]) -> None:
    """Make one component of stories."""
    whole = set(numbers)
    if whole:
        component = min(whole) if len(whole) > 1 else None
        now = update(stories).where(stories.c.id.in_(whole), stories.c.component.is_distinct_from(component))
        connection.execute(now.values(component=component))


def merge(connection: Connection, one: int, other: int) -> None:
    """Make one component of those of two stories."""
    both = select(_component).where(stories.c.id.in_((one, other))).distinct()
    whole = set(connection.scalars(both))
    same = or_(stories.c.id.in_(whole), stories.c.component.in_(whole))
    if len(whole) > 1:
        connection.execute(update(stories).where(same).values(component=min(whole)))


def _sharing(connection: Connection, account: Account) -> list[int]:
    """Those that share a band, at any time, or an entity, within three weeks: the more, and the fewer others
    do, the sooner. Of who names an entity the nearest in time are looked at."""
    shares: Counter[int] = Counter()
    if account.bands:
        banded = select(bands.c.article, func.count()).where(bands.c.band.in_(account.bands))
        most = banded.group_by(bands.c.article).order_by(func.count().desc(), bands.c.article).limit(MOST)
        shares.update({number: _BANDED * count for number, count in connection.execute(most).all()})
    if account.moment is not None:
        for entity in account.entities:
            naming = _naming(connection, entity, account.moment)
            shares.update(dict.fromkeys(naming, 1 / len(naming)) if naming else {})
    return nsmallest(MOST, shares, key=lambda number: (-shares[number], number))


def _naming(connection: Connection, entity: str, pivot: datetime) -> list[int]:
    moment = article_entities.c.moment
    asked = select(article_entities.c.article).where(article_entities.c.entity == entity).limit(_NEAREST)
    before = asked.where(moment <= pivot, moment >= pivot - WINDOW).order_by(moment.desc()).subquery()
    after = asked.where(moment > pivot, moment <= pivot + WINDOW).order_by(moment).subquery()
    return list(connection.scalars(union_all(select(before), select(after))))


def _neighbours(
    connection: Connection, which: ColumnElement[bool], own: str = "", *, banded: bool = True
) -> Neighbours:
    seen: int = connection.execute(select(state.c.version)).scalar_one()
    accounts = _accounts(connection, which, banded=banded)
    keys = {own, *(each.article.key for each in accounts)}
    said = (each for each in tying.of(connection, keys) if each.one in keys and each.other in keys)
    return Neighbours(accounts=accounts, ties=tuple(said), seen=seen)


_AS_TOLD = (
    *(articles.c[each] for each in ("id", "key", "url", "source", "language", "title", "text", "reposts")),
    *(articles.c[each] for each in ("published", "published_offset", "moment", "story", "copy_of")),
)


def _accounts(connection: Connection, which: ColumnElement[bool], *, banded: bool) -> tuple[Account, ...]:
    """Accounts by moment, as much of their articles as grouping looks at."""
    asked = select(*_AS_TOLD, _component.label("component")).join(stories, stories.c.id == articles.c.story)
    rows = connection.execute(asked.where(which).order_by(articles.c.moment, articles.c.id)).all()
    ids = [row.id for row in rows]
    named, told = entities_of(connection, ids), _bands(connection, ids if banded else ())
    heads = keys_of(connection, {row.copy_of for row in rows if row.copy_of is not None})
    return tuple(
        Account(
            article=Article(
                **{
                    name: getattr(row, name) for name in ("key", "url", "source", "language", "title", "text")
                },
                published=local(row.published, row.published_offset),
            ),
            moment=row.moment,
            entities=named[row.id],
            bands=told.get(row.id, ()),
            story=row.story,
            component=row.component,
            copy_of=heads.get(row.copy_of),
            reposts=row.reposts,
        )
        for row in rows
    )


def _bands(connection: Connection, ids: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
    """The bands of each article, in order: a row an article, for there are 32 each."""
    found: dict[int, tuple[int, ...]] = dict.fromkeys(ids, ())
    told = func.aggregate_strings(cast(bands.c.band, String), " ")
    for some in chunks(found):
        asked = select(bands.c.article, told).where(bands.c.article.in_(some)).group_by(bands.c.article)
        found |= {row[0]: tuple(sorted(map(int, row[1].split()))) for row in connection.execute(asked)}
    return found


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


def _members(connection: Connection, keys: Iterable[str]) -> list[Row[Any]]:
    columns = select(*(articles.c[each] for each in ("id", "key", "story", "copy_of", "placed")))
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
