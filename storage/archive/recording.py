"""Remembering what became of a page, all or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, text, update

from storage.archive import grouping, indexing, marking, revisits
from storage.archive.crawling import retry, tries_of
from storage.archive.rows import article_row, judgement_row, link_row, revision_row, upsert
from storage.columns import short_key
from storage.errors import Outdated
from storage.model import (
    Accepted,
    Account,
    ArchivedArticle,
    Article,
    Link,
    Page,
    Placement,
    Rejected,
    Unavailable,
    Verdict,
)
from storage.tables import article_entities, articles, bands, cases, judgements, pages, revisions, state

_LOCK = 0x7261_7369_6402  # "rasid", 2: who records an article or seals a period
_REVISED = (
    *("title", "subtitle", "text", "authors", "modified", "modified_offset", "origin", "place"),
    *("genre", "rights", "found_by"),
)


@dataclass(frozen=True, slots=True)
class _Decision:
    """When a verdict is recorded, and the fingerprint of the rules it was reached by."""

    decided: datetime
    rules: str = ""


def record(
    connection: Connection, page: Page, verdict: Verdict, now: datetime | None = None, rules: str = ""
) -> int | None:
    """Remember what became of a page; the id of its article if it was accepted."""
    decision = _Decision(now or page.fetched, rules)
    lock(connection)
    match verdict:
        case Accepted():
            return _accept(connection, page, verdict, decision)
        case Rejected():
            _reject(connection, page, verdict, decision)
        case Unavailable():
            _refuse(connection, page, verdict, decision)
    return None


def revise(connection: Connection, number: int, page: Page, verdict: Accepted) -> None:
    """Give an article the text of a later page and place it again; what it said becomes a revision.

    Source, key, URL, publication and when it was recorded stay. Of a live page, which grows for hours, the
    first text is the only revision.
    """
    lock(connection)
    homes = planned(connection, verdict.article.url, verdict.placement)
    before = connection.execute(select(articles).where(articles.c.id == number)).one()
    first = select(revisions.c.id).where(revisions.c.article == number).limit(1)
    if verdict.article.genre != "live" or connection.scalar(first) is None:
        connection.execute(insert(revisions).values(revision_row(before, page.fetched)))
    row = article_row(verdict.article, before.recorded)
    new = {name: row[name] for name in _REVISED} | {"revised": page.fetched, "removed": None}
    new["placed"] = verdict.placement.why
    connection.execute(update(articles).where(articles.c.id == number).values(new))
    connection.execute(delete(judgements).where(judgements.c.article == number))
    _judge(connection, number, verdict)
    _describe_anew(connection, number, before.moment, verdict.placement.account)
    indexing.index(connection, [number])
    grouping.settle(connection, verdict.placement, homes, before.placed)
    revisits.keep_snapshot(connection, number, page)


def regroup(connection: Connection, found: ArchivedArticle, placement: Placement) -> bool:
    """Place an article as it was read again; False where it was revised or folded meanwhile."""
    lock(connection)
    row = connection.execute(
        select(articles.c.revised, articles.c.moment).where(articles.c.id == found.id)
    ).one_or_none()
    if row is None or row.revised != found.revised:
        return False
    homes = planned(connection, found.article.url, placement)
    connection.execute(update(articles).where(articles.c.id == found.id).values(placed=placement.why))
    _describe_anew(connection, found.id, row.moment, placement.account)
    if placement.account.entities != found.entities:
        indexing.index(connection, [found.id])
    grouping.settle(connection, placement, homes, found.placed)
    return True


def know_as(connection: Connection, number: int, link: Link, keys: Iterable[str], now: datetime) -> None:
    """Let an article be known by these keys too, as far as they are nobody else's."""
    lock(connection)
    free = _free(connection, (link.key, *keys))[1:]
    _remember(connection, link, free, _Outcome("accepted", _Decision(now), article=number))
    marking.apply(connection, number)


def seal(connection: Connection, until: datetime) -> None:
    """From now on nothing is recorded before `until`."""
    lock(connection)
    sealed = connection.scalar(select(state.c.sealed))
    if sealed is None or sealed < until:
        connection.execute(update(state).values(sealed=until))


