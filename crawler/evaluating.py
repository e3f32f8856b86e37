"""How well the rules of a topic judge articles that people have judged. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.relevance import judge
from crawler.rules import Rules
from storage.model import Article, Judgement, Relevance


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An article as a person judged it, and why."""

    article: Article
    label: Relevance
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A case that the rules judge otherwise, with their evidence."""

    case: Case
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How many cases of each label the rules judge how: (label, judged) -> cases."""

    counts: Counter[tuple[Relevance, Relevance]]
    misses: tuple[Miss, ...] = ()

    @property
    def cases(self) -> int:
        """How many there are."""
        return self.counts.total()

    @property
    def precision(self) -> float | None:
        """The share of those called relevant that are; borderline cases are left out. None: of nothing."""
        right, wrong = self._called(Relevance.RELEVANT), self._called(Relevance.IRRELEVANT)
        return right / (right + wrong) if right + wrong else None

    @property
    def recall(self) -> float | None:
        """The share of the relevant ones called so, those called borderline by half. None: of nothing."""
        judged = {each: self.counts[Relevance.RELEVANT, each] for each in Relevance}
        found = judged[Relevance.RELEVANT] + judged[Relevance.BORDERLINE] / 2
        return found / sum(judged.values()) if any(judged.values()) else None

    @property
    def unsure_called_relevant(self) -> int:
        """How many borderline cases are called relevant."""
        return self._called(Relevance.BORDERLINE)

    def _called(self, label: Relevance) -> int:
        return self.counts[label, Relevance.RELEVANT]


def evaluate(cases: Iterable[Case], rules: Rules, topic: str) -> Evaluation:
    """Judge every case by the rules; misses in the order of the cases."""
    counts: Counter[tuple[Relevance, Relevance]] = Counter()
    misses = []
    for case in cases:
        judged = next(each for each in judge(case.article, rules) if each.topic == topic)
        counts[case.label, judged.relevance] += 1
        if judged.relevance is not case.label:
            misses.append(Miss(case=case, judgement=judged))
    return Evaluation(counts=counts, misses=tuple(misses))
