"""What an analyst said of pairs of articles, as rows."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, delete, or_, select

from storage.archive.rows import chunks, keys_of, to_tie, upsert
from storage.columns import short_key
from storage.model import Tie
from storage.tables import ties


def of(connection: Connection, keys: Iterable[str]) -> list[Tie]:
    """What an analyst said of articles, each pair once; most archives have nothing of the kind."""
    if connection.scalar(select(ties.c.one).limit(1)) is None:
        return []
    found: dict[tuple[str, str], Tie] = {}
    for some in chunks(keys):
        asked = select(ties).where(or_(ties.c.one.in_(some), ties.c.other.in_(some)))
        found |= {(row.one, row.other): to_tie(row) for row in connection.execute(asked)}
    return [found[pair] for pair in sorted(found)]


def tie(connection: Connection, made: Iterable[Tie]) -> None:
    """Keep what an analyst says of pairs of articles, in place of what was said of them before."""
    for each in made:
        one, other = sorted(map(short_key, (each.one, each.other)))
        row = {"one": one, "other": other, "together": each.together, "made": each.made, "why": each.why}
        upsert(connection, ties, row)


def tie_newer(connection: Connection, made: Iterable[Tie]) -> None:
    """Keep what was said of pairs elsewhere, where nothing newer was said of them here."""
    said = tuple(made)
    here = {(each.one, each.other): each.made for each in of(connection, {each.one for each in said})}
    tie(connection, (each for each in said if here.get((each.one, each.other), each.made) <= each.made))


def retie(connection: Connection, number: int, heir: int) -> None:
    """What was said of an article is said of the one it becomes, unless that was spoken of itself."""
    keys = keys_of(connection, (number, heir))
    said = {(each.one, each.other) for each in of(connection, [keys[heir]])}
    for each in of(connection, [keys[number]]):
        other = each.other if each.one == keys[number] else each.one
        one, other = sorted((keys[heir], other))
        if one != other and (one, other) not in said:
            tie(connection, [replace(each, one=one, other=other)])
        untie(connection, [(each.one, each.other)])


def untie(connection: Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Forget what was said of pairs of articles."""
    for one, other in pairs:
        connection.execute(delete(ties).where(ties.c.one == short_key(one), ties.c.other == short_key(other)))
