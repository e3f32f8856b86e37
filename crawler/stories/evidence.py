"""What speaks for two accounts telling of one event, and against it. Pure.

The weights were set on judged pairs and are added up; `docs/adr/0008-stories-from-the-whole-neighbourhood.md`
says how. In a dense week every account names the same few people, services and cities: what counts is what
title and lead say, and who meets whom.
"""

from collections.abc import Iterator, Mapping, Set
from math import sqrt
from typing import NamedTuple

from crawler.stories.commonplace import country_of, frequent_people, kind_of, states
from crawler.stories.slots import agreement
from crawler.stories.tellings import Telling

RARITY = {"person": 0.8, "case": 1.0, "operation": 0.9, "place": 0.45, "service": 0.35, "office": 0.3}
UNKNOWN = 1.0  # rarity of an entity of the user's own files
FREQUENT = 0.45  # of people the field names every week
PROMINENCE = (0.15, 0.4, 1.0)  # of what leads in neither account, in one, in both
PAIR = 0.45  # one of each of two states lead in both
WORDS, SUBJECTS, MOST_WORDS = 6.0, 0.5, 1.0  # of the share two texts of one language have in common; the most
OTHER_LANGUAGE = 1.3  # of the share of subjects where words cannot be compared
NAME, CONSONANTS = 0.3, 0.4  # a proper name that no names file holds; the same in two scripts
MOST = 2  # things of one sort that count
CHANCE = 4.0  # one of four of the shorter list in common, and chance is out of the question
COUNT, NUMBER, DAY, WHEN, PLACE, FORM = 0.25, 0.5, 0.4, 0.15, 0.25, 0.2
SLOTS = {
    "age": 0.6,
    "decade": 0.0,
    "sex": 0.0,
    "city": 0.3,
    "origin": 0.3,
    "day": 0.2,
    "charge": 0.1,
}  # of an arrest
OTHER_FORM, OTHER_STAGE, OTHER_PLACE, OTHER_PEOPLE, OTHER_WHEN = -0.5, -0.6, -0.6, -0.9, -0.25
OTHER_TITLE = -0.7  # the titles name other people of one country
ONE_SIDED = -0.2  # a person in the title whom the other never names
ABROAD = -0.5  # a third country in title or lead that the other never names


class Evidence(NamedTuple):
    """One thing two accounts have in common, or not: positive weights speak for one event."""

    weight: float
    why: str = ""  # for people


def share_something_particular(mine: Telling, theirs: Telling) -> bool:
    """Whether two accounts share a sign of one event or, in another script, the consonants of a name."""
    if not mine.signs.isdisjoint(theirs.signs):
        return True
    return mine.is_arabic != theirs.is_arabic and not mine.skeletons.isdisjoint(theirs.skeletons)


def weigh(mine: Telling, theirs: Telling) -> tuple[Evidence, ...]:
    """All that speaks for and against; the same for either order."""
    return (*_named(mine, theirs), *_worded(mine, theirs), *_shared(mine, theirs), *_different(mine, theirs))


def apart(mine: Set[str], all_mine: Set[str], theirs: Set[str], all_theirs: Set[str]) -> bool:
    """Whether each of two accounts leads with something the other never names."""
    return not mine <= all_theirs and not theirs <= all_mine


def _named(mine: Telling, theirs: Telling) -> Iterator[Evidence]:
    for entity in sorted(mine.named.entities & theirs.named.entities):
        leads = (entity in mine.named.leading) + (entity in theirs.named.leading)
        yield Evidence(_rarity(entity) * PROMINENCE[leads], f"both name {entity}")
    people = mine.named.people & theirs.named.people
    if len(people) > 1 and any(_countries(people) >= both for both in states()):
        yield Evidence(PAIR, f"both lead with {' and '.join(sorted(people))}")


