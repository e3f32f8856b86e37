"""What is looked for: topics and the names they know. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from storage.model.phrases import Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """An office (an entity's id) and when it was held: from `since`, up to and including `until`."""

    office: str
    since: date | None = None
    until: date | None = None  # None: still, as far as we know


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A person, office, service, operation or place, under one id in every language and script."""

    id: str
    kind: str  # person | office | service | operation | place | country | case
    country: str  # empty: of no country, or of several
    labels: Mapping[str, str] = field(hash=False)  # language -> how we write it
    names: tuple[str, ...]  # every spelling seen, labels included
    adjectives: tuple[str, ...] = ()  # of a country: French, مغربي
    exact: tuple[str, ...] = ()  # names that count in this case only: RAID
    weak: tuple[str, ...] = ()  # names of many: count beside one of `near`, or where a fuller name occurs
    near: tuple[str, ...] = ()  # words that make a weak name certain, if within a few words of it
    parts: tuple[tuple[str, ...], ...] = ()  # names of what lies within it, each with its translations
    tenures: tuple[Tenure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An entity named in a text: `text` as written at [start, end)."""

    entity: str  # id
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What must be present for an article to be of a topic: a state, or a kind of matter."""

    id: str
    labels: Mapping[str, str] = field(hash=False)
    country: str = ""  # every entity of this country fills the side, by its kind
    kinds: Mapping[str, float] = field(default_factory=dict, hash=False)  # kind or `adjective` -> weight
    entities: Mapping[str, float] = field(default_factory=dict, hash=False)  # id -> weight, of any country
    words: tuple[Phrases, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dual:
    """Names that together mean the matter of a topic: one of each of `all` in one or adjoining sentences.

    A name is an entity's id, or `FR service`: every entity of that country and kind. The id of an office also
    names whoever holds it on the day of the article.
    """

    why: str
    all: tuple[tuple[str, ...], ...]
    side: str  # that they fill
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The least score (0 to 1) of an article that is relevant, and of one that is borderline.

    Borderline at least is also an article whose opening names every matter as surely as `matter`, though a
    state is there only by the way, unless it is of another partner or subject.
    """

    relevant: float = 0.6
    borderline: float = 0.3
    matter: float = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Proximity:
    """What counts (0 to 1) of a side that a sentence does not name itself, and of a sentence of the body."""

    next: float = 0.9  # the sentence before or after it names the side
    lead: float = 0.8  # title or lead name it
    body: float = 0.6  # a sentence beyond title and lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What is left of the score (0 to 1) where an article is of the topic only by the way."""

    background: float = 0.55  # a side is neither in title and opening nor in half of the sentences
    role: float = 0.55  # a state is named in roles only: a nationality, an origin, a source
    rival: float = 0.4  # title and lead name another country more often than one of the states
    list: float = 0.4  # of a sentence that names three other countries, or one of them and not all states


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What an article must be about to be kept: a matter between all its sides, told as the main thing."""

    id: str
    labels: Mapping[str, str] = field(hash=False)  # language -> its name for people
    sides: tuple[Side, ...] = ()
    thresholds: Thresholds = Thresholds()
    proximity: Proximity = Proximity()
    doubts: Doubts = Doubts()
    enabled: bool = True
    duals: tuple[Dual, ...] = ()
    contexts: tuple[Phrases, ...] = ()  # in which words do not count
    others: tuple[Phrases, ...] = ()  # words of other subjects; weight: what is left of the score for each
    asides: tuple[str, ...] = ()  # beginnings of lines that are not article text
    rivals: tuple[str, ...] = ()  # countries that may be the partner instead of one of the sides
