"""What kind of event a text tells of, and where, in four languages. Pure.

The words stand in `matters.toml`; places and countries are those of the shipped names.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from crawler.files import read_rules
from crawler.judging.matching import Found, Lexicon
from crawler.stories.commonplace import common_entities, shipped_entities, states
from storage.text import Word, is_arabic, words

_FILE = Path(__file__).with_name("matters.toml")
_BETWEEN = 2  # words between what makes a stage a thing to come and the stage
_FUTURE = re.compile(r"[وف]?س[يتن]\w{3}")  # سيسلم
_TALKS = frozenset(("visit", "declaration", "commission"))  # a visit brings an agreement
_EARLIER = {
    "handover": ("arrest",),
    "consent": ("arrest", "handover"),
    "approval": ("arrest", "handover", "consent"),
    "refusal": ("arrest", "handover", "consent", "approval"),
}


class Matter(NamedTuple):
    """A matter, such as `charge` and `drugs`."""

    kind: str  # as in the file, or country | nation | place
    name: str  # of a country or nation its code, of a place its id
    country: str = ""  # of a place


class Told(NamedTuple):
    """A matter and the word of the text with which it begins."""

    matter: Matter
    place: int


@dataclass(frozen=True, slots=True)
class Located:
    """Places (ids, without those everybody names) and countries (codes)."""

    places: frozenset[str]  # in title and lead
    all_places: frozenset[str]
    countries: frozenset[str]  # in title and lead, by name or place, not by adjective
    foreign: frozenset[str]  # third countries there, in the title by adjective too
    all_countries: frozenset[str]  # however named


@lru_cache(maxsize=1_000)
def find_matters(text: str) -> tuple[Told, ...]:
    """The matters in a text, in order; without stages of a case that have not come about."""
    told = words(text)
    found = _lexicon().find(told)
    ahead = {(matter.name, each.last) for each in found for matter in each.values if matter.kind == "ahead"}
    return tuple(
        Told(matter, each.first)
        for each in found
        for matter in each.values
        if not (matter.kind == "stage" and _is_ahead(matter.name, each, ahead, told))
    )


def _is_ahead(
    stage: str, found: Found[Matter], ahead: Collection[tuple[str, int]], told: Sequence[Word]
) -> bool:
    """Whether a stage is told as expected, demanded or denied: "sera extradé", "to be extradited", سيسلم."""
    future = stage == "handover" and any(_FUTURE.match(each.text) for each in told[found.first : found.last])
    return future or any((stage, found.first - between) in ahead for between in range(_BETWEEN + 1))


def named(kind: str, told: Iterable[Iterable[Told]]) -> frozenset[str]:
    """The names of the matters of one kind in some passages."""
    return frozenset(each.matter.name for part in told for each in part if each.matter.kind == kind)


def located(told: Sequence[Sequence[Told]], text: Sequence[Told]) -> Located:
    """Where the event of an account took place, of whose title (the first), lead and text this is told."""
    whole = (told[0], text)
    countries = _countries(told)
    all_countries = _countries(whole) | named("nation", whole)
    return Located(
        places=named("place", told) - common_entities(),
        all_places=named("place", whole),
        countries=countries,
        foreign=(countries | named("nation", told[:1])) - _home(all_countries),
        all_countries=all_countries,
    )


def _home(countries: frozenset[str]) -> frozenset[str]:
    """The states of the first topic all of whose an account names; those of every topic if of none."""
    return next((both for both in states() if both <= countries), frozenset().union(*states()))


def _countries(told: Sequence[Sequence[Told]]) -> frozenset[str]:
    places = {each.matter.country for part in told for each in part if each.matter.kind == "place"}
    return named("country", told) | places - {""}


def stages(told: Iterable[Iterable[Told]]) -> frozenset[str]:
    """The stages of a case that are news here: a later one tells of the earlier too, a no of the yes."""
    found = named("stage", told)
    return found - {earlier for stage in found for earlier in _EARLIER.get(stage, ())}


def acts(told: Iterable[Iterable[Told]]) -> frozenset[str]:
    """What happens in some passages: kinds of event and stages of a case."""
    told = tuple(told)
    return named("form", told) | named("stage", told)


def compatible(found: frozenset[str]) -> frozenset[str]:
    """These acts and those that may be another name of them."""
    return found if found.isdisjoint(_TALKS) else found | _TALKS


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon[Matter]:
    return Lexicon([*_listed(), *_located()])


def _listed() -> Iterator[tuple[str, Matter]]:
    for kind, matters in read_rules(_FILE).items():
        for name, languages in matters.items():
            phrases = (phrase for each in languages.values() for phrase in each)
            yield from ((written, Matter(kind, name)) for phrase in phrases for written in _cases(phrase))


def _cases(phrase: str) -> tuple[str, ...]:
    """An Arabic noun has one more letter in the indefinite accusative: بروتوكولا."""
    if is_arabic(phrase[-1]) and " " not in phrase and phrase[-1] not in "اةى":
        return phrase, f"{phrase}ا"
    return (phrase,)


def _located() -> Iterator[tuple[str, Matter]]:
    """Countries, nations by their adjectives, and places, but for names that are also plain words."""
    for entity in shipped_entities():
        matters = {
            "country": Matter("country", entity.country),
            "place": Matter("place", entity.id, entity.country),
        }
        if entity.kind in matters:
            adjectives = {*entity.adjectives}
            certain = {*entity.names} - {*entity.weak, *entity.exact} - adjectives
            yield from ((spelling, matters[entity.kind]) for spelling in sorted(certain))
            yield from ((spelling, Matter("nation", entity.country)) for spelling in sorted(adjectives))
