"""infer_pattern(): the `article_url` of a site from links to its articles. Pure.

Each link is taken apart into sections, date, number and slug. Links of one shape give one alternative of the
pattern: dates and numbers become digits, slugs keep how many words they have at least, sections become any
folder unless all links share them. So the pattern fits articles of other days and sections, but neither the
front page nor the folders the articles lie in.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.probing.shapes import Kind, Shape, kinds_of, shape_of

_ENOUGH = 5  # links that share a folder before it is taken for a part of every address
_FEW = 0.1  # of the links: so many plain words among longer titles are menu pages
_SOME = 1 / 3  # so many, where all others have a date or a number
_MOST_DASHES = 3
_TAIL = {
    "year": r"(?P<year>\d{4})",
    "month": r"(?P<month>\d{1,2})",
    "day": r"(?P<day>\d{1,2})",
    "number": r"\d+",
    "word": r"[^/?#]*",
}
_DAY = r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
_GROUP = re.compile(r"\(\?P<\w+>(.*?)\)")
_FIRST_NUMBER, _LAST_NUMBER = re.compile(r"^\d+"), re.compile(r"\d+$")
_MENU = ("category", "tag", "tags", "author", "page", "feed", "comments", "search", "wp-content", "wp-json")
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+")
_SKETCH = {"year": "YEAR", "month": "MONTH", "day": "DAY", "number": "NUMBER", "word": "…"}
_NAME_SKETCH = {
    "day and slug": "YEARMONTHDAY-slug",
    "number": "NUMBER",
    "slug and number": "slug-NUMBER",
    "number and slug": "NUMBER-slug",
    "slug and code": "slug_CODE",
    "slug": "slug",
    "word": "…",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """A pattern, and how it came about."""

    pattern: str
    why: tuple[str, ...]  # one line a kind of link: "18 links like /…/NUMBER.html"
    left: tuple[str, ...] = ()  # URLs left aside: they look like pages of the menu


def infer_pattern(urls: Iterable[str]) -> Inferred:
    """A pattern for Python's `re.search` that matches all these URLs but those it names as left aside.

    Raises ValueError where there is no URL.
    """
    shapes = tuple(shape_of(url) for url in dict.fromkeys(urls))
    kinds = kinds_of(shapes)
    menus = [kind for kind in kinds if _is_plain(kind)]
    others = [kind for kind in kinds if kind not in menus]
    most = _SOME if all(_is_sure(kind) for kind in others) else _FEW
    telling = others if sum(len(kind.shapes) for kind in menus) <= most * len(shapes) else list(kinds)
    if not telling:
        raise ValueError("no URL to infer a pattern from")
    kept = [shape for kind in telling for shape in kind.shapes]
    hosts = dict.fromkeys(_escaped(shape.host) for shape in kept)
    host = next(iter(hosts)) if len(hosts) == 1 else f"(?:{'|'.join(hosts)})"
    return Inferred(
        pattern=rf"^https?://(?:www\.)?{host}/{_not_menu(telling)}{_alternatives(telling)}$",
        why=tuple(_sketch(kind) for kind in telling),
        left=tuple(shape.url for kind in kinds if kind not in telling for shape in kind.shapes),
    )


def _is_plain(kind: Kind) -> bool:
    """Whether the addresses are plain words, as those of the menu are."""
    example = kind.shapes[0]
    return kind.name == "word" and not example.query and not example.tail


def _is_sure(kind: Kind) -> bool:
    """Whether a date or a number tells the addresses from any other page's."""
    return kind.name not in ("slug", "word") or bool(kind.shapes[0].tail)


def _escaped(text: str) -> str:
    return re.escape(text).replace(r"\-", "-")


def _alternatives(kinds: Sequence[Kind]) -> str:
    """The commonest kind names the groups of its date; a pattern may name each but once."""
    first, *others = (_alternative(kind) for kind in kinds)
    if not others:
        return first
    return f"(?:{'|'.join((first, *(_GROUP.sub(_unnamed, each) for each in others)))})"


def _unnamed(group: re.Match[str]) -> str:
    return group[1]


