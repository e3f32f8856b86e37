"""Values to rows and rows to values, side by side."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Row, Select, Table, any_, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.columns import storable
from storage.model import (
    ArchivedArticle,
    Article,
    Judgement,
    Link,
    LostPage,
    Mark,
    Relevance,
    Revision,
    Snapshot,
    Status,
    Tie,
)
from storage.tables import article_entities, articles, judgements, marks, pages

_PLAIN = (
    *("key", "url", "source", "language", "title", "subtitle", "text", "authors", "section", "origin"),
    *("place", "audio", "genre", "rights", "aliases", "found_by"),
)
_LINK = ("key", "url", "source", "title", "summary", "published", "backfilled")


def article_row(article: Article, recorded: datetime) -> dict[str, Any]:
    """An article as a row, without its place in the archive."""
    return {
        **{name: getattr(article, name) for name in _PLAIN},
        "authors": tuple(map(storable, article.authors)),
        "status": article.status.value,
        "published": article.published,
        "published_offset": offset_of(article.published),
        "modified": article.modified,
        "modified_offset": offset_of(article.modified),
        "moment": article.published or recorded,
        "recorded": recorded,
    }


def to_article(row: Row[Any]) -> Article:
    """The article of a row."""
    return Article(
        **{name: getattr(row, name) for name in _PLAIN},
        status=Status(row.status),
        published=local(row.published, row.published_offset),
        modified=local(row.modified, row.modified_offset),
    )


def judgement_row(article: int, judgement: Judgement) -> dict[str, Any]:
    """A judgement of an article as a row."""
    return {
        "article": article,
        "topic": judgement.topic,
        "relevance": judgement.relevance.value,
        "score": judgement.score,
        "ruled": judgement.ruled.value if judgement.ruled else None,
        "matches": judgement.matches,
        "quotes": judgement.quotes,
        "doubts": judgement.doubts,
        "missing": judgement.missing,
        "why": judgement.why,
    }


def to_judgement(row: Row[Any]) -> Judgement:
    """The judgement of a row."""
    return Judgement(
        topic=row.topic,
        relevance=Relevance(row.relevance),
        score=row.score,
        ruled=Relevance(row.ruled) if row.ruled else None,
        matches=row.matches,
        quotes=row.quotes,
        doubts=row.doubts,
        missing=row.missing,
        why=row.why,
    )


def to_mark(row: Row[Any]) -> Mark:
    """The mark of a row."""
    relevance = Relevance(row.relevance)
    return Mark(topic=row.topic, key=row.key, relevance=relevance, made=row.made, why=row.why)


def to_tie(row: Row[Any]) -> Tie:
    """The tie of a row."""
    return Tie(one=row.one, other=row.other, together=row.together, made=row.made, why=row.why)


def link_row(link: Link) -> dict[str, Any]:
    """A link as a row of `pages`, without what became of it."""
    said = {name: getattr(link, name) for name in _LINK}
    return said | {"published_offset": offset_of(link.published), "missing": {}}


def to_link(row: Row[Any]) -> Link:
    """The link of a row of `pages`."""
    said = {name: getattr(row, name) for name in _LINK}
    return Link(**(said | {"published": local(row.published, row.published_offset)}))


def revision_row(article: Row[Any], replaced: datetime) -> dict[str, Any]:
    """The text of a row of `articles` as a row of `revisions`."""
    told = ("title", "subtitle", "text", "modified", "modified_offset")
    return {name: getattr(article, name) for name in told} | {"article": article.id, "replaced": replaced}


def to_revision(row: Row[Any]) -> Revision:
    """The revision of a row."""
    return Revision(
        article=row.article,
        replaced=row.replaced,
        title=row.title,
        subtitle=row.subtitle,
        text=row.text,
        modified=local(row.modified, row.modified_offset),
    )


def to_snapshot(row: Row[Any]) -> Snapshot:
    """The snapshot of a row."""
    names = ("article", "taken", "file", "offset", "length")
    return Snapshot(**{name: getattr(row, name) for name in names})


def archived(connection: Connection, rows: Iterable[Row[Any]]) -> tuple[ArchivedArticle, ...]:
    """The archived articles of whole rows of `articles`, in their order."""
    rows = tuple(rows)
    ids = [row.id for row in rows]
    named = entities_of(connection, ids)
    judged: dict[int, list[Judgement]] = {each: [] for each in ids}
    of_some = select(judgements).order_by(judgements.c.article, judgements.c.topic)
    for some in chunks(ids):
        for row in connection.execute(of_some.where(judgements.c.article.in_(some))):
            judged[row.article].append(to_judgement(row))
    return tuple(
        ArchivedArticle(
            id=row.id,
            article=to_article(row),
            recorded=row.recorded,
            judgements=tuple(judged[row.id]),
            entities=named[row.id],
            story=row.story,
            copy_of=row.copy_of,
            reposts=row.reposts,
            backfilled=row.backfilled,
            revised=row.revised,
            removed=row.removed,
            placed=row.placed,
        )
        for row in rows
    )


def lost(connection: Connection, rows: Iterable[Row[Any]]) -> tuple[LostPage, ...]:
    """The pages of rows of `pages` that name no article, in their order."""
    rows = tuple(rows)
    said: dict[str, dict[str, Mark]] = {row.key: {} for row in rows}
    for some in chunks(said):
        for row in connection.execute(_marks_of_pages(some)):
            said[row.of][row.topic] = to_mark(row)
    return tuple(
        LostPage(
            link=to_link(row),
            outcome=row.outcome,
            reason=row.reason,
            decided=row.decided,
            rules=row.rules,
            marks=tuple(said[row.key][topic] for topic in sorted(said[row.key])),
        )
        for row in rows
    )


def entities_of(connection: Connection, ids: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """The entity ids of each article, in order of first mention."""
    ids = tuple(ids)
    named: dict[int, tuple[str, ...]] = dict.fromkeys(ids, ())
    asked = select(article_entities.c.article, article_entities.c.entity)
    asked = asked.order_by(article_entities.c.article, article_entities.c.position)
    for some in chunks(ids):
        for number, entity in connection.execute(asked.where(article_entities.c.article.in_(some))):
            named[number] += (entity,)
    return named


def keys_of(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """The key of each article."""
    asked = select(articles.c.id, articles.c.key)
    return {
        row.id: row.key
        for some in chunks(ids)
        for row in connection.execute(asked.where(articles.c.id.in_(some)))
    }


def full_rows(connection: Connection, *where: Any) -> tuple[Row[Any], ...]:
    """Whole rows of `articles`, by moment."""
    found = connection.execute(select(articles).where(*where).order_by(articles.c.moment, articles.c.id))
    return tuple(found)


def upsert(
    connection: Connection, table: Table, *rows: Mapping[str, Any], keep: tuple[str, ...] = ()
) -> None:
    """Insert rows; where the primary key is there already, the row takes all new values but `keep`."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    for row in rows:
        statement = dialect.insert(table).values(row)
        new = {name: statement.excluded[name] for name in row if name not in keep}
        same = list(table.primary_key.columns)
        connection.execute(statement.on_conflict_do_update(index_elements=same, set_=new))


