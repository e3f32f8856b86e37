"""Words and phrases of a topic's rules, and what they stand for. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

ROLES = ("nationality", "origin", "source", "dateline")  # what a state may be without being a party


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Words and phrases by language, and why they are a rule.

    In a phrase a final `*` stands for any ending, `...` for up to three words, `<FR place>` for a name of
    that country and kind, `{one|two words|}` for one of these, the empty one too.

    `role` says what they make of a state: its national, an origin, a source. A state that an article names in
    roles only is no party.
    """

    why: str
    ar: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    es: tuple[str, ...] = ()
    exact: bool = False  # they count in this case only
    alone: bool = True  # false: they count only where another term of their side is seen
    weight: float = 1.0  # 0 to 1: how surely they fill a side; of a context, what is left of what they cover
    role: str = ""  # one of ROLES; empty: a party

    @property
    def all(self) -> tuple[str, ...]:
        """Of every language, with each of their alternatives."""
        return self.read_in("")

    def read_in(self, language: str) -> tuple[str, ...]:
        """Those that count in a text of a language, with each of their alternatives.

        A word of one language is another in the next: a French "raid" is no raid. Arabic letters cannot be
        mistaken; an Arabic text, like one of an unknown language, may mix them all.
        """
        own = {"fr": self.fr, "en": self.en, "es": self.es}.get(language, self.fr + self.en + self.es)
        return tuple(each for phrase in self.ar + own for each in alternatives(phrase))


def alternatives(phrase: str) -> Iterator[str]:
    """What a phrase stands for: it, or with `{a|b {c|d}}` each of these in their place; braces that do not
    pair stand for themselves."""
    pieces = re.split(r"([{|}])", phrase)
    first = next((number for number, piece in enumerate(pieces) if piece == "{"), None)
    last = _closing(pieces, first) if first is not None else None
    if first is None or last is None:
        yield " ".join(phrase.split())
        return
    for choice in _choices(pieces[first + 1 : last]):
        yield from alternatives("".join((*pieces[:first], choice, *pieces[last + 1 :])))


def _closing(pieces: Sequence[str], first: int) -> int | None:
    depth = 0
    for number in range(first, len(pieces)):
        depth += (pieces[number] == "{") - (pieces[number] == "}")
        if not depth:
            return number
    return None


def _choices(pieces: Iterable[str]) -> tuple[str, ...]:
    """The text between braces, split where it stands in no braces of its own."""
    found, depth = [""], 0
    for piece in pieces:
        depth += (piece == "{") - (piece == "}")
        if piece == "|" and not depth:
            found.append("")
        else:
            found[-1] += piece
    return tuple(found)
