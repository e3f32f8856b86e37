"""What an archive may forget: the words of pages that were rejected long ago."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from storage.tables import marks, pages

AT_ONCE = 2000  # rows of one transaction: others write in between


def forget_rejected(connection: Connection, before: datetime) -> int:
    """Forget what pages said that were rejected before then, some of them; how many.

    The row stays, with its key, its address and why, so that the page is never fetched again while an entry
    tells it. What is marked, or due, is kept as it is. What was rejected before this was noted goes by when
    it was published.
    """
    unnoted = and_(pages.c.decided.is_(None), pages.c.published < before)
    old = or_(pages.c.decided < before, unnoted)
    same = pages.alias()
    of_marked = select(same.c.page).join(marks, marks.c.key == same.c.key).where(same.c.page.is_not(None))
    unmarked = (
        pages.c.key.not_in(select(marks.c.key)),
        or_(pages.c.page.is_(None), pages.c.page.not_in(of_marked)),
    )
    free = (pages.c.outcome == "rejected", pages.c.due.is_(None), *unmarked)
    some = connection.scalars(select(pages.c.key).where(*free, old).limit(AT_ONCE)).all()
    forgotten = update(pages).where(pages.c.key.in_(some))
    connection.execute(forgotten.values(outcome="forgotten", page=None, **_NOTHING))
    return len(some)


_NOTHING: dict[str, Any] = {
    "title": "",
    "summary": "",
    "missing": {},
    "published": None,
    "published_offset": None,
}
