"""What tells two arrests apart: day, city and charge, age, sex and origin of the person arrested. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from crawler.entities import find_entities
from crawler.judging.sentences import sentences
from crawler.stories.commonplace import arresting, country_of, kind_of, shipped_names, speaking
from crawler.stories.facts import ages, days, weekdays
from crawler.stories.matters import Told, find_matters

_LEADING = 3  # sentences after the title in which an arrest is described
_TELLING = 2  # the title and first sentence, of which one tells it if the text is of an arrest


@dataclass(frozen=True, slots=True)
class Slots:
    """What is said of one arrest; an empty slot is not said."""

    age: frozenset[int] = frozenset()
    decade: frozenset[int] = frozenset()  # of the age: 40 for somebody of 42 and for somebody in his forties
    day: frozenset[date] = frozenset()
    city: frozenset[str] = frozenset()
    origin: frozenset[str] = frozenset()
    charge: frozenset[str] = frozenset()
    sex: frozenset[str] = frozenset()


def conflict(one: Slots, other: Slots) -> str:
    """The slot in which two arrests differ, such as `age 35 / 42`; empty if they may be one. Symmetric.

    Days differ from two days on: an arrest of the night is dated either way.
    """
    for name, mine, theirs in _filled(one, other):
        if not _meet(name, mine, theirs):
            return f"{name} {' / '.join(sorted((_listed(mine), _listed(theirs))))}"
    return ""


def agreement(one: Slots, other: Slots) -> tuple[str, ...]:
    """The slots two arrests have in common."""
    return tuple(name for name, mine, theirs in _filled(one, other) if _meet(name, mine, theirs))


def read_slots(title: str, text: str, published: date | None) -> Slots | None:
    """The slots of the arrest a text tells of in title or opening; None if it tells of none."""
    leading = [title, *(text[each.start : each.end] for each in sentences(text)[:_LEADING])]
    found = [(sentence, find_matters(sentence)) for sentence in leading]
    arrests = [(sentence, told) for sentence, told in found if _tells_arrest(told)]
    if not any(_tells_arrest(told) for _, told in found[:_TELLING]):
        return None
    age, whole = ages(f"{title}\n{text}", published), [find_matters(title), find_matters(text)]
    return Slots(
        age=age,
        decade=frozenset(each // 10 * 10 for each in age) | {int(each) for each in _named("decade", whole)},
        day=frozenset(day for sentence, _ in arrests for day in _days(sentence, published)),
        city=_cities(arrests),
        origin=_named("origin", (told for _, told in arrests)),
        charge=_named("charge", whole),
        sex=_named("sex", (told for _, told in arrests)),
    )


def _filled(one: Slots, other: Slots) -> Iterator[tuple[str, frozenset[Any], frozenset[Any]]]:
    """The slots that both fill, with what is said in each."""
    for name in (each.name for each in fields(Slots)):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs:
            yield name, mine, theirs


def _meet(slot: str, mine: frozenset[Any], theirs: frozenset[Any]) -> bool:
    if slot == "day":
        return any(abs(a - b) <= timedelta(days=1) for a in mine for b in theirs)
    return bool(mine & theirs)


def _days(sentence: str, published: date | None) -> frozenset[date]:
    """The days a sentence names; its weekdays only where it names none."""
    return days(sentence, published) or weekdays(sentence, published, of_saying=False)


def _cities(arrests: Iterable[tuple[str, Sequence[Told]]]) -> frozenset[str]:
    """Where the arrest was made; also places whose names count only as they are written, Fès and Salé."""
    found: set[str] = set()
    for sentence, told in arrests:
        places = (each.matter for each in told if each.matter.kind == "place")
        found |= {each.name for each in places if each.country in arresting()}
        named = {each.entity for each in find_entities(sentence, shipped_names())}
        found |= {each for each in named if kind_of(each) == "place" and country_of(each) in arresting()}
    return frozenset(found) - speaking()


def _named(kind: str, found: Iterable[Sequence[Told]]) -> frozenset[str]:
    return frozenset(each.matter.name for told in found for each in told if each.matter.kind == kind)


def _tells_arrest(told: Sequence[Told]) -> bool:
    return any(each.matter[:2] == ("stage", "arrest") for each in told)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted(str(each) for each in values))
