"""What an article is to a topic: relevant, borderline or irrelevant, with the evidence. Pure."""

from collections.abc import Sequence

from crawler.entities import Names
from crawler.judging.duals import duals
from crawler.judging.passages import passages
from crawler.judging.sightings import OTHER, RIVAL, Sighting, sightings
from crawler.judging.weighing import Reading, weigh
from crawler.rules import Rules
from storage.model import Article, Judgement, Relevance, Topic

_NAMED = 3  # rivals and other subjects that `why` names


def judge(article: Article, rules: Rules) -> tuple[Judgement, ...]:
    """What the article is to each topic, in their order; the same every time.

    Scores are 0 to 1; a topic of which a side is missing scores 0. `matches` are in order of occurrence,
    the suppressed ones with their reason.
    """
    return tuple(_judge(article, topic, rules.names) for topic in rules.topics)


def _judge(article: Article, topic: Topic, names: Names) -> Judgement:
    parts = passages(article, topic.asides)
    seen = sightings(article, topic, names, parts)
    seen += duals(seen, topic, names)
    reading = Reading(topic, parts, seen)
    missing = tuple(side for side in reading.sides if not any(each.weight for each in _of(side, seen)))
    score = 0.0 if missing else round(weigh(reading), 3)
    return Judgement(
        topic=topic.id,
        relevance=_relevance(score, topic),
        score=score,
        matches=tuple(each.match for each in seen if each.match.side in reading.sides),
        missing=missing,
        why=_why(score, missing, seen, reading.sides),
    )


def _of(side: str, seen: Sequence[Sighting]) -> list[Sighting]:
    return [each for each in seen if each.match.side == side]


def _relevance(score: float, topic: Topic) -> Relevance:
    if score >= topic.thresholds.relevant:
        return Relevance.RELEVANT
    return Relevance.BORDERLINE if score >= topic.thresholds.borderline else Relevance.IRRELEVANT


def _why(score: float, missing: Sequence[str], seen: Sequence[Sighting], sides: Sequence[str]) -> str:
    """One line for people: the best evidence of each side, or the sides that are missing."""
    if missing:
        return f"no {' and no '.join(missing)}"
    best = [max(_of(side, seen), key=lambda each: each.weight) for side in sides]
    found = ", ".join(f"{each.match.side} “{each.match.text}” ({each.match.where})" for each in best)
    against = [each.match.text for each in (*_of(RIVAL, seen), *_of(OTHER, seen)) if each.weight]
    named = ", ".join(list(dict.fromkeys(against))[:_NAMED])
    return f"{found}; score {score:.2f}" + (f"; against it: {named}" if named else "")
