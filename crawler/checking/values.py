"""Values of the wrong type and keys that are missing, told in the words of whoever writes a file. Pure."""

from collections.abc import Sequence
from typing import Any

from crawler.checking.phrases import KINDS

_TABLES = {
    "sides": "[[sides]]",
    "words": "[[sides.words]]",
    "duals": "[[duals]]",
    "contexts": "[[contexts]]",
    "others": "[[others]]",
}
_EXAMPLES = {
    "id": 'write a word of your own, such as id = "spain"',
    "why": 'say why the rule is there, such as why = "boats": it is told as evidence',
    "labels": 'write its name for people, such as labels = { ar = "إسبانيا", fr = "Espagne", en = "Spain" }',
    "kind": f"write one of {', '.join(KINDS)}",
    "country": 'write the code of a country (ISO 3166) in quotes, or "" for none',
    "side": "write the id of the side that the names fill",
    "all": 'write lists of names, such as all = [["ES service"], ["MA service"]]',
    "office": 'write the id of an office, such as "es-interior-minister"',
}
_REMEDIES = {
    "string": 'write a text in straight quotes, such as "boats"',
    "float": "write a number such as 0.6, without quotes",
    "bool": "write true or false, without quotes",
    "date": "write a day such as 2026-05-12, without quotes and time",
    "dataclass": "write a table: its name in [ ], and its keys below",
}


def wrong_value(kind: str, place: Sequence[str | int], value: Any, said: str) -> str:
    """What is wrong with a value, and the remedy; `kind` of error and what was `said` are the library's."""
    key = str(place[-1])
    if kind == "missing":
        return f"is missing: {_EXAMPLES.get(key, f'write {key} = …')}"
    return f"{_remedy(kind, place, value) or said.removeprefix('Value error, ')} (got {value!r})"


def _remedy(kind: str, place: Sequence[str | int], value: Any) -> str:
    expected, key = (
        kind.partition("_")[0],
        next(str(each) for each in reversed(place) if isinstance(each, str)),
    )
    if expected in ("tuple", "dataclass") and key in _TABLES:
        return f"write each as a table of its own, below a line {_TABLES[key]} with two brackets on each side"
    if expected == "tuple" and isinstance(value, str):
        return f'a text where a list belongs: write a list in [ ], such as ["{value}"]'
    if expected == "tuple":
        return "write a list in [ ]"
    if expected in ("dict", "mapping"):
        example = 'en = "boats"' if key == "labels" else "name = 0.8"
        return f"write a table in braces, such as {{ {example} }}"
    return _REMEDIES.get(expected, "")
