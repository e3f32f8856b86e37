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
from storage.search.ranking import MOST, Ranked

_KINDS = {"asked": str, "now": str, "newest": int, "floor": int, "total": int, "whole": bool}
_KINDS |= {"score": float, "serial": int}


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
        sound = all(type(getattr(cursor, name)) is kind for name, kind in _KINDS.items()) and _is_sound(
            cursor
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"cursor {word[:60]!r}: not one that an answer gave; ask without it") from error
    if not sound or cursor.asked != fingerprint(query):
        raise InputError(f"cursor {word[:60]!r}: it is of another query; ask without it")
    return cursor


def _is_sound(cursor: Cursor) -> bool:
    """Whether its numbers are such as an answer has."""
    now = datetime.fromisoformat(cursor.now)
    serials = all(abs(each) <= 1 << 62 for each in (cursor.floor, cursor.serial))
    counts = 0 <= cursor.total <= MOST and 0 <= cursor.newest < 1 << 62 and 0 <= cursor.score <= 1
    return serials and counts and now.tzinfo is not None and 1 < now.year < 9999


def fingerprint(query: Query) -> str:
    """What tells a query from another one."""
    return sha256(
        f"{query.sort}\n{query.text}\n{query.asked!r}\n{query.stories}".encode("utf-8", "replace")
    ).hexdigest()[:16]
