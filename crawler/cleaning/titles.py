"""The title of an article, without the site's name and without the kicker. Pure."""

import re
from collections.abc import Iterable

from storage.text import words

_SEPARATOR = re.compile(r"\s+[-–—|·•:»«/]\s+|\s*\|\s*|\s*::\s*")
_CUT_SHORT = re.compile(r"\s*(?:\.\.\.|…)$")
_LONGEST = 400  # characters of a title


def choose_title(headings: Iterable[str], said: Iterable[str], page_title: str, sites: Iterable[str]) -> str:
    """The heading the page's own metadata bears out, else what the metadata says, likeliest first.

    `said` are the titles of the metadata, `sites` the names the site goes by: a title's last or first part is
    taken off only if it is such a name, so that "Maroc-France : …" stays whole. Empty if there is none.
    """
    names = frozenset(name for site in sites if (name := folded(site)))
    shown = tuple(each for each in headings if len(each) <= _LONGEST and folded(each) not in names)
    witnesses = tuple(
        stripped for each in said if len(each) <= _LONGEST and (stripped := without_site(each, names))
    )
    borne_out = (each for each in shown if _borne_out(each, (*witnesses, page_title)))
    heading = next(borne_out, shown[0] if len(shown) == 1 and _own_words(shown[0], names) >= 3 else "")
    if heading:
        return without_site(_without_kicker(heading, witnesses), names)
    whole = (each for each in witnesses if not _CUT_SHORT.search(each))
    return next(iter((*whole, *witnesses)), "") or without_site(page_title[:_LONGEST], names)


def without_site(title: str, names: frozenset[str]) -> str:
    """A title without a first or last part that is one of the site's names (folded)."""
    for match in reversed(list(_SEPARATOR.finditer(title))):
        if _is_name(title[match.end() :], names):
            return without_site(title[: match.start()].strip(), names)
        if _is_name(title[: match.start()], names):
            return without_site(title[match.end() :].strip(), names)
    return title.strip()


def _is_name(part: str, names: frozenset[str]) -> bool:
    own = folded(part).replace(" ", "")
    return bool(own) and any(own == name.replace(" ", "") for name in names)


def _own_words(heading: str, names: frozenset[str]) -> int:
    """How many words of a heading are in none of the site's names."""
    return len(set(folded(heading).split()) - {word for name in names for word in name.split()})


def _borne_out(heading: str, witnesses: Iterable[str]) -> bool:
    """Whether a heading shares most of its words with what the metadata says, and is no mere section name."""
    own = folded(heading).split()
    if len(own) >= 8:
        return any(_shared(own, each) >= 0.3 for each in witnesses)
    return any(
        _shared(own, each) >= 0.6 and 2 * len(own) > len(folded(each).split()) - 4 for each in witnesses
    )


def _shared(own: list[str], witness: str) -> float:
    other = set(folded(witness).split())
    return sum(word in other for word in own) / max(1, len(own))


def _without_kicker(heading: str, witnesses: Iterable[str]) -> str:
    """A heading without the label before it ("Politics | …"), which the metadata's title lacks."""
    own = folded(heading)
    for witness in witnesses:
        other = folded(witness)
        if own.endswith(" " + other) and own.count(" ") - other.count(" ") <= 3:
            return witness
    return heading


def folded(text: str) -> str:
    """The words of a text folded, one space between two: for comparing titles and names."""
    return " ".join(word.text for word in words(text))
