"""A digest in the words of one language: what the HTML and the text both show. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from reports.bidi import direction, isolate, typeset, without_marks
from reports.contents import Digest, Headline, Item, Silence, Telling
from reports.extract import shorten
from reports.links import LEAVE, Site
from reports.reasons import evidence, reason
from reports.wording import Wording, capital
from storage.model import Entity

SUBJECT_HEADLINE = 90  # characters
NAMED = 12  # sources of one trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where a story can be read."""

    name: str
    url: str
    language: str  # ISO 639-1
    language_name: str  # in the reader's language; empty: it is the reader's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One story as the reader sees it; title, extract and place in the language of its article."""

    title: str
    language: str
    dir: str
    url: str
    extract: str
    when: str
    place: str
    reach: str  # outlets and languages, that is why it stands here; empty for a single account
    chips: tuple[str, ...]
    outlets: tuple[Outlet, ...]
    more: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """The whole digest as the reader sees it."""

    subject: str
    topic: str
    edition: str  # week and days
    sentence: str  # the whole period in one
    top: tuple[Told, ...]
    further: tuple[Told, ...]
    to_check: tuple[Told, ...]
    silences: str  # how many sources are watched, and which gave nothing; empty: all did
    pages: str
    left_out: str  # how many stories are left out for length; empty: none
    leave: str  # where the reader's own address to leave at comes; empty: no page for it


def put_in_words(digest: Digest, words: Wording, site: Site, left_out: int = 0) -> Worded:
    """The digest in the words of a language; `left_out` stories are said to be missing."""
    return Worded(
        subject=_subject(digest, words),
        topic=words.label(digest.topic.labels, digest.topic.id),
        edition=_edition(digest, words),
        sentence=_sentence(digest, words),
        top=tuple(
            _told(item, words, evidence(_for_reader(item, words), digest.topic, words)) for item in digest.top
        ),
        further=tuple(_told(item, words) for item in digest.further),
        to_check=tuple(
            _told(item, words, reason(_for_reader(item, words), digest.topic, words))
            for item in digest.to_check
        ),
        silences=_silences(digest, words),
        pages=_pages(digest, words),
        left_out=words.say("left_out", n=words.number(left_out)) if left_out else "",
        leave=LEAVE if site.base_url else "",
    )


def _subject(digest: Digest, words: Wording) -> str:
    week = digest.period.week
    first, last = digest.period.days(digest.zone)
    period = words.say("week", week=week) if week else words.span("days", first, last)
    item = next(digest.items(), None)
    if item is None:
        return words.say("subject_empty", period=period)
    chosen = _for_reader(item, words)
    title = shorten(_clean(chosen.title, chosen.language), SUBJECT_HEADLINE)
    return words.say("subject", period=period, headline=isolate(title, words.dir))


def _edition(digest: Digest, words: Wording) -> str:
    first, last = digest.period.days(digest.zone)
    days = words.day(last, year=True) if first == last else words.span("days", first, last, year=True)
    week = digest.period.week
    return capital(words.say("edition", week=words.say("week", week=week), days=days) if week else days)


def _sentence(digest: Digest, words: Wording) -> str:
    if not digest.stories:
        return words.say("empty")
    names = [isolate(_entity(each, words), words.dir) for each in digest.central]
    return words.say(
        "sentence",
        stories=words.count("n_stories", digest.stories),
        outlets=words.count("n_outlets", digest.outlets),
        languages=words.count("n_languages", digest.languages),
        named=words.say("central", names=words.listed(names)) if names else "",
    )


def _told(item: Item, words: Wording, reason: str = "") -> Told:
    chosen = _for_reader(item, words)
    return Told(
        title=_clean(chosen.title, chosen.language),
        language=chosen.language,
        dir=direction(chosen.language),
        url=chosen.url,
        extract=_clean(chosen.extract, chosen.language),
        when=_when(item, words),
        place=_clean(chosen.place, chosen.language),
        reach=_reach(item, words),
        chips=tuple(_entity(each, words) for each in item.chips),
        outlets=tuple(_outlet(each, words) for each in item.tellings),
        more=words.count("n_more", item.more) if item.more else "",
        reason=reason,
    )


def _for_reader(item: Item, words: Wording) -> Headline:
    """The headline in the reader's language if an outlet wrote one, else the lead's."""
    return next((each for each in item.headlines if each.language == words.language), item.headlines[0])


def _when(item: Item, words: Wording) -> str:
    if item.first == item.last:
        return capital(words.day(item.first, weekday=True))
    return capital(words.span("days", item.first, item.last))


def _reach(item: Item, words: Wording) -> str:
    outlets = item.importance.originals + item.importance.copies
    if outlets < 2:
        return ""
    parts = [words.count("n_reach", outlets)]
    if item.importance.languages > 1:
        parts.append(words.count("n_tongues", item.importance.languages))
    return " · ".join(parts)


def _outlet(telling: Telling, words: Wording) -> Outlet:
    own = telling.language == words.language
    return Outlet(
        name=_clean(telling.source, ""),
        url=telling.url,
        language=telling.language,
        language_name="" if own else words.language_name(telling.language),
    )


def _silences(digest: Digest, words: Wording) -> str:
    parts = [words.count("n_watched", digest.watched)]
    for trouble, silences in groupby(digest.silences, key=lambda each: each.trouble):
        parts.append(words.say(trouble.value, names=words.listed(_names(silences, words))))
    return words.say("semicolon").join(parts) + "." if digest.silences else ""


def _names(silences: Iterable[Silence], words: Wording) -> list[str]:
    """Names for people; those over the limit are a number."""
    named = [isolate(_clean(each.source, ""), words.dir) for each in silences]
    more = [words.count("n_more_sources", len(named) - NAMED)] if len(named) > NAMED else []
    return named[:NAMED] + more


def _pages(digest: Digest, words: Wording) -> str:
    counts = digest.counts
    if not counts.fetched:
        return ""
    return words.say(
        "pages", fetched=words.count("n_pages", counts.fetched), kept=words.count("n_kept", counts.kept)
    )


def _entity(entity: Entity, words: Wording) -> str:
    return words.label(entity.labels, entity.id)


def _clean(text: str, language: str) -> str:
    return typeset(without_marks(text), language)
