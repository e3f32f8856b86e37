"""The copies of a file and their heads, whichever comes first."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select, update

from storage.archive.numbers import Numbers
from storage.archive.ready import Ready
from storage.archive.rows import chunks
from storage.tables import articles


def connect(
    connection: Connection, new: Sequence[Ready], ids: Sequence[int], heads: dict[str, int], numbers: Numbers
) -> None:
    """Copies to their heads: of these articles, and those that have waited for one of these."""
    late = {number: each.copy_of for each, number in zip(new, ids, strict=True) if each.copy_of}
    numbers.wait({number: name for number, name in late.items() if name not in heads})
    told = {each.id: number for each, number in zip(new, ids, strict=True)}
    met = [(article, told[name]) for name, article in numbers.waiting(told)]
    for article, head in met:
        free = (articles.c.id == article) & articles.c.copy_of.is_(None) & (articles.c.id != head)
        connection.execute(update(articles).where(free).values(copy_of=head))
    copies = [article for article, _ in met] + [number for number, name in late.items() if name in heads]
    _part(connection, copies)
    _uncircle(connection, copies)


def circling(connection: Connection, among: Iterable[int] | None = None) -> list[int]:
    """Articles, of these or of all, whose head is a copy of theirs, be it by others."""
    head = articles.alias()
    asked = select(articles.c.id, articles.c.copy_of).join(head, head.c.id == articles.c.copy_of)
    double = asked.where(head.c.copy_of.is_not(None), head.c.id != articles.c.id)
    if among is None:
        heads = {row.id: row.copy_of for row in connection.execute(double)}
    else:
        heads = {
            row.id: row.copy_of
            for some in chunks(among)
            for row in connection.execute(double.where(articles.c.id.in_(some)))
        }
    return [number for number in heads if _comes_back(connection, number, heads)]


def _comes_back(connection: Connection, number: int, heads: Mapping[int, int]) -> bool:
    met: set[int] = set()
    at: int | None = heads[number]
    while at is not None and at != number and at not in met:
        met.add(at)
        at = heads.get(at) or connection.scalar(select(articles.c.copy_of).where(articles.c.id == at))
    return at == number


def _uncircle(connection: Connection, copies: Sequence[int]) -> None:
    """Where a file lets articles be copies of each other, the last one is the head."""
    circles = set(circling(connection, copies))
    for number in reversed(copies):
        if number in circles and circling(connection, [number]):
            connection.execute(update(articles).where(articles.c.id == number).values(copy_of=None))


def _part(connection: Connection, copies: Iterable[int]) -> None:
    """What is in another story than its head is no copy of it."""
    head = articles.alias()
    home = select(head.c.story).where(head.c.id == articles.c.copy_of).scalar_subquery()
    for some in chunks(copies):
        apart = articles.c.id.in_(some) & (articles.c.story != home)
        connection.execute(update(articles).where(apart).values(copy_of=None))
