"""Which numbers the articles and stories of a file have got: on disk, so that it may have any size."""

import sqlite3
from collections.abc import Iterable, Mapping, Set

_AT_ONCE = 500  # parameters of a statement
_WORDS = 500_000
_TABLES = """
    CREATE TABLE numbers(kind TEXT, name TEXT, number INTEGER, PRIMARY KEY (kind, name)) WITHOUT ROWID;
    CREATE TABLE waiting(head TEXT, article INTEGER, PRIMARY KEY (head, article)) WITHOUT ROWID;
"""


class Numbers:
    """Names of a file -> ids of the archive, for one import; nothing of it outlives that."""

    def __init__(self) -> None:
        self._scratch = sqlite3.connect("", isolation_level=None)  # a temporary file that is deleted
        self._scratch.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_TABLES}")

        self.words: set[str] = set()  # spellings of titles that near spellings know of

    def learn(self, words: Set[str]) -> None:
        """These spellings are known; there is room for half a million."""
        if len(self.words) > _WORDS:
            self.words.clear()
        self.words |= words

    def close(self) -> None:
        """Forget everything."""
        self._scratch.close()

    def note(self, kind: str, numbers: Mapping[str, int]) -> None:
        """These are the numbers of `kind` (article, story)."""
        self._write(
            "INSERT OR REPLACE INTO numbers VALUES (?, ?, ?)", [(kind, *each) for each in numbers.items()]
        )

    def of(self, kind: str, names: Iterable[str]) -> dict[str, int]:
        """The numbers of those names that have one."""
        return dict(self._read("SELECT name, number FROM numbers WHERE kind = ? AND name IN", (kind,), names))

    def wait(self, articles: Mapping[int, str]) -> None:
        """These articles are copies of what the file has yet to tell."""
        self._write(
            "INSERT OR IGNORE INTO waiting VALUES (?, ?)", [(name, each) for each, name in articles.items()]
        )

    def waiting(self, names: Iterable[str]) -> list[tuple[str, int]]:
        """Name and waiting article, for what is told now."""
        return self._read("SELECT head, article FROM waiting WHERE head IN", (), names)

    def _write(self, statement: str, rows: list[tuple[str | int, ...]]) -> None:
        self._scratch.execute("BEGIN")
        self._scratch.executemany(statement, rows)
        self._scratch.execute("COMMIT")

    def _read(self, statement: str, first: tuple[str, ...], names: Iterable[str]) -> list[tuple[str, int]]:
        wanted, found = list(names), []
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            asked = f"{statement} ({','.join('?' * len(some))})"
            found += self._scratch.execute(asked, (*first, *some)).fetchall()
        return found
