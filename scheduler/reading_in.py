"""Lines of a file made ready for the archive, in a process of its own: no archive, no network."""

import codecs
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from scheduler.dossiers import to_incoming
from storage.archive.ready import Ready, keys_of, ready
from storage.columns import storable
from storage.errors import InputError
from storage.model import Account
from storage.model.bulk import Incoming

if TYPE_CHECKING:
    from crawler.rules import Rules

_SHOWN = 60  # characters of a number that is none
Line = tuple[int, bytes]  # its number, counted from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a reader needs to know."""

    name: str  # of the file, in messages
    now: datetime
    topic: str  # of a `judgement` that does not say
    directory: Path | None  # of the user's own rules
    topics: tuple[str, ...]
    grouping: bool
    database: str  # sqlite or postgresql


class Read(NamedTuple):
    """What lines come to."""

    articles: list[Ready]
    bad: list[str]  # one line each
    same: int = 0  # rows that say they are the same as another
    irrelevant: int = 0


class Named(NamedTuple):
    """An article of a file, as far as it can be known again."""

    id: str
    story: str
    copy_of: str
    component: str
    keys: tuple[str, ...]


def read(lines: Sequence[Line], means: Means) -> Read:
    """Judge, name and prepare what lacks it; a bad line is named by file and number."""
    articles: list[Ready] = []
    bad: list[str] = []
    same = irrelevant = 0
    for number, row in _rows(lines, means, bad):
        if "same_as" in row:
            same += 1
            continue
        try:
            incoming = to_incoming(row, means.now, means.topic)
            understood = _understood(incoming, row, means)
            if understood is None:
                irrelevant += 1
            else:
                place = means.grouping and not understood.story
                articles.append(ready(understood, means.database, place=place))
        except (InputError, ValueError) as error:  # whatever a row says, the others go on
            bad.append(f"{means.name}:{number}: {' '.join(str(error).split())}")
    return Read(articles, bad, same, irrelevant)


def names(lines: Sequence[Line], means: Means) -> list[Named]:
    """The rows that are of a story, as far as they can be read."""
    found = []
    for _, row in _rows(lines, means, []):
        try:
            each = to_incoming(row, means.now, means.topic) if row.get("story") is not None else None
        except (InputError, ValueError):
            continue
        if each is not None:
            found.append(Named(each.id, each.story, each.copy_of, each.component, keys_of(each)))
    return found


def _rows(lines: Sequence[Line], means: Means, bad: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in lines:
        try:
            row = _parsed(line.removeprefix(codecs.BOM_UTF8)) if line.strip() else None
        except (ValueError, RecursionError) as error:
            bad.append(f"{means.name}:{number}: not JSON: {error}")
            continue
        if isinstance(row, dict):
            yield number, _storable(row) if b"\\u" in line or b"\xed" in line else row
        elif line.strip():
            bad.append(f"{means.name}:{number}: not an object")


def _parsed(line: bytes) -> Any:
    return json.loads(line, parse_constant=_refuse, parse_float=_finite)


def _refuse(said: str) -> NoReturn:
    raise ValueError(f"{said} is no number")


def _finite(said: str) -> float:
    number = float(said)
    if isinf(number):
        _refuse(said[:_SHOWN])
    return number


def _storable(value: Any) -> Any:
    """A value whose texts both databases take: neither NUL nor lone surrogates."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _storable(each) for name, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else value


def _understood(incoming: Incoming, row: dict[str, Any], means: Means) -> Incoming | None:
    """The article with judgements, entities, bands and cases; None if it is irrelevant to every topic."""
    if not incoming.judgements and "judgements" not in row:
        from crawler.relevance import judge

        judgements = judge(incoming.article, _rules(means.directory, means.topics))
        if not any(each.keeps for each in judgements):
            return None
        incoming = replace(incoming, judgements=judgements)
    missing = {"entities", *(("bands", "cases") if means.grouping else ())} - row.keys()
    if missing:
        told = _account(incoming, means)
        incoming = replace(incoming, **{name: getattr(told, name) for name in missing})
    return incoming


def _account(incoming: Incoming, means: Means) -> Account:
    from crawler.stories import account

    return account(incoming.article, _rules(means.directory, means.topics).names)


@cache
def _rules(directory: Path | None, topics: tuple[str, ...]) -> "Rules":
    from crawler.rules import load_rules

    return load_rules(directory, topics)
