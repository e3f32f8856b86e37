"""Which of its kind a session, commission or exercise is: its number or its year. Pure."""

from collections.abc import Iterator

from crawler.entities import find_entities
from crawler.stories.commonplace import kind_of, shipped_names
from crawler.stories.matters import find_matters
from crawler.stories.numerals import numerals
from storage.text import Word, is_arabic, words

_BESIDE = 4  # words between an ordinal and what it counts: the 23rd joint commission
_NEXT = 2  # words between a year and what is of it: the 2025 edition, édition de 2025
_YEARS = range(1900, 2100)
_SHORT = range(10, 100)  # of this century: Chergui 22


def editions(passage: str) -> frozenset[str]:
    """What counts the sessions and exercises of a passage, such as `23.` and `2025`; no first."""
    told = words(passage)
    counted = [each.place for each in find_matters(passage) if each.matter.kind == "series"]
    return frozenset((*_ordinals(told, counted), *_years(passage, told, counted)))


def _ordinals(told: tuple[Word, ...], counted: list[int]) -> Iterator[str]:
    """In Arabic the ordinal follows what it counts, elsewhere it comes before."""
    for each in numerals(told):
        if each.nth and each.value > 1:
            after = is_arabic(told[each.first].text)
            near = (each.first - at if after else at - each.last for at in counted)
            if any(0 <= distance <= _BESIDE for distance in near):
                yield f"{each.value}."


def _years(passage: str, told: tuple[Word, ...], counted: list[int]) -> Iterator[str]:
    named = [
        each.end for each in find_entities(passage, shipped_names()) if kind_of(each.entity) == "operation"
    ]
    ends = {at for at, word in enumerate(told) if word.end in named}
    for at, word in enumerate(told):
        number = int(word.text) if word.text.isdecimal() and len(word.text) in (2, 4) else 0
        if number in _YEARS and any(abs(at - near) <= _NEXT for near in (*counted, *ends)):
            yield str(number)
        elif number in _SHORT and at - 1 in ends:
            yield str(2000 + number)
