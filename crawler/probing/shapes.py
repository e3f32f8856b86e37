"""The shape of a URL: what of it is a section, a date, a number, a slug. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH_OR_DAY = re.compile(r"\d{1,2}")
_NUMBER = re.compile(r"\d+")
_ENDING = re.compile(r"\.(?:html?|shtml|xhtml|php|aspx?|jsp|ece)$")
_KINDS = {  # of a name, the most telling first
    "day and slug": re.compile(r"(?:19|20)\d{6}[-_].+"),
    "number": re.compile(r"\d+"),
    "slug and number": re.compile(r".*[-_,.]\d{3,}"),
    "number and slug": re.compile(r"\d{3,}[-_,.].+"),
    "slug and code": re.compile(r".*_[A-Z0-9]{16,}"),
    "slug": re.compile(r"[^-_]*(?:[-_][^-_]*){2,}"),
    "word": re.compile(r".*"),
}
_MOST = 0.6  # of the names that a kind must fit to be taken for theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One URL taken apart: /lead/…/tail/…/name.ending?query."""

    url: str
    host: str  # without www
    lead: tuple[str, ...]  # folders before the first that is a date or a number
    tail: tuple[str, ...]  # kinds of the folders from there on: year, month, day, number, word
    name: str
    ending: str
    query: tuple[str, ...]  # names of parameters, as they stand

    @property
    def frame(self) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
        """What URLs of one kind share, however deep their section."""
        return self.tail, self.ending, self.query


@dataclass(frozen=True, slots=True)
class Kind:
    """URLs of one frame whose names are alike."""

    name: str  # a key of the kinds above
    shapes: tuple[Shape, ...]


def shape_of(url: str) -> Shape:
    """The shape of a web address."""
    parts = urlsplit(url)
    *folders, last = parts.path.removeprefix("/").removesuffix("/").split("/")
    ending = match[0] if (match := _ENDING.search(last)) else ""
    kinds = _kinds(folders)
    start = next((place for place, kind in enumerate(kinds) if kind != "word"), len(kinds))
    return Shape(
        url=url,
        host=parts.netloc.lower().removeprefix("www."),
        lead=tuple(folders[:start]),
        tail=kinds[start:],
        name=last.removesuffix(ending),
        ending=ending,
        query=tuple(each.partition("=")[0] for each in parts.query.split("&")) if parts.query else (),
    )


def kinds_of(shapes: Sequence[Shape]) -> tuple[Kind, ...]:
    """The shapes by kind, the commonest first: as telling a kind as three of five names of a frame allow."""
    frames: dict[object, list[Shape]] = {}
    for shape in shapes:
        frames.setdefault(shape.frame, []).append(shape)
    found = [kind for frame in frames.values() for kind in _split(tuple(frame))]
    return tuple(sorted(found, key=lambda kind: len(kind.shapes), reverse=True))


def _split(shapes: tuple[Shape, ...]) -> tuple[Kind, ...]:
    for name, pattern in _KINDS.items():
        fitting = tuple(each for each in shapes if pattern.fullmatch(each.name))
        if len(fitting) >= _MOST * len(shapes):
            others = tuple(each for each in shapes if each not in fitting)
            return (Kind(name, fitting), *(_split(others) if others else ()))
    raise AssertionError("every name is a word")


def _kinds(folders: Sequence[str]) -> tuple[str, ...]:
    kinds: list[str] = []
    for folder in folders:
        before = kinds[-1] if kinds else ""
        if _YEAR.fullmatch(folder):
            kinds.append("year")
        elif before in ("year", "month") and _MONTH_OR_DAY.fullmatch(folder):
            kinds.append("month" if before == "year" else "day")
        else:
            kinds.append("number" if _NUMBER.fullmatch(folder) else "word")
    return tuple(kinds)
