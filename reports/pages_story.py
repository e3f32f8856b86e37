"""What the page of a story shows: all accounts of an event in the words of one language. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from babel.dates import get_timezone_location

from reports.bidi import direction, typeset, without_marks
from reports.extract import extract, shorten
from reports.links import safe_link
from reports.wording import Wording
from storage.model import ArchivedArticle, Entity, Source, Story

TITLE = 220  # characters of a headline: more is a page's mistake
CHIPS = 16
_NOT_CHIPS = ("place", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One account as the reader sees it."""

    id: int
    title: str
    language: str
    dir: str
    language_name: str
    outlet: str
    url: str
    moment: str  # ISO 8601
    when: str
    is_revised: bool
    is_removed: bool
    copies: tuple["Told", ...] = ()
    n_copies: str = ""
    has_page: bool = False  # whether its stored page may be had


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryShown:
    """An event as the reader sees it."""

    title: str
    language: str
    dir: str
    extract: str
    further: tuple[Told, ...]  # headlines in other languages
    first: str
    last: str
    reach: str
    chips: tuple[str, ...]
    accounts: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How what a story names is called, and whose clock is shown."""

    words: Wording
    zone: tzinfo
    entities: Mapping[str, Entity]
    sources: Mapping[str, Source]

    @property
    def clock(self) -> str:
        """Whose hours are told: a city."""
        return get_timezone_location(self.zone, self.words.locale, return_city=True)


def show_story(story: Story, names: Names, sentences: int, kept: Collection[int] = ()) -> StoryShown:
    """A story in the words of a language, its accounts in order of time, copies under the one they copy.

    sentences: of the extract. kept: ids of the articles whose stored page may be had.
    """
    words = names.words
    leads = _leads(story)
    own = leads.get(words.language, story.lead)
    article = own.article
    outlets = words.count("n_reach", len(story.outlets))
    tongues = words.count("n_tongues", len(story.languages))
    return StoryShown(
        title=_clean(article.title, article.language),
        language=article.language,
        dir=direction(article.language),
        extract=typeset(without_marks(extract(article.text, sentences)), article.language),
        further=tuple(_told(each, names) for each in leads.values() if each.id != own.id),
        first=_moment(story.first, names),
        last=_moment(story.last, names) if story.last != story.first else "",
        reach=f"{outlets} · {tongues}",
        chips=_chips(story.entities, names),
        accounts=tuple(_with_copies(story, each, names, kept) for each in _heads(story)),
    )


def _leads(story: Story) -> dict[str, ArchivedArticle]:
    """Of each language its first own account, the lead's language first."""
    found: dict[str, ArchivedArticle] = {}
    for each in (story.lead, *story.originals, *story.articles):
        found.setdefault(each.article.language, each)
    return found


def _heads(story: Story) -> list[ArchivedArticle]:
    """Those whose account is told at length: nobody's copy, or of something that is elsewhere."""
    here = {each.id for each in story.originals}
    return [each for each in _in_time(story.articles) if each.copy_of not in here]


def _in_time(found: Iterable[ArchivedArticle]) -> list[ArchivedArticle]:
    return sorted(found, key=lambda each: (each.when, each.id))


def _with_copies(story: Story, head: ArchivedArticle, names: Names, kept: Collection[int]) -> Told:
    copies = tuple(_told(each, names) for each in _in_time(story.articles) if each.copy_of == head.id)
    said = names.words.count("n_copies", len(copies)) if copies else ""
    return replace(_told(head, names), copies=copies, n_copies=said, has_page=head.id in kept)


def _told(each: ArchivedArticle, names: Names) -> Told:
    article = each.article
    source = names.sources.get(article.source)
    return Told(
        id=each.id,
        title=_clean(article.title, article.language),
        language=article.language,
        dir=direction(article.language),
        language_name=names.words.language_name(article.language),
        outlet=_clean(source.name if source else article.source, ""),
        url=safe_link(article.url),
        moment=each.when.isoformat(),
        when=_moment(each.when, names),
        is_revised=each.revised is not None,
        is_removed=each.removed is not None,
    )


def _moment(moment: datetime, names: Names) -> str:
    here = moment.astimezone(names.zone)
    return f"{names.words.day(here.date(), year=True)}{names.words.say('comma')} {here:%H:%M}"


def _chips(ids: Iterable[str], names: Names) -> tuple[str, ...]:
    known = (names.entities[each] for each in ids if each in names.entities)
    told = [names.words.label(each.labels, each.id) for each in known if each.kind not in _NOT_CHIPS]
    return tuple(dict.fromkeys(told))[:CHIPS]


def _clean(text: str, language: str) -> str:
    return typeset(without_marks(shorten(" ".join(text.split()), TITLE)), language)
