"""What an archive may forget: the words of pages that were rejected long ago."""

from datetime import datetime

from sqlalchemy import Connection, and_, exists, or_, select, update

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
    other = select(same.c.key).where(same.c.page == pages.c.page)
    marked = exists().where(or_(marks.c.key == pages.c.key, marks.c.key.in_(other)))
    free = (pages.c.outcome == "rejected", pages.c.due.is_(None), ~marked)
    some = select(pages.c.key).where(*free, old).limit(AT_ONCE)
    nothing = {"title": "", "summary": "", "missing": {}, "published": None, "published_offset": None}
    forgotten = update(pages).where(pages.c.key.in_(some)).values(outcome="forgotten", page=None, **nothing)
    return connection.execute(forgotten).rowcount
