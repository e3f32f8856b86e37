"""A digest in the words of one language: what the HTML and the text both show. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from reports.bidi import direction, isolate
from reports.contents import Digest, Headline, Item, Origin, Silence, Telling
from reports.itself import edition, sentence, subject, why
from reports.links import Site
from reports.numbers import Numbers, numbers
from reports.reasons import evidence, reason
from reports.wording import Wording, capital, clean

NAMED = 12  # sources of one trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where a story can be read."""

    name: str
    url: str
    language: str  # ISO 639-1
    note: str  # its language where it is not the reader's, and whether it is a copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """What a story goes on from; title in the language of its article."""

    title: str
    language: str
    dir: str
    url: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A page of ours."""

    text: str  # says where it leads
    url: str


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
    more: str  # how many others told or copied it
    reason: str
    origins: tuple[Onward, ...]
    pages: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """The whole digest as the reader sees it."""

    subject: str
    topic: str
    edition: str  # week and days
    sentence: str  # the whole period in one
    is_alert: bool  # of the one story at the top
    badge: str  # what kind of mail it is; empty: the usual digest
    top: tuple[Told, ...]
    developments: tuple[Told, ...]
    further: tuple[Told, ...]
    to_check: tuple[Told, ...]
    numbers: Numbers | None
    silences: str  # how many sources are watched, and which gave nothing; empty: all did
    pages: str
    left_out: str  # how many stories are left out for length; empty: none
    why: str  # which series the reader gets
    browser: str  # the address of the issue; empty: there is no page of it
    leave: str  # where the reader's own address to leave at comes; empty: no page for it


def put_in_words(digest: Digest, words: Wording, site: Site, left_out: int = 0, leave: str = "") -> Worded:
    """The digest in the words of a language; `left_out` stories are said to be missing."""

    def listed(items: Iterable[Item]) -> tuple[Told, ...]:
        return tuple(_told(item, words, site) for item in items)

    return Worded(
        subject=subject(digest, words),
        topic=words.label(digest.topic.labels, digest.topic.id),
        edition=edition(digest, words),
        sentence=sentence(digest, words),
        is_alert=digest.is_alert,
        badge=words.say("developed" if digest.developed else "alerted") if digest.is_alert else "",
        top=tuple(
            _told(item, words, site, evidence(item.headline_in(words.language), digest.topic, words))
            for item in digest.top
        ),
        developments=listed(digest.developments),
        further=listed(digest.further),
        to_check=tuple(
            _told(item, words, site, reason(item.headline_in(words.language), digest.topic, words))
            for item in digest.to_check
        ),
        numbers=None if digest.is_alert else numbers(digest, words),
        silences="" if digest.is_alert else _silences(digest, words),
        pages="" if digest.is_alert else _pages(digest, words),
        left_out=words.say("left_out", n=words.number(left_out)) if left_out else "",
        why=why(digest, words),
        browser=site.issue(digest.series.id, digest.period.name),
        leave=leave,
    )


def _told(item: Item, words: Wording, site: Site, reason: str = "") -> Told:
    chosen = item.headline_in(words.language)
    return Told(
        title=clean(chosen.title, chosen.language),
        language=chosen.language,
        dir=direction(chosen.language),
        url=chosen.url,
        extract=clean(chosen.extract, chosen.language),
        when=_when(item, words),
        place=clean(chosen.place, chosen.language),
        reach=_reach(item, words),
        chips=tuple(words.label(each.labels, each.id) for each in item.chips),
        outlets=tuple(_outlet(each, words) for each in item.tellings),
        more=_more(item, words),
        reason=reason,
        origins=tuple(_onward(each, item, words, site) for each in item.origins),
        pages=_links(item, chosen, words, site),
    )


def _more(item: Item, words: Wording) -> str:
    folded = (("n_more", item.more), ("n_copies", item.copies))
    return f"{words.say('comma')} ".join(words.count(key, number) for key, number in folded if number)


def _onward(origin: Origin, item: Item, words: Wording, site: Site) -> Onward:
    chosen = next((each for each in origin.headlines if each[0] == words.language), origin.headlines[0])
    language, title, url = chosen
    return Onward(
        title=clean(title, language),
        language=language,
        dir=direction(language),
        url=site.story(origin.story) or url,
        day=words.day(origin.day, year=origin.day.year != item.last.year).replace(" ", "\u00a0"),
    )


def _links(item: Item, chosen: Headline, words: Wording, site: Site) -> tuple[PageLink, ...]:
    stored = site.snapshot(chosen.article) if chosen.article else ""
    pages = (("accounts", site.story(item.story)), ("stored", stored))
    return tuple(PageLink(text=words.say(key), url=url) for key, url in pages if url)


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
    language = "" if telling.language == words.language else words.language_name(telling.language)
    copied = words.say("copied") if telling.copied else ""
    return Outlet(
        name=clean(telling.source, ""),
        url=telling.url,
        language=telling.language,
        note=f"{words.say('comma')} ".join(filter(None, (language, copied))),
    )


def _silences(digest: Digest, words: Wording) -> str:
    parts = [words.count("n_watched", digest.watched)]
    for trouble, silences in groupby(digest.silences, key=lambda each: each.trouble):
        parts.append(words.say(trouble.value, names=words.listed(_names(silences, words))))
    return words.say("semicolon").join(parts) + "." if digest.silences else ""


def _names(silences: Iterable[Silence], words: Wording) -> list[str]:
    """Names for people; those over the limit are a number."""
    named = [isolate(clean(each.source, ""), words.dir) for each in silences]
    more = [words.count("n_more_sources", len(named) - NAMED)] if len(named) > NAMED else []
    return named[:NAMED] + more


def _pages(digest: Digest, words: Wording) -> str:
    counts = digest.counts
    if not counts.fetched:
        return ""
    return words.say(
        "pages", fetched=words.count("n_pages", counts.fetched), kept=words.count("n_kept", counts.kept)
    )
