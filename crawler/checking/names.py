"""What is wrong with a name that can be read. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence

from crawler.checking.mistakes import Mistake
from crawler.checking.phrases import KINDS, LANGUAGES
from crawler.countries import is_country
from crawler.judging.matching import phrase_words
from storage.model import Entity

_PATTERN = re.compile(r"[*{}|<>]|\.\.\.")
_SHORT = 3  # letters of a name that is seldom another word


def entity_mistakes(entity: Entity) -> Iterator[Mistake]:
    """Everything in a name that makes no sense by itself."""
    if entity.kind not in KINDS:
        yield Mistake(("kind",), f"must be one of {', '.join(KINDS)} (got {entity.kind!r})")
    if entity.country and not is_country(entity.country):
        remedy = "write two capitals such as ES, or nothing"
        yield Mistake(("country",), f"no code of a country (ISO 3166); {remedy} (got {entity.country!r})")
    if not entity.names:
        yield Mistake(("labels",), "no spelling at all; give labels, names, exact or weak")
    for language in entity.labels:
        if language not in LANGUAGES:
            wrong = f"must be one of {', '.join(LANGUAGES)}; write other spellings under names"
            yield Mistake(("labels", language), f"{wrong} (got {language!r})")
    yield from _of_spellings(entity)
    if entity.adjectives and entity.kind != "country":
        remedy = 'write them under names, or give kind = "country"'
        yield Mistake(("adjectives",), f"they are of a country; {remedy} (got {list(entity.adjectives)})")
    if entity.near and not entity.weak:
        remedy = "they make the names of weak certain; give weak, or take near out"
        yield Mistake(("near",), f"{remedy} (got {list(entity.near)})")
    yield from _of_tenures(entity)


def office_mistakes(entity: Entity, known: Collection[str]) -> Iterator[Mistake]:
    """Offices of a person that are in no names file, at their place in it."""
    for number, tenure in enumerate(entity.tenures):
        if tenure.office not in known:
            place = (entity.id, "tenures", number, "office")
            yield Mistake(place, f"no names file has {tenure.office!r}; add the office or mend the id")


def name_warnings(entities: Sequence[Entity], others: Sequence[Entity]) -> Iterator[Mistake]:
    """What is legal in names and can yet hardly be meant; `others` are those of every other file."""
    yield from _same_spellings(entities, others)
    yield from _two_holders(entities, others)


def _same_spellings(entities: Sequence[Entity], others: Sequence[Entity]) -> Iterator[Mistake]:
    """Names that are another's too: which of the two a text means is then left to chance."""
    seen: dict[tuple[str, ...], str] = {}
    for each in others:
        seen |= dict.fromkeys(_plain(each).values(), each.id)
    for each in entities:
        for written, key in _plain(each).items():
            other = seen.setdefault(key, each.id)
            if other != each.id:
                remedy = "give a fuller name, or list it under weak with near"
                yield Mistake((each.id, "names"), f"{written!r} is a name of {other} too; {remedy}")


def _plain(entity: Entity) -> dict[str, tuple[str, ...]]:
    """The names that count wherever they stand, as they are compared."""
    names = [name for name in entity.names if name not in entity.weak]
    return {name: (name,) if name in entity.exact else phrase_words(name) for name in names}


def _two_holders(entities: Sequence[Entity], others: Sequence[Entity]) -> Iterator[Mistake]:
    """Offices that two people hold until today: a service may have two heads."""
    offices = {each.id for each in (*entities, *others) if each.kind == "office"}
    holders: dict[str, str] = {}
    for each in (*others, *entities):
        for number, tenure in enumerate(each.tenures):
            if tenure.since is None or tenure.until or tenure.office not in offices:
                continue
            other = holders.setdefault(tenure.office, each.id)
            if other != each.id and each in entities:
                wrong = f"{other} holds {tenure.office} until today too; end one of the terms with until"
                yield Mistake((each.id, "tenures", number), wrong)


def _of_spellings(entity: Entity) -> Iterator[Mistake]:
    for key in ("names", "adjectives", "near"):
        for written in getattr(entity, key):
            letters = sum(map(len, phrase_words(written)))
            if not letters:
                yield Mistake((key,), f"no letters in {written!r}; write a name or take it out")
            elif _PATTERN.search(written):
                remedy = "write each spelling out"
                yield Mistake((key,), f"a name is no pattern; {remedy} (got {written!r})")
            elif key == "names" and letters < _SHORT and written not in (*entity.exact, *entity.weak):
                remedy = f"write {_SHORT} letters, or list it under exact"
                yield Mistake((key,), f"{written!r} is in every other text; {remedy}")


def _of_tenures(entity: Entity) -> Iterator[Mistake]:
    for number, tenure in enumerate(entity.tenures):
        if tenure.since and tenure.until and tenure.until < tenure.since:
            place = ("tenures", number, "until")
            yield Mistake(place, f"ends before it begins, {tenure.since}; swap them (got {tenure.until})")
