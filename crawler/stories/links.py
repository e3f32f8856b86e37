"""Whether two accounts are copies, of one event, or neither, and why. Pure.

A link depends on its two accounts alone. So the stories that links make cannot depend on the order in which
the accounts came.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crawler.stories.copies import overlap
from crawler.stories.evidence import apart, share_something_particular, weigh
from crawler.stories.facts import hauls_differ
from crawler.stories.named import Named
from crawler.stories.slots import conflict
from crawler.stories.tellings import Telling
from crawler.stories.templates import Substitution, substituted
from storage.model import Tie

WINDOW = 21  # days between two accounts of one event
ENOUGH = 1.15  # evidence that makes two accounts one story
_BY_HAND = 100.0  # strength of what an analyst says: before any copy
_COPY = 10.0  # strength of a copy: above any evidence, so that copies join first
_PER_DAY = 0.02  # what a day between two accounts takes from the evidence


@dataclass(frozen=True, slots=True)
class Link:
    """What two accounts are to each other; `veto` says what keeps them apart however alike they are."""

    strength: float
    copy: bool = False
    particular: bool = False  # they share something that belongs to an event
    veto: str = ""
    why: str = ""
    by_hand: bool = False  # an analyst says so

    @property
    def joins(self) -> bool:
        """Whether the two belong to one story."""
        if self.by_hand:
            return not self.veto
        return self.copy or (not self.veto and self.particular and self.strength >= ENOUGH)


def link(mine: Telling, theirs: Telling) -> Link:
    """How two accounts hang together; the same for either order.

    Copies may be any time apart; accounts of one event lie within 21 days and share something particular.
    """
    shared = overlap(mine.shingles, theirs.shingles)
    kept = shared.containment == 1  # one keeps the very words of the other, weekdays too
    veto = _veto(mine, theirs) or ("" if kept else _after(mine, theirs))
    if shared.copies:
        veto = veto or _other_people(mine.named, theirs.named) or _other_day(mine.dated, theirs.dated)
        other = substituted(mine.written, theirs.written)
        if not veto and other and _is_update(other, _gap(mine, theirs)):
            why = f"the figures of an update: {'; '.join(map(str, other))}"
            return Link(ENOUGH + shared.containment, particular=True, why=why)
        veto = veto or "; ".join(f"template: {each}" for each in other)
        why = f"{shared.shared} shingles shared, {shared.containment:.0%} of the shorter text"
        return Link(_COPY + shared.containment, copy=not veto, veto=veto, why=why)
    gap = _gap(mine, theirs)
    if gap > WINDOW or "review" in mine.acts | theirs.acts or mine.named.all.isdisjoint(theirs.named.all):
        return Link(0.0, veto=veto)
    evidence = weigh(mine, theirs)
    strength = sum(each.weight for each in evidence) - _PER_DAY * gap
    why = "; ".join(each.why for each in evidence)
    return Link(strength, particular=share_something_particular(mine, theirs), veto=veto, why=why)


def tied(found: Link, tie: Tie) -> Link:
    """The link of two accounts as an analyst has it."""
    said = f": {tie.why}" if tie.why else ""
    if tie.together:
        return replace(found, strength=_BY_HAND, veto="", why=f"joined by hand{said}", by_hand=True)
    return replace(found, copy=False, veto=f"split by hand{said}", by_hand=True)


def _veto(mine: Telling, theirs: Telling) -> str:
    """What shows that two accounts are of two events: another arrest, stage, seizure, country or day."""
    slot = conflict(mine.slots, theirs.slots) if mine.slots and theirs.slots else ""
    if slot:
        return slot
    if mine.stages and theirs.stages and not mine.stages & theirs.stages:
        return f"stage {_either(_listed(mine.stages), _listed(theirs.stages))}"
    if hauls_differ(mine.haul, theirs.haul):
        return f"seized {_either(_weighed(mine), _weighed(theirs))}"
    if apart(
        mine.where.countries, mine.where.all_countries, theirs.where.countries, theirs.where.all_countries
    ):
        return f"country {_either(_listed(mine.where.countries), _listed(theirs.where.countries))}"
    if _other_edition(mine.editions, theirs.editions):
        return f"edition {_either(_listed(mine.editions), _listed(theirs.editions))}"
    far = _gap(mine, theirs) > WINDOW
    if far and mine.days and theirs.days and not mine.days & theirs.days:
        return "other days"
    return ""


def _is_update(other: Iterable[Substitution], gap: int) -> bool:
    """Whether one of two near-copies corrects the other: within a day only figures changed, 3 to 5 injured.

    Agencies correct figures within hours, and two events do not differ in a figure alone on one day.
    """
    return gap <= 1 and all(each.kind == "number" for each in other)


def _other_people(mine: Named, theirs: Named) -> str:
    """Whom two texts of one template are of, if not of the same."""
    if apart(mine.principals, mine.known, theirs.principals, theirs.known):
        return f"people {_either(_listed(mine.principals), _listed(theirs.principals))}"
    return ""


def _other_day(mine: frozenset[date], theirs: frozenset[date]) -> str:
    """Which days two texts of one template name, if not one in common: a copy keeps the day."""
    if mine and theirs and mine.isdisjoint(theirs):
        return f"day {_either(_listed_days(mine), _listed_days(theirs))}"
    return ""


def _other_edition(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether both tell by the same count which session or exercise it is, by ordinal or year, and differ."""
    counts = (
        ({each for each in found if each.endswith(".")} for found in (mine, theirs)),
        ({each for each in found if not each.endswith(".")} for found in (mine, theirs)),
    )
    return any(one and other and one.isdisjoint(other) for one, other in counts)


def _after(mine: Telling, theirs: Telling) -> str:
    """The day of an event that one account tells of and the other, published before, cannot.

    It can if it announces what is to come; nobody announces an arrest.
    """
    for told, before in ((mine, theirs), (theirs, mine)):
        if before.announces and not (told.slots and before.slots):
            continue
        if told.happened and before.day and min(told.happened) - before.day > timedelta(days=1):
            return f"day {_listed_days(told.happened)}, after the other was published"
    return ""


def _gap(mine: Telling, theirs: Telling) -> int:
    """Days between two accounts; none where a day is not known."""
    return abs((mine.day - theirs.day).days) if mine.day and theirs.day else 0


def _weighed(telling: Telling) -> str:
    return ", ".join(f"{each:g} kg" for each in sorted(telling.haul))


def _listed_days(days: frozenset[date]) -> str:
    return "+".join(each.isoformat() for each in sorted(days))


def _listed(values: frozenset[str]) -> str:
    return "+".join(sorted(values))


def _either(one: str, other: str) -> str:
    return " / ".join(sorted((one, other)))
