"""In what a copy differs from the text it copies. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from storage.model import Article
from storage.text import Word, words

_REPLACED, _WORDS = 5, 5  # places of which it is told, and words of each
_LONG = 5_000  # words between the first and the last that differ: what is longer is not compared in order
_MOVED = 0.1  # share of the words in common that stand elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Counted in folded words, so that neither harakat nor case nor accents make one."""

    title: bool  # another headline
    kept: float  # share of the head's words that the copy has, 0 to 1
    added: int  # words that the head has not
    moved: bool = False  # what it has of the head is in another order
    replaced: tuple[tuple[str, str], ...] = ()  # the first words of the head that others stand in place of

    def __str__(self) -> str:
        said = ["other title"] if self.title else []
        if self.kept < 1:
            said.append(f"{min(round(100 * self.kept), 99)}% of the text")
        if self.moved:
            said.append("in another order")
        if self.added:
            said.append(f"{self.added} words of its own" if self.added > 1 else "a word of its own")
        said += (f"{theirs} → {mine}" for theirs, mine in self.replaced)
        return ", ".join(said) or "word for word"


def difference(copy: Article, head: Article) -> Difference:
    """What an outlet made of a text that it took over."""
    mine, theirs = words(copy.text), words(head.text)
    counted, wanted = _counted(mine), _counted(theirs)
    shared = (counted & wanted).total()
    parts = tuple(_parts([each.text for each in theirs], [each.text for each in mine]))
    elsewhere = shared - sum(each.stop - each.start for same, each, _ in parts if same)
    return Difference(
        title=_counted(words(copy.title)) != _counted(words(head.title)),
        kept=shared / len(theirs) if theirs else 1.0,
        added=len(mine) - shared,
        moved=elsewhere > _MOVED * shared or (elsewhere > 0 and counted == wanted),
        replaced=tuple(
            (_said(head.text, theirs[one]), _said(copy.text, mine[other]))
            for same, one, other in islice((each for each in parts if not each[0] and _both(each)), _REPLACED)
        ),
    )


def _counted(told: Sequence[Word]) -> Counter[str]:
    return Counter(word.text for word in told)


Part = tuple[bool, slice, slice]  # whether it is the same, and where it is in the head and in the copy


def _parts(theirs: Sequence[str], mine: Sequence[str]) -> Iterator[Part]:
    """Both texts in parts, in their order."""
    first = _alike(theirs, mine)
    last = _alike(theirs[first:][::-1], mine[first:][::-1])
    one, other = theirs[first : len(theirs) - last], mine[first : len(mine) - last]
    yield True, slice(0, first), slice(0, first)
    if max(len(one), len(other)) <= _LONG:
        for what, begin, end, start, stop in SequenceMatcher(None, one, other).get_opcodes():
            yield what == "equal", slice(first + begin, first + end), slice(first + start, first + stop)
    yield True, slice(len(theirs) - last, len(theirs)), slice(len(mine) - last, len(mine))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (this, that) in pairs if this != that), min(len(one), len(other)))


def _both(part: Part) -> bool:
    """Whether words stand in place of others."""
    return all(each.stop > each.start for each in part[1:])


def _said(text: str, part: Sequence[Word]) -> str:
    """Words as they are written, the first of many."""
    whole = " ".join(text[each.start : each.end] for each in part[:_WORDS])
    return f"{whole}…" if len(part) > _WORDS else whole
