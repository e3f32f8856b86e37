"""The words of titles, as they are written: what a query may have meant."""

from collections.abc import Iterable, Iterator, Set

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.archive.rows import chunks
from storage.search.near import LEAST, LONGEST
from storage.tables import vocabulary
from storage.text import fold, spellings, without_marks

_ARTICLE = "ال"


def learn(connection: Connection, titles: Iterable[str], known: Set[str] = frozenset()) -> set[str]:
    """Know the words of titles, each as it stood where it was seen first; those that it had to learn.

    Cheap for a thousand titles at once, and for spellings that are `known` to have been learned.
    """
    written = dict.fromkeys(each for title in titles for each in sorted(spellings(title) - known))
    seen: dict[str, str] = {}
    for typed in written:
        for word, spelling in _forms(fold(typed), typed):
            seen.setdefault(word, spelling)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    for some in chunks(sorted(seen)):
        there = spelt(connection, some)
        new = [{"word": each, "spelling": seen[each]} for each in some if each not in there]
        if new:
            connection.execute(dialect.insert(vocabulary).on_conflict_do_nothing(), new)
    return set(written)


def spelt(connection: Connection, sought: Iterable[str]) -> dict[str, str]:
    """Those of some folded words that titles hold, and how they are written there."""
    found: dict[str, str] = {}
    for some in chunks(sought):
        asked = select(vocabulary.c.word, vocabulary.c.spelling).where(vocabulary.c.word.in_(some))
        found |= {row.word: row.spelling for row in connection.execute(asked)}
    return found


def _forms(word: str, typed: str) -> Iterator[tuple[str, str]]:
    """A folded word and its spelling, an Arabic one without its article too."""
    if not (LEAST <= len(word) <= LONGEST and word.isalpha()):
        return
    spelling = without_marks(typed)
    yield word, spelling if spelling.isalpha() else word
    bare = word.removeprefix(_ARTICLE)
    if LEAST <= len(bare) < len(word):
        yield bare, spelling[len(_ARTICLE) :] if spelling.isalpha() else bare
