"""Full-text search: our own folded and stemmed terms in FTS5 or PostgreSQL, with the same answers from both.

Reading order: conditions (a Query as SQL), stems, sqlite and postgresql (the same two functions each),
snippet.
"""

from collections.abc import Iterable
from types import ModuleType

from sqlalchemy import Connection

from storage.model import Article
from storage.search import postgresql, sqlite
from storage.search.stems import LONGEST
from storage.text import terms

MOST = 200_000  # characters of terms kept of one text: more than a book's chapter; PostgreSQL takes 1 MB


def index(connection: Connection, number: int, article: Article) -> None:
    """Make an article found by the words of its title, subtitle and text."""
    title = _bounded(terms(article.title, article.language))
    body = _bounded(terms(f"{article.subtitle}\n{article.text}", article.language))
    dialect(connection).index(connection, number, title, body)


def index_anew(connection: Connection, number: int, article: Article) -> None:
    """As `index`, for an article that was found by other words before."""
    forget(connection, number)
    index(connection, number, article)


def forget(connection: Connection, number: int) -> None:
    """Find an article no longer."""
    dialect(connection).forget(connection, number)


def dialect(connection: Connection) -> ModuleType:
    """The module that knows the database's own way of searching."""
    return postgresql if connection.dialect.name == "postgresql" else sqlite


def _bounded(found: Iterable[str]) -> list[str]:
    kept, size = [], 0
    for term in found:
        size += len(term[:LONGEST]) + 1
        if size > MOST:
            break
        kept.append(term[:LONGEST])
    return kept