def among(connection: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column has one of these values: one parameter on PostgreSQL, so that the statement is
    prepared once, however many there are."""
    whole = list(values)
    if connection.dialect.name == "postgresql":
        return column == any_(literal(whole, ARRAY(column.type)))
    return column.in_(whole)


def chunks(items: Iterable[Any], size: int = 500) -> Iterable[list[Any]]:
    """The items in lists a database takes as parameters of one statement."""
    whole = list(items)
    return (whole[start : start + size] for start in range(0, len(whole), size))


def _marks_of_pages(keys: list[str]) -> Select[Any]:
    """The marks of pages under any of their keys, the newest last."""
    other = pages.alias()
    together = (other.c.page == pages.c.page) & (other.c.outcome == "rejected")
    named = select(pages.c.key.label("of"), marks).join(other, together | (other.c.key == pages.c.key))
    found = named.join(marks, marks.c.key == other.c.key).where(pages.c.key.in_(keys))
    return found.order_by(marks.c.made, marks.c.key)


def offset_of(moment: datetime | None) -> int | None:
    """The offset of a time from UTC in minutes."""
    offset = moment.utcoffset() if moment else None
    return None if offset is None else round(offset.total_seconds() / 60)


def local(moment: datetime | None, offset: int | None) -> datetime | None:
    """A time with its page's own offset from UTC, in minutes."""
    if moment is None or offset is None:
        return moment
    return moment.astimezone(timezone(timedelta(minutes=offset)))