def _alternative(kind: Kind) -> str:
    example = kind.shapes[0]
    tail = "".join(f"{_TAIL[each]}/" for each in example.tail)
    if len(set(example.tail)) < len(example.tail):
        tail = _GROUP.sub(_unnamed, tail)  # two years in one address: neither is sure
    query = "".join(f"{sign}{_escaped(name)}(?:=[^&#]*)?" for sign, name in _parameters(example))
    name = _name(kind)
    if "?P<" in tail and "?P<" in name:
        tail = _GROUP.sub(_unnamed, tail)
    return f"{_lead(kind.shapes)}{tail}{name}{_escaped(example.ending)}/?{query}"


def _parameters(shape: Shape) -> Iterable[tuple[str, str]]:
    return zip([r"\?", *["&"] * len(shape.query)], shape.query, strict=False)


def _lead(shapes: Sequence[Shape]) -> str:
    """The folders before the telling part: those that all share as they are, the others by their number."""
    shared = _shared(shapes) if len(shapes) >= _ENOUGH else ()
    depths = [len(shape.lead) - len(shared) for shape in shapes]
    least, most = min(depths), max(depths)
    fixed = "".join(f"{_escaped(each)}/" for each in shared)
    if most == 0:
        return fixed
    times = ("" if most == 1 else f"{{{most}}}") if least == most else f"{{{least},{most}}}"
    return f"{fixed}[^/?#]*/" if times == "" else f"{fixed}(?:[^/?#]*/){times}"


def _shared(shapes: Sequence[Shape]) -> tuple[str, ...]:
    """The first folders if they are the same in all; of several, the last is a section that may be another.

    Letters that may be %-encoded are not trusted to be always written alike.
    """
    columns = tuple(zip(*(shape.lead for shape in shapes), strict=False))
    shared = []
    for column in columns if len(columns) == 1 else columns[:-1]:
        if len(set(column)) > 1 or not _PLAIN.fullmatch(column[0]):
            break
        shared.append(column[0])
    return tuple(shared)


def _name(kind: Kind) -> str:
    names = [shape.name for shape in kind.shapes]
    match kind.name:
        case "day and slug":
            return rf"{_DAY}[-_][^/?#]+"
        case "number":
            return r"\d+"
        case "slug and number":
            return rf"[^/?#]*[-_,.]\d{{{_digits(names, _LAST_NUMBER)},}}"
        case "number and slug":
            return rf"\d{{{_digits(names, _FIRST_NUMBER)},}}[-_,.][^/?#]+"
        case "slug and code":
            return r"[^/?#]*_[A-Z0-9]{16,}"
        case "slug":
            fewest = min(len(re.findall("[-_]", name)) for name in names)
            return rf"[^/?#_-]*(?:[-_][^/?#_-]*){{{max(2, min(fewest - 1, _MOST_DASHES))},}}"
    shortest = min(len(name) for name in names)
    least = min(shortest, max(4, shortest // 2))
    return rf"[^/?#]{{{least},}}" if least else "[^/?#]*"


def _digits(names: Sequence[str], where: re.Pattern[str]) -> int:
    """How many digits a number has at least: one less than seen, for older articles."""
    return max(3, min(len("".join(where.findall(name))) for name in names) - 1)


def _not_menu(kinds: Sequence[Kind]) -> str:
    """What keeps a slug without date and number from being a page of the menu."""
    if not any(kind.name in ("slug", "word") and not kind.shapes[0].tail for kind in kinds):
        return ""
    first = {(*shape.lead, shape.name)[0].lower() for kind in kinds for shape in kind.shapes}
    barred = [each for each in _MENU if each not in first]
    return rf"(?!(?:{'|'.join(barred)})(?:/|$))"


def _sketch(kind: Kind) -> str:
    example = kind.shapes[0]
    depths = {len(shape.lead) for shape in kind.shapes}
    lead = ["…" for _ in range(min(depths))]
    tail = [_SKETCH[each] for each in example.tail]
    path = "/".join((*lead, *tail, _NAME_SKETCH[kind.name] + example.ending))
    query = f"?{'&'.join(example.query)}" if example.query else ""
    number = len(kind.shapes)
    return f"{number} link{'s' if number > 1 else ''} like /{path}{query}"
