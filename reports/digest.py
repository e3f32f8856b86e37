"""build_digest: what the archive remembers of a period becomes a digest. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, tzinfo

from reports.contents import Compared, Counts, Digest, Headline, Item, Period, Silence, Telling, Trouble
from reports.extract import extract, shorten
from reports.importance import Importance, weigh
from reports.links import safe_link
from reports.origins import origins
from storage.model import (
    ArchivedArticle,
    Article,
    Earlier,
    Entity,
    Figures,
    Judgement,
    Schedule,
    Series,
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
    earlier: Mapping[int, tuple[Earlier, ...]] | None = None,
    before: Sequence[tuple[date, Figures]] = (),
    top: int = 5,
    sentences: int = 2,
    stored: Set[int] | None = None,
    series: Series | None = None,
    developed: bool = False,
) -> Digest:
    """The digest of a period, most important stories first, the same whatever the order of the input.

    stories, borderline: with articles of that verdict only; a story given in both stands among the first.
    entities, sources: of the archive; an unknown entity is left out, an unknown source goes by its id.
    health: of the sources to be watched; standings: how they stand. counts: of the crawls, None: not shown.
    earlier: by story, what had been told before the period. before: how much was told in the periods before,
    the oldest first, by their last day. top: how many stories get an extract of `sentences` sentences
    (0: none). zone: whose days are shown. series: that it is an issue of, by default the topic's weekly
    one; a story needs the importance it asks for. developed: an alert of a story that was told before.
    stored: the articles whose page is kept and may be shown; None: all.
    """
    wanted = series or Series(topic=topic.id)
    view = _View(
        topic,
        period,
        zone,
        {each.id: each for each in entities},
        {each.id: each for each in sources},
        earlier or {},
        wanted,
        stored,
    )
    told = view.by_importance(stories)
    unsure = view.by_importance(borderline, but=told)
    rest = tuple(view.item(story) for story in told[top:])
    return Digest(
        topic=topic,
        series=wanted,
        period=period,
        zone=zone,
        top=tuple(view.item(story, sentences) for story in told[:top]),
        developments=tuple(item for item in rest if item.origins),
        further=tuple(item for item in rest if not item.origins),
        to_check=tuple(view.item(story) for story in unsure),
        central=view.central(told),
        silences=tuple(view.silences(health, standings, period)),
        watched=len(health),
        counts=counts or Counts(),
        stories=len(told),
        outlets=len({outlet for story in told for outlet in story.outlets}),
        languages=len({language for story in told for language in story.languages}),
        compared=Compared(now=_figures(told), before=tuple(before)) if before else None,
        developed=developed,
    )


def _figures(told: Sequence[Story]) -> Figures:
    return Figures(stories=len(told), accounts=sum(len(story.articles) for story in told))


@dataclass(frozen=True, slots=True)
class _View:
    """What is needed to show a story: the topic, the period, whose days, the names by id, what was before."""

    topic: Topic
    period: Period
    zone: tzinfo
    entities: Mapping[str, Entity]
    sources: Mapping[str, Source]
    earlier: Mapping[int, tuple[Earlier, ...]]
    series: Series
    stored: Set[int] | None

    def by_importance(self, stories: Iterable[Story], but: Iterable[Story] = ()) -> list[Story]:
        """The most important first, those that are important enough."""
        elsewhere = {story.id for story in but}
        enough = (story for story in stories if self._weigh(story).weight >= self.series.minimum)
        return sorted(
            (story for story in enough if story.id not in elsewhere),
            key=lambda story: (-self._weigh(story).weight, -story.last.timestamp(), story.id),
        )

    def _weigh(self, story: Story) -> Importance:
        return weigh(story, now=self.period.until, topic=self.topic.id, sources=self.sources)

    def item(self, story: Story, sentences: int = 0) -> Item:
        own, copied = self._own(story), self._copied(story)
        alert = self.series.schedule is Schedule.INSTANT  # which folds nothing away
        shown = [*own, *copied] if alert else own[:TELLINGS] or copied[:1]
        return Item(
            story=story.id,
            headlines=self._headlines(story, sentences),
            first=story.first.astimezone(self.zone).date(),
            last=story.last.astimezone(self.zone).date(),
            chips=self._chips(story),
            tellings=tuple(shown),
            more=len([each for each in own if each not in shown]),
            copies=len([each for each in copied if each not in shown]),
            importance=self._weigh(story),
            origins=origins(story, self.earlier, self.zone),
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
            article=archived.id if self.stored is None or archived.id in self.stored else 0,
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

    def _own(self, story: Story) -> list[Telling]:
        """The outlets with an account of their own: neither copied nor re-posted."""
        own = (each for each in (story.lead, *story.originals) if each.copy_of is None and not each.reposts)
        return [self._telling(each.article) for each in _first_of_outlets(own)]

    def _copied(self, story: Story) -> list[Telling]:
        """The other outlets, in order of first account."""
        own = {each.article.source for each in story.originals if not each.reposts}
        others = (each for each in (story.lead, *story.articles) if each.article.source not in own)
        return [self._telling(each.article, copied=True) for each in _first_of_outlets(others)]

    def _telling(self, article: Article, *, copied: bool = False) -> Telling:
        return Telling(
            source=self._name(article.source),
            language=article.language,
            url=safe_link(article.url),
            copied=copied,
        )

    def _chips(self, story: Story) -> tuple[Entity, ...]:
        """The names that tell the story from others: people before services, services before offices."""
        return tuple(sorted(self._named(story), key=lambda each: _TELLING_KINDS[each.kind])[:CHIPS])

    def _named(self, story: Story) -> tuple[Entity, ...]:
        found = (self.entities[each] for each in story.entities if each in self.entities)
        return tuple(each for each in found if each.kind in _TELLING_KINDS)

    def _name(self, source: str) -> str:
        return self.sources[source].name if source in self.sources else source


def _first_of_outlets(accounts: Iterable[ArchivedArticle]) -> list[ArchivedArticle]:
    """The first account of each outlet, in their order."""
    found: dict[str, ArchivedArticle] = {}
    for each in accounts:
        found.setdefault(each.article.source, each)
    return list(found.values())


def _trouble(health: SourceHealth, state: State | None, period: Period) -> Trouble | None:
    crawl = health.last_crawl
    if crawl is None or crawl.finished < period.since:
        return Trouble.SILENT if state is not State.BLOCKED else Trouble.BLOCKED
    return Trouble(state.value) if state and state.is_bad else None