def lock(connection: Connection) -> None:
    """One at a time until the transaction ends; on SQLite every writer is alone from its beginning."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _accept(connection: Connection, page: Page, verdict: Accepted, decision: _Decision) -> int:
    keys = _keys(connection, page.link, verdict.article)
    number = _known(connection, keys)
    if number is None:
        number = _store(connection, page, verdict)
    _remember(connection, page.link, keys, _Outcome("accepted", decision, article=number))
    marking.apply(connection, number)
    return number


def _reject(connection: Connection, page: Page, verdict: Rejected, decision: _Decision) -> None:
    """What its entry has not said of the page it says itself: changed rules are applied to that.

    A mark made while the page was examined has its say: the page is due again.
    """
    link, article = page.link, verdict.article
    if article is not None:
        link = replace(link, title=link.title or article.title, summary=link.summary or article.lead)
    keys = _free(connection, (link.key, *link.aliases, *marking.same_page(connection, link.key)))
    missing = {judgement.topic: judgement.missing for judgement in verdict.judgements}
    _remember(connection, link, keys, _Outcome("rejected", decision, verdict.reason, missing))
    marking.ask_again(connection, link.key, page.fetched)


def _store(connection: Connection, page: Page, verdict: Accepted) -> int:
    homes = planned(connection, verdict.article.url, verdict.placement)
    sealed = connection.scalar(select(state.c.sealed))
    row = article_row(verdict.article, max(page.fetched, sealed or page.fetched))
    row |= {"reposts": verdict.placement.account.reposts, "backfilled": page.backfilled}
    row["placed"] = verdict.placement.why
    row["story"] = grouping.home_of(verdict.article.key, homes)
    number: int = connection.execute(insert(articles).values(row).returning(articles.c.id)).scalar_one()
    indexing.number(connection, number, row["moment"])
    _judge(connection, number, verdict)
    _describe(connection, number, row["moment"], verdict.placement.account)
    indexing.index(connection, [number])
    grouping.settle(connection, verdict.placement, homes)
    if not page.backfilled:
        revisits.begin(connection, number, page, verdict.article, row["recorded"])
    revisits.keep_snapshot(connection, number, page)
    return number


def planned(connection: Connection, url: str, placement: Placement) -> dict[str, int]:
    """Short key -> the id of its story as placed, in a new version of the stories.

    Raises Outdated if they are not those the placement has seen.
    """
    version = connection.execute(select(state.c.version)).scalar_one()
    if placement.seen != version:
        raise Outdated(f"{url}: the stories have changed meanwhile; place it again")
    connection.execute(update(state).values(version=version + 1))
    return grouping.homes(connection, placement.stories)


def _judge(connection: Connection, number: int, verdict: Accepted) -> None:
    for judgement in verdict.judgements:
        connection.execute(insert(judgements).values(judgement_row(number, judgement)))


def _describe_anew(connection: Connection, number: int, moment: datetime, account: Account) -> None:
    for table in (article_entities, bands, cases):
        connection.execute(delete(table).where(table.c.article == number))
    _describe(connection, number, moment, account)


def _describe(connection: Connection, number: int, moment: datetime, account: Account) -> None:
    """What grouping asks of an article."""
    named = enumerate(dict.fromkeys(account.entities))
    rows = [{"article": number, "position": at, "entity": each, "moment": moment} for at, each in named]
    if rows:
        connection.execute(insert(article_entities), rows)
    if account.cases:
        connection.execute(insert(cases), [{"article": number, "case": each} for each in account.cases])
    if account.bands:
        connection.execute(insert(bands), [{"article": number, "band": each} for each in set(account.bands)])


def _refuse(connection: Connection, page: Page, verdict: Unavailable, decision: _Decision) -> None:
    tries = tries_of(connection, page.link.key)
    due = retry(tries, page.fetched) if verdict.again else None
    outcome = _Outcome("unavailable", decision, verdict.reason, due=due)
    _remember(connection, page.link, (page.link.key,), outcome)


def _keys(connection: Connection, link: Link, article: Article) -> tuple[str, ...]:
    others = marking.same_page(connection, link.key)
    return tuple(dict.fromkeys((link.key, *link.aliases, article.key, *article.aliases, *others)))


def _free(connection: Connection, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The first key, and those of the others that name no article: what becomes of one address is not what
    became of another."""
    taken = select(pages.c.key).where(pages.c.key.in_(keys[1:]), pages.c.article.is_not(None))
    held = set(connection.scalars(taken))
    return tuple(key for key in dict.fromkeys(keys) if key == keys[0] or short_key(key) not in held)


def _known(connection: Connection, keys: Iterable[str]) -> int | None:
    """The article that one of the keys names."""
    asked = select(pages.c.article).where(pages.c.key.in_(list(keys)), pages.c.article.is_not(None))
    found = connection.scalars(asked.order_by(pages.c.article).limit(1)).one_or_none()
    same = select(articles.c.id).where(articles.c.key.in_(list(keys))).order_by(articles.c.id).limit(1)
    return found if found is not None else connection.scalars(same).one_or_none()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a page, as its row says it."""

    outcome: str
    decision: _Decision
    reason: str = ""
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    article: int | None = None
    due: datetime | None = None


def _remember(connection: Connection, link: Link, keys: Iterable[str], outcome: _Outcome) -> None:
    said = link_row(link) | asdict(outcome) | {"tries": tries_of(connection, link.key)}
    said |= said.pop("decision")
    if outcome.outcome == "rejected":
        said["page"] = link.key
    upsert(connection, pages, *(said | {"key": key} for key in keys))
