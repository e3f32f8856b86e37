"""The copies of a file and their heads, whichever comes first."""

from collections.abc import Iterable, Sequence

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
    _part(
        connection,
        [article for article, _ in met] + [number for number, name in late.items() if name in heads],
    )


def _part(connection: Connection, copies: Iterable[int]) -> None:
    """What is in another story than its head is no copy of it."""
    head = articles.alias()
    home = select(head.c.story).where(head.c.id == articles.c.copy_of).scalar_subquery()
    for some in chunks(copies):
        apart = articles.c.id.in_(some) & (articles.c.story != home)
        connection.execute(update(articles).where(apart).values(copy_of=None))
