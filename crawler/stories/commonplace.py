"""What every article of the field says and names, so that it tells no event from another. Pure.

The words and entities stand in `common_words.toml`, the states are those of the shipped topics.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from crawler.entities import Names
from crawler.files import read_rules, rule_files
from crawler.rules import load_entities, load_topic
from storage.model import Entity
from storage.text import stem, words

_FILE = Path(__file__).with_name("common_words.toml")


@lru_cache(maxsize=1)
def shipped_entities() -> tuple[Entity, ...]:
    """The names that come with Rasid, whatever a user adds, so that grouping is the same everywhere."""
    return load_entities()


@lru_cache(maxsize=1)
def shipped_names() -> Names:
    """Their spellings."""
    return Names(shipped_entities())


def kind_of(entity: str) -> str:
    """The kind of a shipped entity; empty for one of the user's own files."""
    return shipped_names().entities[entity].kind if entity in shipped_names().entities else ""


def country_of(entity: str) -> str:
    """The country of a shipped entity; empty for any other."""
    return shipped_names().entities[entity].country if entity in shipped_names().entities else ""


@lru_cache(maxsize=4_000)
def holders(office: str, day: date | None) -> tuple[str, ...]:
    """The people who held an office on a day."""
    return tuple(
        entity.id
        for entity in shipped_entities()
        for held in entity.tenures
        if day and held.office == office and (held.since or day) <= day <= (held.until or day)
    )


@lru_cache(maxsize=1)
def common_entities() -> frozenset[str]:
    """The ids of what every article of the field names."""
    return frozenset(_listed()["entities"])


@lru_cache(maxsize=1)
def halves() -> dict[str, str]:
    """First half of a word for two states -> the country that it stands for."""
    return dict(_listed()["halves"])


@lru_cache(maxsize=1)
def agencies() -> frozenset[str]:
    """The ids of the sources that write what others take over."""
    return frozenset(_listed()["agencies"])


@lru_cache(maxsize=1)
def frequent_people() -> frozenset[str]:
    """The ids of those whom the field names every week."""
    return frozenset(_listed()["frequent"])


@lru_cache(maxsize=1)
def officials() -> frozenset[str]:
    """The ids of those who hold or held an office: whatever they do is no case of theirs."""
    return frozenset(entity.id for entity in shipped_entities() if entity.tenures)


@lru_cache(maxsize=1)
def states() -> tuple[frozenset[str], ...]:
    """The countries (codes) between which each shipped topic is, disabled ones too."""
    topics = map(load_topic, rule_files("topics"))
    return tuple(frozenset(side.country for side in topic.sides) - {""} for topic in topics)


@lru_cache(maxsize=1)
def arresting() -> frozenset[str]:
    """The countries (codes) in which the field's arrests are made."""
    return frozenset(_listed()["arrests"]["countries"])


@lru_cache(maxsize=1)
def speaking() -> frozenset[str]:
    """The places (ids) whose offices speak of every arrest, wherever it was made."""
    return frozenset(_listed()["arrests"]["offices"])


@lru_cache(maxsize=1)
def nationalities() -> frozenset[str]:
    """The adjectives of every country of the shipped names."""
    return frozenset(word for entity in shipped_entities() for word in entity.adjectives)


@lru_cache(maxsize=1)
def saying() -> frozenset[str]:
    """Folded words, of all languages, after which a weekday is the one on which something was said."""
    return frozenset(word.text for listed in _listed()["saying"].values() for word in words(listed))


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """Folded Arabic first names: what follows one is a family name."""
    return _words_of(_listed()["names"]["first"])


@lru_cache(maxsize=1)
def personal_signs() -> frozenset[str]:
    """Folded Arabic words after which somebody is named."""
    return _words_of(_listed()["names"]["personal"])


@lru_cache(maxsize=1)
def sited_signs() -> frozenset[str]:
    """Folded Arabic words after which a place is named."""
    return _words_of(_listed()["names"]["sited"])


def _words_of(listed: str) -> frozenset[str]:
    return frozenset(word.text for word in words(listed))


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Folded words of no weight, of all languages."""
    return frozenset(word.text for listed in _listed()["words"].values() for word in words(listed))


@lru_cache(maxsize=1)
def common_stems() -> frozenset[str]:
    """The stems of the common words, each in its language."""
    listed = _listed()["words"].items()
    return frozenset(stem(word.text, language) for language, listing in listed for word in words(listing))


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """The common words and those of every name we know.

    Of a common entity only its label counts as known: a quarter of Paris says more than Paris.
    """
    spellings = (spelling for entity in shipped_entities() for spelling in _spellings(entity))
    return common_words() | {word.text for spelling in spellings for word in words(spelling)}


def _spellings(entity: Entity) -> tuple[str, ...]:
    if entity.id in common_entities():
        return tuple(entity.labels.values())
    return (*entity.names, *entity.adjectives)


@lru_cache(maxsize=1)
def _listed() -> dict[str, Any]:
    return read_rules(_FILE)
