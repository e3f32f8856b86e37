"""What is wrong with a name that can be read. Pure."""

from collections.abc import Collection, Iterator

from crawler.checking.mistakes import Mistake
from crawler.checking.phrases import KINDS
from crawler.countries import is_country
from crawler.judging.matching import phrase_words
from storage.model import Entity


def entity_mistakes(entity: Entity) -> Iterator[Mistake]:
    """Everything in a name that makes no sense by itself."""
    if entity.kind not in KINDS:
        yield Mistake(("kind",), f"must be one of {', '.join(KINDS)} (got {entity.kind!r})")
    if entity.country and not is_country(entity.country):
        remedy = "write two capitals such as ES, or nothing"
        yield Mistake(("country",), f"no code of a country (ISO 3166); {remedy} (got {entity.country!r})")
    if not entity.names:
        yield Mistake(("labels",), "no spelling at all; give labels, names, exact or weak")
    for key in ("names", "adjectives", "near"):
        for written in getattr(entity, key):
            if not phrase_words(written):
                yield Mistake((key,), f"no letters in {written!r}; write a name or take it out")
    if entity.near and not entity.weak:
        remedy = "they make the names of weak certain; give weak, or take near out"
        yield Mistake(("near",), f"{remedy} (got {list(entity.near)})")
    yield from _of_tenures(entity)


def office_mistakes(entity: Entity, known: Collection[str]) -> Iterator[Mistake]:
    """Offices of a person that are in no names file."""
    for number, tenure in enumerate(entity.tenures):
        if tenure.office not in known:
            place = ("tenures", number, "office")
            yield Mistake(place, f"no names file has {tenure.office!r}; add the office or mend the id")


def _of_tenures(entity: Entity) -> Iterator[Mistake]:
    for number, tenure in enumerate(entity.tenures):
        if tenure.since and tenure.until and tenure.until < tenure.since:
            place = ("tenures", number, "until")
            yield Mistake(place, f"ends before it begins, {tenure.since}; swap them (got {tenure.until})")