def _worded(mine: Telling, theirs: Telling) -> Iterator[Evidence]:
    subjects = _alike(mine.subjects, theirs.subjects)
    if mine.language == theirs.language:
        alike = WORDS * _alike(mine.words, theirs.words) + SUBJECTS * subjects
        yield Evidence(min(alike, MOST_WORDS), "words alike")
    else:
        yield Evidence(OTHER_LANGUAGE * subjects, "subjects alike")


def _shared(mine: Telling, theirs: Telling) -> Iterator[Evidence]:
    for what, weight, each, other in (
        ("number", NUMBER, mine.numbers, theirs.numbers),
        ("count", COUNT, mine.counts, theirs.counts),
        ("day", DAY, mine.days, theirs.days),
        ("place", PLACE, mine.where.places, theirs.where.places),
        ("kind of event", FORM, mine.forms, theirs.forms),
        ("name", NAME, mine.names, theirs.names),
    ):
        if not each.isdisjoint(other):
            yield _both(what, weight, each, other)
    if mine.is_arabic != theirs.is_arabic and not mine.skeletons.isdisjoint(theirs.skeletons):
        yield _both("name in two scripts", CONSONANTS, mine.skeletons, theirs.skeletons)
    agreed = agreement(mine.slots, theirs.slots) if mine.slots and theirs.slots else ()
    if agreed:
        yield Evidence(sum(SLOTS[each] for each in agreed), f"same {', '.join(agreed)} of the arrest")


def _both(what: str, weight: float, mine: Set[str], theirs: Set[str]) -> Evidence:
    """What two accounts have in common of one sort; long lists have a few in common by chance."""
    found = sorted(mine & theirs)
    share = min(1.0, CHANCE * len(found) / min(len(mine), len(theirs)))
    return Evidence(weight * min(len(found), MOST) * share, f"same {what} {', '.join(found)}")


def _different(mine: Telling, theirs: Telling) -> Iterator[Evidence]:
    if apart(mine.acts, mine.compatible, theirs.acts, theirs.compatible):
        yield Evidence(OTHER_FORM, "other kind of event")
    if mine.hinted and theirs.hinted and mine.hinted.isdisjoint(theirs.hinted):
        yield Evidence(OTHER_STAGE, "other stage")
    if apart(mine.where.places, mine.where.all_places, theirs.where.places, theirs.where.all_places):
        yield Evidence(OTHER_PLACE, "other places")
    if (
        not mine.where.foreign <= theirs.where.all_countries
        or not theirs.where.foreign <= mine.where.all_countries
    ):
        yield Evidence(ABROAD, "a third country")
    if mine.when and theirs.when:
        same = not mine.when.isdisjoint(theirs.when)
        yield Evidence(WHEN, "dated alike") if same else Evidence(OTHER_WHEN, "dated otherwise")
    yield from _other_people(mine, theirs)


def _other_people(mine: Telling, theirs: Telling) -> Iterator[Evidence]:
    if apart(mine.named.principals, mine.named.known, theirs.named.principals, theirs.named.known):
        yield Evidence(OTHER_PEOPLE, "other people")
    if not mine.named.titled <= theirs.named.known or not theirs.named.titled <= mine.named.known:
        yield Evidence(ONE_SIDED, "people of one title only")
    both = _countries(mine.named.titled) & _countries(theirs.named.titled)
    if both - _countries(mine.named.titled & theirs.named.titled):
        yield Evidence(OTHER_TITLE, "other people in the titles")


def _countries(people: Set[str]) -> Set[str]:
    return {country_of(each) for each in people}


def _rarity(entity: str) -> float:
    return FREQUENT if entity in frequent_people() else RARITY.get(kind_of(entity), UNKNOWN)


def _alike(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """The share of their words two texts have in common, weighted, 0 to 1."""
    shared = mine.keys() & theirs.keys()
    if not shared:
        return 0.0
    both = sum(min(mine[word], theirs[word]) for word in shared)
    return both / sqrt(sum(mine.values()) * sum(theirs.values()))
