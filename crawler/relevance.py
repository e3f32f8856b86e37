"""What an article is to a topic: relevant, borderline or irrelevant, with the evidence. Pure."""

from collections.abc import Iterator, Sequence

from crawler.entities import Names
from crawler.judging.duals import duals
from crawler.judging.passages import Passage, passages
from crawler.judging.reading import Reading
from crawler.judging.sightings import Sighting, sightings
from crawler.judging.weighing import Weighed, weigh
from crawler.rules import Rules
from storage.model import Article, Judgement, Quote, Relevance, Topic


def judge(article: Article, rules: Rules) -> tuple[Judgement, ...]:
    """What the article is to each topic, in their order; the same every time.

    Scores are 0 to 1; a topic of which a side is missing scores 0. `matches` are in order of occurrence,
    the suppressed ones with their reason; `quotes` the sentences that made the score, the best first.
    """
    return tuple(_judge(article, topic, rules.names) for topic in rules.topics)


def _judge(article: Article, topic: Topic, names: Names) -> Judgement:
    parts = passages(article, topic.asides)
    seen = sightings(article, topic, names, parts)
    seen += duals(seen, topic, names, article.published.date() if article.published else None)
    reading = Reading(topic, parts, seen)
    missing = tuple(side for side in reading.sides if not _surest(side, seen))
    weighed = Weighed(0.0, (), ()) if missing else weigh(reading)
    score = round(weighed.score, 3)
    return Judgement(
        topic=topic.id,
        relevance=_relevance(score, topic),
        score=score,
        matches=tuple(each.match for each in seen if each.match.side in reading.sides),
        quotes=tuple(_quote(article, parts[number], value) for number, value in weighed.best),
        doubts=weighed.doubts,
        missing=missing,
        why="; ".join(_why(weighed, missing, reading)),
    )


def _quote(article: Article, part: Passage, value: float) -> Quote:
    text = str(getattr(article, part.field))[part.start : part.end]
    return Quote(text=text, where=part.where, start=part.start, end=part.end, score=round(value, 3))


def _surest(side: str, seen: Sequence[Sighting]) -> Sighting | None:
    """The sighting that fills a side best; None if none does."""
    found = [each for each in seen if each.match.side == side and each.weight]
    return max(found, key=lambda each: each.weight, default=None)


def _relevance(score: float, topic: Topic) -> Relevance:
    if score >= topic.thresholds.relevant:
        return Relevance.RELEVANT
    return Relevance.BORDERLINE if score >= topic.thresholds.borderline else Relevance.IRRELEVANT


def _why(weighed: Weighed, missing: Sequence[str], reading: Reading) -> Iterator[str]:
    """What people read in one line: the best evidence of each side, or those missing; score; doubts."""
    if missing:
        yield f"no {' and no '.join(missing)}"
        return
    best = [each.match for each in (_surest(side, reading.seen) for side in reading.sides) if each]
    yield ", ".join(f"{each.side} “{each.text}” ({each.where})" for each in best)
    yield f"score {weighed.score:.2f}" + " for its matter" * weighed.lifted
    yield from dict.fromkeys(each.told("“{}”".format) for each in weighed.doubts)
