"""Where an answer goes on. Pure.

A cursor freezes what is paged: when the question was first asked, the newest article there was, how far back
the answer reaches. Articles that arrive meanwhile move nothing.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from storage.errors import InputError
from storage.model import Query
from storage.search.ranking import Ranked

_KINDS = {"asked": str, "now": str, "newest": int, "floor": int, "total": int, "whole": bool}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What is paged, and the last article that was shown."""

    asked: str  # fingerprint of the query
    now: str  # ISO 8601
    newest: int  # id of the newest article
    floor: int  # least serial
    total: int
    whole: bool
    score: float
    serial: int

    @property
    def last(self) -> Ranked:
        """What was shown last."""
        return self.score, self.serial


def written(cursor: Cursor) -> str:
    """A cursor as one word of letters, digits, - and _."""
    return urlsafe_b64encode(json.dumps(list(asdict(cursor).values())).encode()).decode().rstrip("=")


def read(word: str, query: Query) -> Cursor:
    """The cursor of a word. Raises InputError for what is none, or one of another query."""
    try:
        values = json.loads(urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        cursor = Cursor(**dict(zip(Cursor.__slots__, values, strict=True)))
        datetime.fromisoformat(cursor.now).astimezone()
        sound = all(type(getattr(cursor, name)) is kind for name, kind in _KINDS.items())
        sound = sound and isinstance(cursor.score, int | float) and type(cursor.serial) is int
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InputError(f"cursor {word[:60]!r}: not one that an answer gave; ask without it") from error
    if not sound or cursor.asked != fingerprint(query):
        raise InputError(f"cursor {word[:60]!r}: it is of another query; ask without it")
    return cursor


def fingerprint(query: Query) -> str:
    """What tells a query from another one."""
    return sha256(
        f"{query.sort}\n{query.text}\n{query.asked!r}\n{query.stories}".encode("utf-8", "replace")
    ).hexdigest()[:16]
