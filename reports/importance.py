"""How important a story is, in numbers a person can follow. Pure."""

from dataclasses import dataclass

from storage.model import Story

OWN_ACCOUNT = 2.0  # an outlet that wrote about it
COPY = 0.5  # an outlet that only copied
LANGUAGE = 3.0  # each language beyond the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """Why a story stands where it stands: who wrote of it, who copied, in how many languages."""

    originals: int  # outlets with an account of their own
    copies: int  # outlets that only copied
    languages: int
    score: float = 0.0  # the best relevance score of an article, 0 to 1: decides between equals

    @property
    def weight(self) -> float:
        """Two points an outlet with its own account, half a one that copied, three a further language."""
        told = OWN_ACCOUNT * self.originals + COPY * self.copies
        return told + LANGUAGE * (self.languages - 1) + self.score


def weigh(story: Story, topic: str) -> Importance:
    """The importance of a story to a topic (id)."""
    own = {each.article.source for each in story.originals if not each.reposts}
    scores = [
        judgement.score
        for each in story.articles
        for judgement in each.judgements
        if judgement.topic == topic
    ]
    return Importance(
        originals=len(own),
        copies=len(set(story.outlets) - own),
        languages=len(story.languages),
        score=max(scores, default=0.0),
    )
