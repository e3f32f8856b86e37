"""In what a copy differs from the text it copies. Pure."""

from collections import Counter
from dataclasses import dataclass

from storage.model import Article
from storage.text import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Counted in folded words, so that neither harakat nor case nor accents make one."""

    title: bool  # another headline
    kept: float  # share of the head's words that the copy has, 0 to 1
    added: int  # words that the head has not

    def __str__(self) -> str:
        said = ["other title"] if self.title else []
        if self.kept < 1:
            said.append(f"{self.kept:.0%} of the text")
        if self.added:
            said.append(f"{self.added} words of its own" if self.added > 1 else "a word of its own")
        return ", ".join(said) or "word for word"


def difference(copy: Article, head: Article) -> Difference:
    """What an outlet made of a text that it took over."""
    mine, theirs = _counted(copy.text), _counted(head.text)
    shared = (mine & theirs).total()
    return Difference(
        title=_counted(copy.title) != _counted(head.title),
        kept=shared / theirs.total() if theirs else 1.0,
        added=mine.total() - shared,
    )


def _counted(text: str) -> Counter[str]:
    return Counter(word.text for word in words(text))
