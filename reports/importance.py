"""How important a story is, in numbers a person can follow. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.model import Source, Story

OWN_ACCOUNT = 2.0  # points of an outlet that wrote about it, times its weight
COPY = 0.5  # of an outlet that only copied, times its weight
LANGUAGE = 3.0  # of each language beyond the first
RECENCY = 2.0  # of a story told now; half of them after `_HALF`
_HALF = timedelta(days=7)
_AHEAD = timedelta(days=1)  # of a clock that says too little of its zone: counts as now


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """Why a story stands where it stands: who wrote of it, who copied, in how many languages, how lately."""

    originals: int  # outlets with an account of their own
    copies: int  # outlets that only copied
    languages: int
    told: float  # the weights of the former together
    copied: float  # of the latter
    recency: float  # 0 to 1
    score: float = 0.0  # the best relevance score of an article, 0 to 1: decides between equals

    @property
    def points(self) -> dict[str, float]:
        """What for -> points, of which `weight` is the sum."""
        return {
            "own accounts": OWN_ACCOUNT * self.told,
            "copies": COPY * self.copied,
            "languages": LANGUAGE * (self.languages - 1),
            "recency": RECENCY * self.recency,
            "relevance": self.score,
        }

    @property
    def weight(self) -> float:
        """The sum of all points."""
        return sum(self.points.values())


def weigh(
    story: Story, *, now: datetime, topic: str | None = None, sources: Mapping[str, Source] | None = None
) -> Importance:
    """The importance of a story at a time, to a topic (id; None: to whichever it is most relevant to).

    sources: by id; one that is not among them has weight 1.
    """
    own = {each.article.source for each in story.originals if not each.reposts}
    others = set(story.outlets) - own
    scores = [
        judgement.score
        for each in story.articles
        for judgement in each.judgements
        if topic in (None, judgement.topic)
    ]
    age = max(now - _last(story, now), timedelta(0))

    def together(outlets: set[str]) -> float:
        weights = (sources[each].weight if sources and each in sources else 1.0 for each in outlets)
        return sum(sorted(weights))

    return Importance(
        originals=len(own),
        copies=len(others),
        languages=len(story.languages),
        told=together(own),
        copied=together(others),
        recency=1 / (1 + age / _HALF),
        score=max(scores, default=0.0),
    )


def _last(story: Story, now: datetime) -> datetime:
    """When it was last told; a date further ahead than a day is none: when we recorded it counts."""
    return max(each.when if each.when <= now + _AHEAD else each.recorded for each in story.articles)
