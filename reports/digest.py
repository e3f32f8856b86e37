"""build_digest: what the archive remembers of a period becomes a digest. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from reports.contents import Counts, Digest, Headline, Item, Period, Silence, Telling, Trouble
from reports.extract import extract, shorten
from reports.importance import Importance, weigh
from reports.links import safe_link
from storage.model import (
    ArchivedArticle,
    Entity,
    Judgement,
    Source,
    SourceHealth,
    Standing,
    State,
    Story,
    Topic,
)

TITLE = 220  # characters of a headline: more is a page's mistake
PLACE = 60
CHIPS = 4
TELLINGS = 6
CENTRAL = 3
_TELLING_KINDS = {
    "case": 0,
    "person": 0,
    "operation": 1,
    "service": 2,
    "office": 3,
}  # the most particular first


def build_digest(
    stories: Iterable[Story],
    borderline: Iterable[Story] = (),
    *,
    topic: Topic,
    period: Period,
    zone: tzinfo,
    entities: Iterable[Entity] = (),
    sources: Iterable[Source] = (),
    health: Sequence[SourceHealth] = (),
    standings: Iterable[Standing] = (),
    counts: Counts | None = None,
    top: int = 5,
    sentences: int = 2,
    minimum: float = 0,
) -> Digest:
    """The digest of a period, most important stories first, the same whatever the order of the input.

    stories, borderline: with articles of that verdict only; a story given in both stands among the first.
    entities, sources: of the archive; an unknown entity is left out, an unknown source goes by its id.
    health: of the sources to be watched; standings: how they stand. counts: of the crawls, None: not shown.
    top: how many stories get an extract of `sentences` sentences (0: none). zone: whose days are shown.
    minimum: points of importance that a story needs.
    """
    view = _View(
        topic,
        period,
        zone,
        {each.id: each for each in entities},
        {each.id: each for each in sources},
        minimum,
    )
    told = view.by_importance(stories)
    unsure = view.by_importance(borderline, but=told)
    return Digest(
        topic=topic,
        period=period,
        zone=zone,
        top=tuple(view.item(story, sentences) for story in told[:top]),
        further=tuple(view.item(story) for story in told[top:]),
        to_check=tuple(view.item(story) for story in unsure),
        central=view.central(told),
        silences=tuple(view.silences(health, standings, period)),
        watched=len(health),
        counts=counts or Counts(),
        stories=len(told),
        outlets=len({outlet for story in told for outlet in story.outlets}),
        languages=len({language for story in told for language in story.languages}),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What is needed to show a story: the topic, the period, whose days, and the names by id."""

    topic: Topic
    period: Period
    zone: tzinfo
    entities: Mapping[str, Entity]
    sources: Mapping[str, Source]
    minimum: float

    def by_importance(self, stories: Iterable[Story], but: Iterable[Story] = ()) -> list[Story]:
        """The most important first, those that are important enough."""
        elsewhere = {story.id for story in but}
        enough = (story for story in stories if self._weigh(story).weight >= self.minimum)
        return sorted(
            (story for story in enough if story.id not in elsewhere),
            key=lambda story: (-self._weigh(story).weight, -story.last.timestamp(), story.id),
        )

    def _weigh(self, story: Story) -> Importance:
        return weigh(story, now=self.period.until, topic=self.topic.id, sources=self.sources)

    def item(self, story: Story, sentences: int = 0) -> Item:
        tellings = self._tellings(story)
        return Item(
            story=story.id,
            headlines=self._headlines(story, sentences),
            first=story.first.astimezone(self.zone).date(),
            last=story.last.astimezone(self.zone).date(),
            chips=self._chips(story),
            tellings=tellings,
            more=len(story.outlets) - len(tellings),
            importance=self._weigh(story),
        )

    def _evidence(self, judgement: Judgement) -> tuple[tuple[str, str], ...]:
        """For each side the words that count for it, those of the title before others.

        A matter is told by words rather than by the names of those who deal with it.
        """
        matters = {side.id for side in self.topic.sides if not side.country}
        counted = [match for match in judgement.matches if not match.suppressed]
        counted.sort(key=lambda match: (bool(match.entity) and match.side in matters, match.where != "title"))
        firsts = {match.side: shorten(match.text, PLACE) for match in reversed(counted)}
        return tuple((side.id, firsts[side.id]) for side in self.topic.sides if side.id in firsts)

    def central(self, stories: Iterable[Story]) -> tuple[Entity, ...]:
        """The people the stories name most, the more important story deciding between equals."""
        people = (each for story in stories for each in self._named(story) if each.kind in ("person", "case"))
        named = Counter(each.id for each in people)
        return tuple(self.entities[each] for each, _ in named.most_common(CENTRAL))

    def silences(
        self, health: Iterable[SourceHealth], standings: Iterable[Standing], period: Period
    ) -> Iterable[Silence]:
        """The sources in trouble, by trouble, name and id."""
        judged = {each.source: each.state for each in standings}
        troubles = {each.source: _trouble(each, judged.get(each.source), period) for each in health}
        ranks = {trouble: rank for rank, trouble in enumerate(Trouble)}
        found = [(trouble, source) for source, trouble in troubles.items() if trouble]
        for trouble, id_ in sorted(found, key=lambda one: (ranks[one[0]], self._name(one[1]), one[1])):
            source = self.sources.get(id_)
            language = source.language if source else ""
            yield Silence(source=self._name(id_), trouble=trouble, language=language)

    def _headlines(self, story: Story, sentences: int) -> tuple[Headline, ...]:
        ordered = (story.lead, *story.originals, *story.articles)
        firsts = {each.article.language: each for each in reversed(ordered)}
        languages = dict.fromkeys(each.article.language for each in ordered)
        return tuple(self._headline(firsts[language], sentences) for language in languages)

    def _headline(self, archived: ArchivedArticle, sentences: int) -> Headline:
        article = archived.article
        judged = next((each for each in archived.judgements if each.topic == self.topic.id), None)
        return Headline(
            language=article.language,
            title=shorten(" ".join(article.title.split()), TITLE),
            extract=extract(article.text, sentences),
            source=self._name(article.source),
            url=safe_link(article.url),
            place=shorten(" ".join(article.place.split()), PLACE),
            evidence=self._evidence(judged) if judged else (),
            missing=judged.missing if judged else (),
            doubts=judged.doubts if judged else (),
        )

    def _tellings(self, story: Story) -> tuple[Telling, ...]:
        originals = {each.article.source: each.article for each in reversed((story.lead, *story.originals))}
        ordered = dict.fromkeys(each.article.source for each in (story.lead, *story.originals))
        return tuple(
            Telling(
                source=self._name(source),
                language=originals[source].language,
                url=safe_link(originals[source].url),
            )
            for source in list(ordered)[:TELLINGS]
        )

    def _chips(self, story: Story) -> tuple[Entity, ...]:
        """The names that tell the story from others: people before services, services before offices."""
        return tuple(sorted(self._named(story), key=lambda each: _TELLING_KINDS[each.kind])[:CHIPS])

    def _named(self, story: Story) -> tuple[Entity, ...]:
        found = (self.entities[each] for each in story.entities if each in self.entities)
        return tuple(each for each in found if each.kind in _TELLING_KINDS)

    def _name(self, source: str) -> str:
        return self.sources[source].name if source in self.sources else source


def _trouble(health: SourceHealth, state: State | None, period: Period) -> Trouble | None:
    crawl = health.last_crawl
    if crawl is None or crawl.finished < period.since:
        return Trouble.SILENT if state is not State.BLOCKED else Trouble.BLOCKED
    return Trouble(state.value) if state and state.is_bad else None
