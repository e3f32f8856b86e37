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
    name: str = ""  # what people find it by


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case with what the rules say of it."""

    case: Case
    judgement: Judgement

    @property
    def is_miss(self) -> bool:
        """Whether they say otherwise."""
        return self.judgement.relevance is not self.case.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the rules say of cases, in their order."""

    judged: tuple[Judged, ...]

    @property
    def cases(self) -> int:
        """How many there are."""
        return len(self.judged)

    @property
    def misses(self) -> tuple[Judged, ...]:
        """Those that the rules judge otherwise."""
        return tuple(each for each in self.judged if each.is_miss)

    @property
    def counts(self) -> Counter[tuple[Relevance, Relevance]]:
        """How many cases of each label the rules judge how: (label, judged) -> cases."""
        return Counter((each.case.label, each.judgement.relevance) for each in self.judged)

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
    def unsure(self) -> int:
        """How many cases are borderline."""
        return sum(each.case.label is Relevance.BORDERLINE for each in self.judged)

    @property
    def unsure_kept(self) -> int:
        """How many of them the rules keep, as borderline or as relevant."""
        return self._called(Relevance.BORDERLINE) + self.counts[Relevance.BORDERLINE, Relevance.BORDERLINE]

    @property
    def unsure_called_relevant(self) -> int:
        """How many borderline cases are called relevant."""
        return self._called(Relevance.BORDERLINE)

    @property
    def by_language(self) -> dict[str, "Evaluation"]:
        """Of the cases of each language, the language with the most cases first."""
        sizes = Counter(each.case.article.language for each in self.judged)
        return {language: self._of(language) for language, _ in sizes.most_common()}

    def _of(self, language: str) -> "Evaluation":
        same = (each for each in self.judged if each.case.article.language == language)
        return Evaluation(judged=tuple(same))

    def _called(self, label: Relevance) -> int:
        return self.counts[label, Relevance.RELEVANT]


def evaluate(cases: Iterable[Case], rules: Rules, topic: str) -> Evaluation:
    """Judge every case by the rules."""
    return Evaluation(judged=tuple(_judged(case, rules, topic) for case in cases))


def _judged(case: Case, rules: Rules, topic: str) -> Judged:
    judgement = next(each for each in judge(case.article, rules) if each.topic == topic)
    return Judged(case=case, judgement=judgement)
