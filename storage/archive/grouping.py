"""The stories: who may belong together, and the partition as decided.

A *component* is the stories that hang together by links between their accounts, known by the first of them:
what a newcomer may join or part lies in the components of those it links to, and nowhere else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from heapq import nsmallest
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    String,
    bindparam,
    cast,
    exists,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from storage.archive import tying
from storage.archive.rows import among, chunks, local
from storage.columns import short_key
from storage.errors import ArchiveError, Outdated
from storage.model import Account, Article, Neighbours, Placement, Reason, StoryPlan
from storage.model.reasons import elsewhere, mirrored, summed, without
from storage.tables import article_entities, articles, bands, state, stories, ties

_AROUND = timedelta(days=22)  # 21 days and any hour: what belongs together is decided by days
_NEIGHBOURS = 100
_NEAREST = 150  # of those who name an entity, before an account and after it
_AT_ONCE = 50  # entities looked up in one statement
_BANDED = 1.0  # weight of a shared band: as much as an entity that nobody else names

_component = func.coalesce(stories.c.component, stories.c.id)


def neighbours(connection: Connection, account: Account) -> Neighbours:
    """The accounts an article may link to, without their bands, and its own."""
    own = short_key(account.article.key)
    now = _Now(*connection.execute(_NOW).one())
    said = tying.of(connection, [own]) if now.is_said else ()
    tied = (each.other if each.one == own else each.one for each in said)
    near = among(connection, articles.c.id, _sharing(connection, account))
    return _neighbours(connection, now, or_(near, among(connection, articles.c.key, (own, *tied))), own)


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
    now = _Now(*connection.execute(_NOW).one())
    return _neighbours(connection, now, or_(stories.c.id.in_(wanted), stories.c.component.in_(wanted)))


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


def settle(
    connection: Connection, placement: Placement, homes: Mapping[str, int], before: Iterable[Reason] = ()
) -> None:
    """Move the accounts as planned for a newcomer, and let those of other events say why they are.

    before: the reasons of the newcomer until now. Raises Outdated as `apply` does.
    """
    apply(connection, placement.stories, homes)
    own = short_key(placement.account.article.key)
    apart = {short_key(key): mirrored(said, own) for key, said in placement.apart.items()}
    for row in _members(connection, {*apart, *(each.other for each in before)} - {*homes, ""}):
        said = [apart[row.key]] if row.key in apart else []
        now = summed((*without(row.placed, own), *said))
        if now != row.placed:
            connection.execute(update(articles).where(articles.c.id == row.id).values(placed=now))


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
        said = row.placed
        if row.key in why:
            said = summed((*why[row.key], *elsewhere(row.placed, homes)))
        now = homes[row.key], heads.get(row.key), said
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
        banded = select(bands.c.article, func.count()).where(among(connection, bands.c.band, account.bands))
        most = (
            banded.group_by(bands.c.article).order_by(func.count().desc(), bands.c.article).limit(_NEIGHBOURS)
        )
        shares.update({number: _BANDED * count for number, count in connection.execute(most).all()})
    if account.moment is not None:
        for naming in _naming(connection, account.entities, account.moment):
            shares.update(dict.fromkeys(naming, 1 / len(naming)))
    return nsmallest(_NEIGHBOURS, shares, key=lambda number: (-shares[number], number))


def _naming(connection: Connection, entities: Iterable[str], pivot: datetime) -> Iterator[list[int]]:
    """For each entity that is named around a moment the nearest of those who name it."""
    around = {"pivot": pivot, "earliest": pivot - _AROUND, "latest": pivot + _AROUND}
    for some in chunks(entities, _AT_ONCE):
        naming: dict[str, list[int]] = defaultdict(list)
        named = {str(at): entity for at, entity in enumerate(some)}
        for entity, number in connection.execute(_who_names(len(some)), named | around):
            naming[entity].append(number)
        yield from naming.values()


@cache
def _who_names(entities: int) -> CompoundSelect[Any]:
    """Asks for so many entities, before and after a moment."""
    of, moment = article_entities.c, article_entities.c.moment
    asked = select(of.entity, of.article).limit(_NEAREST)
    pivot, earliest, latest = (bindparam(each, type_=moment.type) for each in ("pivot", "earliest", "latest"))
    before = asked.where(moment <= pivot, moment >= earliest).order_by(moment.desc())
    after = asked.where(moment > pivot, moment <= latest).order_by(moment)
    sides = (
        side.where(of.entity == bindparam(str(at))) for at in range(entities) for side in (before, after)
    )
    return union_all(*(select(side.subquery()) for side in sides))


class _Now(NamedTuple):
    """How the stories stand."""

    version: int
    is_said: bool  # whether an analyst has said anything of any


_NOW = select(state.c.version, exists(select(ties.c.one)))


def _neighbours(connection: Connection, now: _Now, which: ColumnElement[bool], own: str = "") -> Neighbours:
    """The accounts with what was said of them; where they are those of a newcomer, without their bands."""
    accounts = _accounts(connection, which, banded=not own)
    keys = {own, *(each.article.key for each in accounts)}
    said = tying.of(connection, keys) if now.is_said else ()
    among_them = (each for each in said if each.one in keys and each.other in keys)
    return Neighbours(accounts=accounts, ties=tuple(among_them), seen=now.version)


_head = articles.alias()
_named = (  # places and entities, in no order
    select(
        func.aggregate_strings(
            cast(article_entities.c.position, String) + " " + article_entities.c.entity, "\n"
        )
    )
    .where(article_entities.c.article == articles.c.id)
    .scalar_subquery()
    .label("named")
)
_AS_TOLD = (
    select(
        *(
            articles.c[each]
            for each in ("id", "key", "url", "source", "language", "title", "text", "reposts")
        ),
        *(articles.c[each] for each in ("published", "published_offset", "moment", "story")),
        _component.label("component"),
        _named,
        _head.c.key.label("head"),
    )
    .join(stories, stories.c.id == articles.c.story)
    .outerjoin(_head, _head.c.id == articles.c.copy_of)
    .order_by(articles.c.moment, articles.c.id)
)


def _accounts(connection: Connection, which: ColumnElement[bool], *, banded: bool) -> tuple[Account, ...]:
    """Accounts by moment, as much of their articles as grouping looks at."""
    rows = connection.execute(_AS_TOLD.where(which)).all()
    told = _bands(connection, [row.id for row in rows] if banded else ())
    return tuple(
        Account(
            article=Article(
                key=row.key,
                url=row.url,
                source=row.source,
                language=row.language,
                title=row.title,
                text=row.text,
                published=local(row.published, row.published_offset),
            ),
            moment=row.moment,
            entities=_in_order(row.named),
            bands=told.get(row.id, ()),
            story=row.story,
            component=row.component,
            copy_of=row.head,
            reposts=row.reposts,
        )
        for row in rows
    )


def _in_order(named: str | None) -> tuple[str, ...]:
    """Entities by their places."""
    told = (each.partition(" ") for each in (named or "").splitlines())
    return tuple(entity for _, _, entity in sorted(told, key=lambda each: int(each[0])))


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
