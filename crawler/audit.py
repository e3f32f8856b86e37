"""The recall audit: which headlines that others report does the archive lack, and why? Pure.

A headline is compared by its folded words: outlets change a word or two, services cut the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from storage.model import Heard, Missed, Source, Story, Tip
from storage.text import words

_LIKE = 0.6  # of the words of the shorter of two headlines
_FEWEST = 4  # words in common; a shorter headline is like no other
_SHORTEST = 3  # letters of a word that counts
Told = TypeVar("Told")


def missed(
    *, tips: Iterable[Tip], heard: Iterable[Heard], stories: Iterable[Story], sources: Iterable[Source]
) -> tuple[Missed, ...]:
    """The headlines of search services, and those our sources tell of the stories of others, that we lack.

    `heard` is what became of the links of the days looked at, `stories` what we have of them. Each headline
    is told once, those of our own sources first.
    """
    audit = _Audit(tuple(heard), tuple(stories), {source.id: source for source in sources})
    found = (*audit.overlooked(), *audit.reposted(), *audit.tipped(tips))
    return tuple({(each.outlet, each.title): each for each in found}.values())


class _Audit:
    """What is compared with what."""

    def __init__(
        self, heard: tuple[Heard, ...], stories: tuple[Story, ...], sources: Mapping[str, Source]
    ) -> None:
        self.heard, self.stories, self.sources = heard, stories, sources
        articles = [each for story in stories for each in story.articles]
        self._told = _Headlines((each.article.title, each) for each in articles)
        self._links = _Headlines((each.title, each) for each in heard)

    def overlooked(self) -> Iterator[Missed]:
        """What our sources told with words like those of a story, and we did not keep."""
        for each in self.heard:
            article = self._told.like(each.title) if each.outcome in ("rejected", "unavailable") else None
            if article is not None and article.article.source != each.source:
                yield Missed(
                    title=each.title,
                    url=each.url,
                    outlet=each.source,
                    said_by=f"story {article.story}",
                    reason=_reason(each),
                )

    def reposted(self) -> Iterator[Missed]:
        """What one of our sources credits to another one that has not told it, as far as we know."""
        names = {name: source.id for source in self.sources.values() for name in _names(source)}
        for story in self.stories:
            for each in story.articles:
                owner = names.get(each.article.origin.casefold(), "")
                if owner and owner not in story.outlets:
                    yield Missed(
                        title=each.article.title,
                        url=each.article.url,
                        outlet=owner,
                        said_by=each.article.source,
                        reason=self._why(owner, each.article.title),
                        published=each.article.published,
                    )

    def tipped(self, tips: Iterable[Tip]) -> Iterator[Missed]:
        """What a search service reports and nobody has told us."""
        kept = {each.key for each in self.heard if each.outcome == "accepted"}
        for tip in tips:
            if tip.key not in kept and self._told.like(tip.title) is None:
                yield Missed(
                    title=tip.title,
                    url=tip.url,
                    outlet=tip.source or tip.outlet,
                    said_by=tip.service,
                    reason=self._why(tip.source, tip.title, tip.key),
                    published=tip.published,
                )

    def _why(self, source: str, title: str, key: str = "") -> str:
        if not source:
            return "no source of ours"
        same = next((each for each in self.heard if each.key == key), None) or self._links.like(title)
        if same is None or same.source != source:
            return f"in no entry of {source}"
        return _reason(same)


class _Headlines(Generic[Told]):
    """What was told under which headline, found by likeness."""

    def __init__(self, told: Iterable[tuple[str, Told]]) -> None:
        self._words: list[frozenset[str]] = []
        self._told: list[Told] = []
        self._with: dict[str, list[int]] = defaultdict(list)
        for number, (title, each) in enumerate(told):
            self._words.append(_words(title))
            self._told.append(each)
            for word in self._words[-1]:
                self._with[word].append(number)

    def like(self, title: str) -> Told | None:
        """The one with the headline most like `title`, None if there is none."""
        own = _words(title)
        shared: dict[int, int] = defaultdict(int)
        for word in own:
            for number in self._with.get(word, ()):
                shared[number] += 1
        best = max(shared, key=lambda number: self._likeness(own, number, shared[number]), default=None)
        if best is None or shared[best] < _FEWEST or self._likeness(own, best, shared[best]) < _LIKE:
            return None
        return self._told[best]

    def _likeness(self, own: frozenset[str], number: int, shared: int) -> float:
        return shared / min(len(own), len(self._words[number]))


def _words(title: str) -> frozenset[str]:
    return frozenset(word.text for word in words(title) if len(word.text) >= _SHORTEST)


def _names(source: Source) -> Sequence[str]:
    """What outlets call a source when they credit it."""
    return source.id, source.id.replace("_", "-"), source.id.replace("_", " "), source.name.casefold()


def _reason(heard: Heard) -> str:
    sides = dict.fromkeys(side for missing in heard.missing.values() for side in missing)
    lacks = f" (no {', no '.join(sides)})" if sides else ""
    return f"{heard.outcome}: {heard.reason or 'not yet fetched'}{lacks}"
